"""In front of a machine: its picture is scanned, something is chosen, and drops."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from minqing.core import clock
from minqing.core.errors import DomainError, TwoTexts
from minqing.doorstep.access import resident_page, unknown
from minqing.doorstep.access.known import known, way_to_show
from minqing.doorstep.forms import IdentityForm
from minqing.machines import queries
from minqing.machines.enums import BUSY, State
from minqing.machines.forms import ChooseForm
from minqing.machines.models import Machine
from minqing.machines.queries import purses
from minqing.points.queries import balance_of
from minqing.privacy.access import acting_as


@resident_page()
@require_safe
def scan(request: HttpRequest, code: str, picture: str) -> HttpResponse:
    """What the picture on the screen opens: first who one is, then what there is."""
    machine = queries.machine_by_code(code)
    if machine is None:
        return unknown(request)
    period = period_of(request, machine, picture)
    if period is None:
        return render(request, "machines/again.html", {"machine": machine}, status=410)
    return machine_page(request, machine, picture, period, choice=request.GET.get("slot", ""))


def period_of(request: HttpRequest, machine: Machine, picture: str) -> int | None:
    """Of a picture that is on the screen now, or of one that this phone has scanned a short while ago."""
    mark = request.POST.get("mark", "") or request.GET.get("mark", "")
    return queries.period_shown(machine, picture, clock.now()) or purses.period_seen(machine, mark)


def address_of(machine: Machine, picture: str, period: int) -> str:
    there = reverse("machines:scan", args=[machine.code, picture])
    return f"{there}?mark={purses.seen_mark(machine, period)}"


def machine_page(
    request: HttpRequest,
    machine: Machine,
    picture: str,
    period: int,
    *,
    choice: str = "",
    error: object = "",
    status: int = 200,
) -> HttpResponse:
    one = known(request)
    account = purses.account_of(one)
    slots = list(queries.slots_of(machine))
    chosen = next((one for one in slots if str(one.number) == choice), None)
    mark = purses.seen_mark(machine, period)
    context = {
        "machine": machine,
        "picture": picture,
        "mark": mark,
        "known": one,
        "form": None if one else IdentityForm(plate=True),
        "showing": way_to_show(),
        "here": address_of(machine, picture, period),
        "balance": balance_of(account).available if account else 0,
        "slots": slots,
        "chosen": chosen,
        "choose": ChooseForm(initial={"number": chosen.number, "price": chosen.price, "mark": mark})
        if chosen
        else None,
        # of people who are made up anybody may know everything
        "made_up": None if one or not settings.DEMO else purses.made_up(machine),
        "there": queries.is_online(machine) and not machine.locked_at,
        "error": error,
    }
    return render(request, "machines/scan.html", context, status=status)


@resident_page()
@require_POST
def choose(request: HttpRequest, code: str, picture: str) -> HttpResponse:
    """The one write: points and piece are held, and the machine is told at its next turn."""
    machine = queries.machine_by_code(code)
    if machine is None:
        return unknown(request)
    period, form = period_of(request, machine, picture), ChooseForm(request.POST)
    one = known(request)
    account = purses.account_of(one)
    if period is None:
        return render(request, "machines/again.html", {"machine": machine}, status=410)
    if one is None or account is None or not form.is_valid():
        return machine_page(request, machine, picture, period, status=422)
    try:
        with acting_as(one.actor) as by:
            made = form.apply(machine=machine, period=period, account=account, by=by)
    except TwoTexts:
        raise
    except DomainError as error:
        return machine_page(request, machine, picture, period, error=error.sentence, status=error.http_status)
    return redirect("machines:vend", code=machine.code, vend_id=made.pk)


@resident_page()
@require_safe
def vend(request: HttpRequest, code: str, vend_id: UUID) -> HttpResponse:
    """How it goes. The page asks again by itself until it is known."""
    row = queries.vend_by_id(vend_id)
    if row is None or row.machine.code != code.upper():
        return unknown(request)
    own = purses.account_of(known(request)) == row.account_id
    state = State(row.state)
    context = {
        "row": row,
        "state": state.value,
        "waits": state in BUSY,
        "own": own,
        "balance": balance_of(row.account_id).available if own else 0,
    }
    return render(request, "machines/vend.html", context)

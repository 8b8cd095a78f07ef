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
from minqing.machines.queries.purses import Scan
from minqing.points.queries.people import payer_with
from minqing.points.services import own_account
from minqing.privacy.access import acting_as


@resident_page()
@require_safe
def scan(request: HttpRequest, code: str, picture: str) -> HttpResponse:
    """What the picture on the screen opens: first who one is, then what there is."""
    machine = queries.machine_by_code(code)
    if machine is None:
        return unknown(request)
    found = scan_of(request, machine, picture)
    if found is None:
        return render(request, "machines/again.html", {"machine": machine}, status=410)
    return machine_page(request, machine, picture, found, choice=request.GET.get("slot", ""))


def scan_of(request: HttpRequest, machine: Machine, picture: str) -> Scan | None:
    """Of one that this phone has scanned a short while ago, or of a picture that is on the screen now."""
    mark = request.POST.get("mark", "") or request.GET.get("mark", "")
    if before := purses.scanned_before(machine, mark):
        return before
    period = queries.period_shown(machine, picture, clock.now())
    return None if period is None else purses.scanned(machine, period)


def address_of(machine: Machine, picture: str, mark: str) -> str:
    return f"{reverse('machines:scan', args=[machine.code, picture])}?mark={mark}"


def machine_page(
    request: HttpRequest,
    machine: Machine,
    picture: str,
    found: Scan,
    *,
    choice: str = "",
    error: object = "",
    status: int = 200,
) -> HttpResponse:
    one = known(request)
    payers = purses.payers(one)
    slots = list(queries.slots_of(machine))
    chosen = next((one for one in slots if str(one.number) == choice), None)
    context = {
        "machine": machine,
        "picture": picture,
        "mark": found.mark,
        "known": one,
        "form": None if one else IdentityForm(plate=True),
        "showing": way_to_show(),
        "here": address_of(machine, picture, found.mark),
        "payers": payers,
        "payer": payer_with(payers, chosen.price) if chosen else None,
        "slots": slots,
        "chosen": chosen,
        "choose": ChooseForm(initial={"number": chosen.number, "price": chosen.price, "mark": found.mark})
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
    found, form = scan_of(request, machine, picture), ChooseForm(request.POST)
    one = known(request)
    payers = purses.payers(one)
    if found is None:
        return render(request, "machines/again.html", {"machine": machine}, status=410)
    if one is None or not payers or not form.is_valid():
        return machine_page(request, machine, picture, found, status=422)
    # who has enough in neither is told so by the ledger
    payer = payer_with(payers, form.cleaned_data["price"]) or payers[0]
    try:
        # stands for them by a month's limit, also where the household's pays before they were ever thanked themselves
        person = own_account(resident=one.resident, by=one.actor)
        with acting_as(one.actor) as by:
            made = form.apply(machine=machine, period=found.period, account=payer.account, person=person, by=by)
    except TwoTexts:
        raise
    except DomainError as error:
        return machine_page(request, machine, picture, found, error=error.sentence, status=error.http_status)
    return redirect("machines:vend", code=machine.code, vend_id=made.pk)


@resident_page()
@require_safe
def vend(request: HttpRequest, code: str, vend_id: UUID) -> HttpResponse:
    """How it goes. The page asks again by itself until it is known."""
    row = queries.vend_by_id(vend_id)
    if row is None or row.machine.code != code.upper():
        return unknown(request)
    own = next((one for one in purses.payers(known(request)) if one.account == row.account_id), None)
    state = State(row.state)
    context = {
        "row": row,
        "state": state.value,
        "waits": state in BUSY,
        "own": own,
    }
    return render(request, "machines/vend.html", context)

"""In front of a machine: its picture is scanned, something is chosen, and drops."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core import clock
from minqing.core.characters import clean
from minqing.core.errors import DomainError, TwoTexts
from minqing.doorstep.access import by_address, resident_page, unknown
from minqing.doorstep.queries import plate_key
from minqing.machines import queries
from minqing.machines.enums import BUSY, State
from minqing.machines.forms import ChooseForm, PurseForm
from minqing.machines.models import Machine
from minqing.machines.queries import purses
from minqing.machines.queries.purses import REMEMBERED, Purse
from minqing.machines.rules import CHOOSING, PROVE_BY_ADDRESS, PROVE_BY_PLATE
from minqing.points.queries import balance_of
from minqing.privacy.access import acting_as

COOKIE = "machine_purse"
WRONG = _(
    "Plate and figures do not fit together, or there are no points yet. Look again, or ask your village committee."
)


def plate_tried(request: HttpRequest, kwargs: Any) -> str:
    return plate_key(clean(request.POST.get("number", "")))


@resident_page(guesses=[(PROVE_BY_PLATE, plate_tried), (PROVE_BY_ADDRESS, by_address)])
def scan(request: Any, code: str, picture: str) -> HttpResponse:
    """What the picture on the screen opens: first who one is, then what there is."""
    machine = queries.machine_by_code(code)
    if machine is None:
        return unknown(request)
    period = period_of(request, machine, picture)
    if period is None:
        return render(request, "machines/again.html", {"machine": machine}, status=410)
    if request.method != "POST":
        return shown(request, machine, picture, period, choice=request.GET.get("slot", ""))
    form, status = PurseForm(request.POST), 422
    if not request.allowed:
        form.add_error(None, _("That was too often. Wait half an hour, or call your village committee."))
        status = 429
    elif form.is_valid():
        data = form.cleaned_data
        purse = purses.purse_of(plate=data["number"], check=data["check_code"], figures=data["figures"])
        if purse is not None:
            there = address_of(machine, picture, period)
            return remembered(there, purse, long=data["remember"], secure=request.is_secure())
        request.guessed = True
        form.add_error(None, WRONG)
    return shown(request, machine, picture, period, form=form, status=status)


def period_of(request: HttpRequest, machine: Machine, picture: str) -> int | None:
    """Of a picture that is on the screen now, or of one that this phone has scanned a short while ago."""
    mark = request.POST.get("mark", "") or request.GET.get("mark", "")
    return queries.period_shown(machine, picture, clock.now()) or purses.period_seen(machine, mark)


def address_of(machine: Machine, picture: str, period: int) -> str:
    there = reverse("machines:scan", args=[machine.code, picture])
    return f"{there}?mark={purses.seen_mark(machine, period)}"


def remembered(there: str, purse: Purse, *, long: bool, secure: bool) -> HttpResponse:
    response = redirect(there)
    age = int((REMEMBERED if long else CHOOSING).total_seconds())
    cookie: dict[str, Any] = {"httponly": True, "samesite": "Lax", "path": "/v/"}
    response.set_cookie(COOKIE, purses.as_cookie(purse), max_age=age, secure=secure, **cookie)
    return response


def shown(
    request: HttpRequest,
    machine: Machine,
    picture: str,
    period: int,
    *,
    form: PurseForm | None = None,
    choice: str = "",
    error: object = "",
    status: int = 200,
) -> HttpResponse:
    purse = purses.purse_in(request.COOKIES.get(COOKIE, ""))
    slots = list(queries.slots_of(machine))
    chosen = next((one for one in slots if str(one.number) == choice), None)
    mark = purses.seen_mark(machine, period)
    context = {
        "machine": machine,
        "picture": picture,
        "mark": mark,
        "form": form or PurseForm(),
        "proved": purse is not None,
        "balance": balance_of(purse.account).available if purse else 0,
        "slots": slots,
        "chosen": chosen,
        "choose": ChooseForm(initial={"number": chosen.number, "mark": mark}) if chosen else None,
        # of people who are made up anybody may know everything
        "made_up": purses.made_up(machine) if settings.DEMO and purse is None else None,
        "there": queries.is_online(machine) and not machine.locked_at,
        "error": error,
    }
    return render(request, "machines/scan.html", context, status=status)


@resident_page()
@require_POST
def choose(request: Any, code: str, picture: str) -> HttpResponse:
    """The one write: points and piece are held, and the machine is told at its next turn."""
    machine = queries.machine_by_code(code)
    if machine is None:
        return unknown(request)
    period, form = period_of(request, machine, picture), ChooseForm(request.POST)
    purse = purses.purse_in(request.COOKIES.get(COOKIE, ""))
    if period is None:
        return render(request, "machines/again.html", {"machine": machine}, status=410)
    if purse is None or not form.is_valid():
        return shown(request, machine, picture, period, status=422)
    try:
        with acting_as(purse.actor) as by:
            made = form.apply(machine=machine, period=period, account=purse.account, by=by)
    except TwoTexts:
        raise
    except DomainError as error:
        return shown(request, machine, picture, period, error=error.sentence, status=error.http_status)
    return redirect("machines:vend", code=machine.code, vend_id=made.pk)


@resident_page()
@require_safe
def vend(request: HttpRequest, code: str, vend_id: UUID) -> HttpResponse:
    """How it goes. The page asks again by itself until it is known."""
    row = queries.vend_by_id(vend_id)
    if row is None or row.machine.code != code.upper():
        return unknown(request)
    purse = purses.purse_in(request.COOKIES.get(COOKIE, ""))
    own = purse is not None and purse.account == row.account_id
    state = State(row.state)
    context = {
        "row": row,
        "state": state.value,
        "waits": state in BUSY,
        "own": own,
        "balance": balance_of(row.account_id).available if own else 0,
    }
    return render(request, "machines/vend.html", context)

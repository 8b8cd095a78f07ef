"""Behind the code at a door: services for points, a time for oneself, and one's own bookings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from minqing.bookings import queries, services
from minqing.bookings.enums import State
from minqing.bookings.forms.bookings import TimeForm, WaitForm, moment_in, written
from minqing.bookings.forms.moves import OWN_MOVES, RateForm, rate_form
from minqing.bookings.models import Booking
from minqing.bookings.queries.providers import offered_in, service_in, terms
from minqing.bookings.queries.times import days_of
from minqing.bookings.rules import BOOK_BY_ADDRESS, BOOK_BY_CODE, may_rate, returned
from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.doorstep.access import DoorRequest, by_address, by_part, resident_page, unknown
from minqing.doorstep.access.known import AtHome, known_at, to_show
from minqing.privacy.access import acting_as
from minqing.web.conflicts import unsaved
from minqing.web.forms import Press
from minqing.web.moves import MoveForm

RATES = [(BOOK_BY_CODE, by_part("token")), (BOOK_BY_ADDRESS, by_address)]


def known_or(request: HttpRequest, token: str) -> AtHome | HttpResponse:
    """Who has shown who they are; others are sent there, or told that the door is unknown."""
    known = known_at(request, token)
    if known is None:
        return unknown(request)
    return known if isinstance(known, AtHome) else to_show(request, token)


def too_often(request: DoorRequest, token: str) -> HttpResponse:
    return render(request, "bookings/too_often.html", {"token": token, "unsaved": unsaved(request)}, status=429)


@resident_page(RATES)
def own(request: DoorRequest, token: str) -> HttpResponse:
    """What can be booked, what one has booked, and what one waits for."""
    known = known_or(request, token)
    if not isinstance(known, AtHome):
        return known
    with acting_as(known.door.actor) as actor:
        rows = queries.of_household(actor, known.door.household_id, resident=known.resident)
    waits = queries.waits_of(known.door.household_id, resident=known.resident)
    context = {
        "known": known,
        "token": token,
        "services": offered_in(known.door.area_id),
        "rows": rows,
        "waits": [(one, Press(f"wait:{one.pk}", one.changed_at)) for one in waits],
    }
    return render(request, "bookings/own.html", context)


@resident_page(RATES)
def times(request: DoorRequest, token: str, service_id: UUID) -> HttpResponse:
    """The free times of a service; with one chosen, what it takes and the button that books it."""
    known = known_or(request, token)
    if not isinstance(known, AtHome):
        return known
    if request.method == "POST" and not request.allowed:
        return too_often(request, token)
    service = service_in(known.door.area_id, service_id)
    days = days_of(service, clock.now())
    chosen = moment_in(request.GET.get("at", ""))
    waits_for = "day" in request.POST
    form = TimeForm(None if waits_for else request.POST or None, initial={"begins": written(chosen) if chosen else ""})
    wait = WaitForm(request.POST if waits_for else None, days=days, auto_id="id_wait_%s")
    if done := sent(known, service, wait if waits_for else form):
        return done
    term = terms()
    context = {
        "known": known,
        "token": token,
        "service": service,
        "days": [(one, [(at, written(at)) for at in one.times]) for one in days],
        "chosen": None if form.is_bound else chosen,
        "form": form,
        "wait": wait,
        "term": term["cancel"],
        "missed": term["missed"],
    }
    return render(request, "bookings/times.html", context, status=422 if request.method == "POST" else 200)


def sent(known: AtHome, service: Any, form: TimeForm | WaitForm) -> HttpResponse | None:
    """Where it leads once it is booked, or once they wait; None where something is wrong, or nothing was sent."""
    if not form.is_valid():
        return None
    whose = {"service": service, "household": known.door.household_id, "resident": known.resident}
    with acting_as(known.door.actor) as actor:
        if isinstance(form, WaitForm):
            return redirect("bookings:own", known.door.token) if form.join(by=actor, **whose) else None
        made = form.book(by=actor, **whose)
    return redirect("bookings:own_booking", known.door.token, made.pk) if made else None


def row_of(known: AtHome, booking_id: UUID) -> Booking:
    row = queries.booking_for(known.door.actor, booking_id)
    if row.resident_id != known.resident:
        raise NotFound("booking")
    return row


@resident_page(RATES)
def booking(request: DoorRequest, token: str, booking_id: UUID) -> HttpResponse:
    """One's own booking: when, where, where it stands, what can be done now."""
    known = known_or(request, token)
    if not isinstance(known, AtHome):
        return known
    with acting_as(known.door.actor):
        return booking_page(request, known, row_of(known, booking_id))


def booking_page(
    request: DoorRequest, known: AtHome, row: Booking, *, move: MoveForm | None = None, rate: RateForm | None = None
) -> HttpResponse:
    """With the form that was sent, if there is something wrong in it."""
    now, token = clock.now(), known.door.token
    rating = rate_form(row, at_door=True) if may_rate(known.door.actor, row.situation) else None
    context = {
        "known": known,
        "token": token,
        "row": row,
        "free": now <= row.free_until,
        "begun": now >= row.begins_at,
        "answer_by": queries.answer_by(row),
        "lost": row.price - returned(row.price, row.missed_share),
        "offers": OWN_MOVES.offers(row, known.door.actor, move),
        "rate": (rate or rating) if rating else None,
        "over": row.state not in {State.OFFERED, State.BOOKED, State.ARRIVED},
    }
    return render(request, "bookings/own_booking.html", context, status=422 if move or rate else 200)


@resident_page(RATES)
def move(request: DoorRequest, token: str, booking_id: UUID, verb: str) -> HttpResponse:
    """One move of one's own booking, or how it was (``rate``); looked at again it leads back to the booking."""
    known = known_or(request, token)
    if not isinstance(known, AtHome):
        return known
    if request.method != "POST":
        return redirect("bookings:own_booking", token, booking_id)
    if not request.allowed:
        return too_often(request, token)
    with acting_as(known.door.actor) as actor:
        row = row_of(known, booking_id)
        if verb == "rate":
            rate = rate_form(row, request.POST, at_door=True)
            if rate.is_valid() and rate.apply(booking=row, by=actor):
                return redirect("bookings:own_booking", token, booking_id)
            may_rate(actor, row.situation).require()
            return booking_page(request, known, row, rate=rate)
        form = OWN_MOVES.form(OWN_MOVES.named(verb), row, actor, request.POST)
        if OWN_MOVES.make(form, row, actor):
            return redirect("bookings:own_booking", token, booking_id)
        return booking_page(request, known, row, move=form)


@resident_page(RATES)
def leave(request: DoorRequest, token: str, wait_id: UUID) -> HttpResponse:
    """They do not wait any more."""
    known = known_or(request, token)
    if not isinstance(known, AtHome):
        return known
    if request.method == "POST" and request.allowed:
        with acting_as(known.door.actor) as actor:
            row = queries.wait_for(actor, wait_id)
            if row.resident_id != known.resident:
                raise NotFound("wait")
            if Press(f"wait:{row.pk}", row.changed_at, data=request.POST).is_new():
                services.leave_waiting(wait=row, by=actor)
    return redirect("bookings:own", token)

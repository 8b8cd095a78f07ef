"""Bookings as the staff see them: the list, one for a household, one booking and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.bookings import queries, services
from minqing.bookings.forms.bookings import BookForm, WaitForm
from minqing.bookings.forms.moves import MOVES, RateForm, rate_form
from minqing.bookings.lists import BOOKINGS
from minqing.bookings.models import Booking
from minqing.bookings.queries.providers import bookable_by, hands_of, offered_in, service_in
from minqing.bookings.queries.times import days_of
from minqing.bookings.rules import HANDS, may_book, may_rate
from minqing.core import clock
from minqing.core.formats import mask_phone
from minqing.households.queries import members_of, search_households, visible_household
from minqing.listing.views import list_page
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.web.forms import Press
from minqing.web.moves import MoveForm
from minqing.web.query_params import asked_id

bookings = list_page(BOOKINGS)


@page(roles=FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """For somebody without a phone: the household, then the service, then who and when."""
    actor, text = request.actor, request.GET.get("text", "")
    if not request.GET.get("household"):
        rows = search_households(actor, text).rows if text else []
        return render(request, "bookings/whom.html", {"text": text, "rows": rows})
    home = visible_household(actor, asked_id(request.GET, "household"))
    if not request.GET.get("service"):
        found = bookable_by(actor, home.area_id)
        acts = len(found) < len(offered_in(home.area_id))
        context = {"household": home, "services": found, "acts": acts, "waits": waits(request, home.pk)}
        return render(request, "bookings/what.html", context)
    service = service_in(home.area_id, asked_id(request.GET, "service"))
    may_book(actor, home.area_id, home.pk, hands_of(service.provider_id)).require()
    return timed(request, home, service)


def waits(request: PageRequest, household: UUID) -> list[tuple[Any, Press]]:
    return [(one, Press(f"wait:{one.pk}", one.changed_at)) for one in queries.waits_of(household)]


def timed(request: PageRequest, home: Any, service: Any) -> HttpResponse:
    """Who and when; or that they wait for a day that is full."""
    actor, days = request.actor, days_of(service, clock.now())
    members = [one for one in members_of(actor, home.pk) if one.lives_here] or list(members_of(actor, home.pk))
    waits_for = "day" in request.POST
    form = BookForm(None if waits_for else request.POST or None, members=members, days=days)
    wait = WaitForm(request.POST if waits_for else None, members=members, days=days, auto_id="id_wait_%s")
    if not waits_for and form.is_valid() and (made := form.apply(service=service, household=home.pk, by=actor)):
        messages.success(request, _("Booked. Tell them the day and the time."))
        return redirect("bookings:detail", made.pk)
    if waits_for and wait.is_valid():
        resident = UUID(wait.cleaned_data["resident"])
        if wait.join(service=service, household=home.pk, resident=resident, by=actor):
            messages.success(request, _("They wait. You are told when a time is free."))
            return redirect(f"{request.path}?household={home.pk}")
    context = {"household": home, "service": service, "form": form, "wait": wait, "days": days}
    return render(request, "bookings/new.html", context, status=422 if request.method == "POST" else 200)


@page(roles=FIELD)
@require_POST
def leave(request: PageRequest, wait_id: UUID) -> HttpResponse:
    """They do not wait any more."""
    row = queries.wait_for(request.actor, wait_id)
    if Press(f"wait:{row.pk}", row.changed_at, data=request.POST).is_new():
        services.leave_waiting(wait=row, by=request.actor)
    return redirect(f"{request.path_info.split('/waits/')[0]}/new?household={row.household_id}")


@page(roles=HANDS)
@require_safe
def detail(request: PageRequest, booking_id: UUID) -> HttpResponse:
    """One booking: for whom, when, where it stands, what can be done now. The journal notes both looks."""
    row = queries.booking_for(request.actor, booking_id)
    shown = request.GET.get("phone") == "show"
    looked(request, "bookings.booking.looked_at", f"booking:{row.pk}", number=row.number, phone=shown)
    return detail_page(request, row, phone=row.phone if shown else "")


def detail_page(
    request: PageRequest,
    row: Booking,
    *,
    move: MoveForm | None = None,
    rate: RateForm | None = None,
    phone: str = "",
) -> HttpResponse:
    """With the form that was sent, if there is something wrong in it; the ``phone`` whole for who asked for it."""
    actor = request.actor
    rating = rate_form(row) if may_rate(actor, row.situation) else None
    context = {
        "row": row,
        "phone": phone,
        "closed_phone": mask_phone(row.phone),
        "answer_by": queries.answer_by(row),
        "claim": queries.claim_of(row),
        "offers": MOVES.offers(row, actor, move),
        "rate": (rate or rating) if rating else None,
        "files": actor.has(*FIELD) and row.area_id in actor.areas,
    }
    return render(request, "bookings/detail.html", context, status=422 if move or rate else 200)


@page(roles=HANDS)
@require_POST
def move(request: PageRequest, booking_id: UUID, verb: str) -> HttpResponse:
    row = queries.booking_for(request.actor, booking_id)
    return MOVES.sent(
        request,
        verb,
        row,
        request.actor,
        done=lambda: redirect("bookings:detail", row.pk),
        again=lambda form: detail_page(request, row, move=form),
    )


@page(roles=FIELD)
@require_POST
def rate(request: PageRequest, booking_id: UUID) -> HttpResponse:
    row = queries.booking_for(request.actor, booking_id)
    form = rate_form(row, request.POST)
    if form.is_valid() and form.apply(booking=row, by=request.actor):
        messages.success(request, _("Thank you. The provider and the village read it."))
        return redirect("bookings:detail", row.pk)
    may_rate(request.actor, row.situation).require()
    return detail_page(request, row, rate=form)

"""Providers of services: added, what they do, when they are there, their day, what they earned, closed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from minqing.bookings import services
from minqing.bookings.forms.providers import CloseForm, DayForm, HandsForm, HoursForm, OpenProviderForm, ServiceForm
from minqing.bookings.models import Provider
from minqing.bookings.queries import coming_of, on_day, waits_on
from minqing.bookings.queries import providers as queries
from minqing.bookings.rules import HANDS, KEEPERS, READERS, SUMS, may_keep, may_plan, moves_for
from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import Level
from minqing.org.queries import areas_seen, people_in, who_changed
from minqing.web.forms import Data, Press


@page(roles=READERS)
@require_safe
def providers(request: PageRequest) -> HttpResponse:
    """Those of the place, and those for whom one acts, with the way to their day."""
    actor = request.actor
    rows = [(one, actor.id in {hand.account_id for hand in one.hands.all()}) for one in queries.with_hands(actor)]
    return render(request, "bookings/providers.html", {"rows": rows, "opens": actor.has(*KEEPERS)})


@page(roles=KEEPERS)
def open_one(request: PageRequest) -> HttpResponse:
    actor = request.actor
    places = [(one.id, one.name) for one in areas_seen(actor) if one.level in {Level.TOWNSHIP, Level.VILLAGE}]
    form = OpenProviderForm(request.POST or None, places=places, people=people(request))
    if form.is_valid() and (made := form.apply(by=actor)):
        messages.success(request, _("Added. Now write down what they do, and when they are there."))
        return redirect("bookings:provider", made.pk)
    return render(request, "bookings/open.html", {"form": form}, status=422 if form.is_bound else 200)


def people(request: PageRequest, near: int | None = None) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in people_in(request.actor, HANDS, near=near)]


@page(roles=READERS)
@require_safe
def provider(request: PageRequest, provider_id: int) -> HttpResponse:
    """What they do and when they are there; for who keeps them with what changes that."""
    return detail_page(request, queries.provider_for(request.actor, provider_id))


def detail_page(request: PageRequest, row: Provider, form: object = None) -> HttpResponse:
    actor, hands = request.actor, queries.hands_of(row.pk)
    is_open = row.closed_at is None
    names = may_keep(actor, row.area_id)
    keeps, plans = is_open and names, is_open and may_plan(actor, row.area_id, hands)
    forms: dict[str, object] = {"service": ServiceForm() if keeps else None, "hours": HoursForm() if plans else None}
    forms |= {"hands": hands_form(request, row) if names else None, "close": close_form(row) if keeps else None}
    forms |= {name: form for name, one in forms.items() if form is not None and type(one) is type(form)}
    context = {
        "provider": row,
        "services": [(one, Press(f"service:{one.pk}", one.ended_at)) for one in queries.services_of(row.pk)],
        "hours": [(one, Press(f"hours:{one.pk}", one.ended_at)) for one in queries.hours_of(row.pk)],
        "serves": queries.served_names(row),
        "hands": queries.hand_names(row.pk),
        "forms": forms,
        "keeps": keeps,
        "plans": plans,
        "acts": may_plan(actor, row.area_id, hands),
        "sums": actor.has(*SUMS) and row.area_id in actor.areas,
        "coming": coming_of(row.pk) if keeps else 0,
    }
    return render(request, "bookings/provider.html", context, status=422 if form is not None else 200)


def hands_form(request: PageRequest, row: Provider, data: Data = None) -> HandsForm:
    now = [str(one) for one in sorted(queries.hands_of(row.pk))]
    form = HandsForm(data, people=people(request, row.area_id), initial={"hands": now})
    form.stands_at(f"provider:{row.pk}", row.changed_at, told=partial(who_changed, f"provider:{row.pk}"))
    return form


def close_form(row: Provider, data: Data = None) -> CloseForm:
    form = CloseForm(data, auto_id="id_close_%s")
    form.stands_at(f"provider:{row.pk}", row.closed_at, told=partial(who_changed, f"provider:{row.pk}"))
    return form


def applied(request: PageRequest, row: Provider, form: Any) -> HttpResponse:
    """What changes a provider: done, or the page with what is wrong."""
    if form.is_valid() and (made := form.apply(provider=row, by=request.actor)):
        if isinstance(form, CloseForm):
            said = ngettext("Closed. %(n)d booking is called off.", "Closed. %(n)d bookings are called off.", made[0])
            messages.success(request, said % {"n": made[0]})
        else:
            messages.success(request, _("Written down."))
        return redirect("bookings:provider", row.pk)
    return detail_page(request, row, form)


@page(roles=KEEPERS)
@require_POST
def add_service(request: PageRequest, provider_id: int) -> HttpResponse:
    row = queries.provider_for(request.actor, provider_id)
    return applied(request, row, ServiceForm(request.POST))


@page(roles=KEEPERS)
@require_POST
def end_service(request: PageRequest, provider_id: int, service_id: UUID) -> HttpResponse:
    row = queries.provider_for(request.actor, provider_id)
    one = queries.service_of(row, service_id)
    if Press(f"service:{one.pk}", one.ended_at, data=request.POST).is_new():
        services.end_service(what=one, by=request.actor)
        messages.success(request, _("It is booked no more. What is booked already stays."))
    return redirect("bookings:provider", row.pk)


def planned(request: PageRequest, provider_id: int) -> Provider:
    """For who acts for the provider or keeps it; for others there is no such page."""
    row = queries.provider_for(request.actor, provider_id)
    if not may_plan(request.actor, row.area_id, queries.hands_of(row.pk)):
        raise NotFound("provider")
    return row


@page(roles=HANDS)
@require_POST
def add_hours(request: PageRequest, provider_id: int) -> HttpResponse:
    row = planned(request, provider_id)
    return applied(request, row, HoursForm(request.POST))


@page(roles=HANDS)
@require_POST
def end_hours(request: PageRequest, provider_id: int, hours_id: UUID) -> HttpResponse:
    row = planned(request, provider_id)
    one = queries.hours_of_id(row, hours_id)
    if Press(f"hours:{one.pk}", one.ended_at, data=request.POST).is_new():
        services.end_hours(hours=one, by=request.actor)
        messages.success(request, _("Not any more from now on. What is booked already stays."))
    return redirect("bookings:provider", row.pk)


@page(roles=KEEPERS)
@require_POST
def hands(request: PageRequest, provider_id: int) -> HttpResponse:
    row = queries.provider_for(request.actor, provider_id)
    return applied(request, row, hands_form(request, row, request.POST))


@page(roles=KEEPERS)
@require_POST
def close(request: PageRequest, provider_id: int) -> HttpResponse:
    row = queries.provider_for(request.actor, provider_id)
    return applied(request, row, close_form(row, request.POST))


@page(roles=HANDS)
@require_safe
def day(request: PageRequest, provider_id: int) -> HttpResponse:
    """Who is served on a day, and what can be said of each; for those who act for the provider or keep it.

    Names, numbers and addresses stand there: that it was looked at is journalled.
    """
    actor, row = request.actor, planned(request, provider_id)
    asked, now = DayForm(request.GET).asked or clock.today(), clock.now()
    looked(request, "bookings.day.looked_at", f"provider:{row.pk}", day=asked.isoformat())
    found = [(one, moves_for(actor, one.situation, now)) for one in on_day(actor, row.pk, asked)]
    context = {
        "provider": row,
        "day": asked,
        "before": asked - timedelta(days=1),
        "after": asked + timedelta(days=1),
        "rows": found,
        "waits": waits_on(actor, row.pk, asked),
    }
    return render(request, "bookings/day.html", context)


@page(roles=SUMS)
@require_safe
def earned(request: PageRequest, provider_id: int) -> HttpResponse:
    """What the provider got in each month, to be settled in money outside."""
    row = queries.provider_for(request.actor, provider_id)
    if row.area_id not in request.actor.areas:
        raise NotFound("provider")
    return render(request, "bookings/earned.html", {"provider": row, "months": queries.earned_by_month(row)})

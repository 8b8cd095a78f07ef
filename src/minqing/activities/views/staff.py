"""The staff's pages of activities: written, published, closed, confirmed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.activities.codes import code_at, left
from minqing.activities.enums import Move, State
from minqing.activities.forms.activities import ActivityForm, ChangeForm
from minqing.activities.forms.moves import MOVES, Held, held_now, subject
from minqing.activities.lists import ACTIVITIES
from minqing.activities.models import Activity
from minqing.activities.queries import activity_for, seats_of
from minqing.activities.queries.activities import pictures_of, report_of
from minqing.activities.rules import READERS, may, may_report, may_show_code
from minqing.activities.views.people import context_of_people
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.earning.queries import by_category, givable_together
from minqing.listing.views import list_page
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD, Level
from minqing.org.queries import areas_seen, who_changed
from minqing.web.forms import Data
from minqing.web.htmx import partial as part_of
from minqing.web.moves import MoveForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

activities = list_page(ACTIVITIES)
both = require_http_methods(["GET", "HEAD", "POST"])


@page(roles=FIELD)
@both
def new(request: PageRequest) -> HttpResponse:
    """A draft of one more."""
    places = [(one.id, one.name) for one in areas_seen(request.actor) if one.level in {Level.VILLAGE, Level.TOWNSHIP}]
    form = ActivityForm(request.POST or None, places=places, groups=by_category(givable_together()))
    if form.is_valid() and (made := form.apply(by=request.actor)):
        messages.success(request, _("Written. People see it once you publish it."))
        return redirect("activities:detail", made.pk)
    return render(request, "activities/new.html", {"form": form}, status=422 if form.is_bound else 200)


@page(roles=FIELD)
@both
def change(request: PageRequest, activity_id: UUID) -> HttpResponse:
    """Something else of a draft."""
    row = activity_for(request.actor, activity_id)
    may(Move.CHANGE, request.actor, row.situation(), clock.now()).require()
    form = change_form(row, request.POST or None)
    if form.is_valid() and form.apply(activity=row, by=request.actor):
        messages.success(request, _("Changed."))
        return redirect("activities:detail", row.pk)
    context = {"form": form, "row": row}
    return render(request, "activities/new.html", context, status=422 if form.is_bound else 200)


def change_form(row: Activity, data: Data) -> ChangeForm:
    names = ("title", "place", "starts_at", "ends_at", "sign_up_until", "capacity", "words")
    initial = {name: getattr(row, name) for name in names} | {"function": row.version.function_id}
    form = ChangeForm(data, places=(), groups=by_category(givable_together()), initial=initial)
    form.stands_at(subject(row), row.changed_at, told=partial(who_changed, subject(row)))
    return form


@page(roles=READERS)
@require_safe
def detail(request: PageRequest, activity_id: UUID) -> HttpResponse:
    """All of it; for the staff of the place who comes. That the names were looked at is journalled."""
    row = activity_for(request.actor, activity_id)
    if request.actor.has(*FIELD):
        looked(request, "activities.activity.looked_at", subject(row))
    return detail_page(request, row)


def detail_page(
    request: PageRequest, row: Activity, *, form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    held, actor, now = held_now(row, request.actor), request.actor, clock.now()
    context = {
        "row": row,
        "room": held.room,
        "offers": MOVES.offers(held, actor, form),
        "not_now": waits_because(held, actor),
        "report": (told := report_of(row)),
        "pictures": pictures_of(row) if told else (),
        "may_report": told is None and may_report(actor, row.situation()),
        "may_change": may(Move.CHANGE, actor, row.situation(), now),
        "shows_code": may_show_code(actor, row.situation(), now),
        **context_of_people(request, row, now),
    }
    return render(request, "activities/detail.html", context, status=status)


def waits_because(held: Held, actor: Actor) -> StrOrPromise:
    """Why the one who looks does not confirm the list that waits for somebody."""
    if held.row.state != State.SETTLED:
        return ""
    return next((one.reason for one in MOVES.not_now(held, actor) if one.verb == "confirm"), "")


@page(roles=FIELD)
@require_POST
def move(request: PageRequest, activity_id: UUID, verb: str) -> HttpResponse:
    """One press, or a move with its reason."""
    row = activity_for(request.actor, activity_id)
    return MOVES.sent(
        request,
        verb,
        held_now(row, request.actor),
        request.actor,
        done=lambda: redirect("activities:detail", row.pk),
        again=lambda form: detail_page(request, row, form=form, status=422),
    )


@page(roles=FIELD)
@require_safe
def code(request: PageRequest, activity_id: UUID) -> HttpResponse:
    """The organiser's screen: large digits that change each minute."""
    row, now = activity_for(request.actor, activity_id), clock.now()
    may_show_code(request.actor, row.situation(), now).require()
    digits = code_at(row.pk, now)
    context = {
        "row": row,
        "digits": f"{digits[:3]} {digits[3:]}",
        "seconds": max(1, int(left(now).total_seconds())),
        "room": seats_of(row),
    }
    return part_of(request, "activities/code.html", "screen", context)

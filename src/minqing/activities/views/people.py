"""Who comes, for the staff: signed up for others, checked in from the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minqing.activities import services
from minqing.activities.enums import SignUpState
from minqing.activities.forms.people import SignOthersForm
from minqing.activities.lifecycle import LISTING
from minqing.activities.models import Activity, SignUp
from minqing.activities.queries import activity_for, in_turn, listed, sign_up_for_staff
from minqing.activities.queries.people import Listed
from minqing.activities.rules import may_list, may_sign_up_others, may_withdraw
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.households.queries import members_of, search_households, visible_household
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD
from minqing.org.queries import who_changed
from minqing.web.forms import Data, Press
from minqing.web.paging import page_of
from minqing.web.query_params import asked_id

# lines at once: some activities have hundreds, each with its buttons
PAGE = 50
MARKS: dict[str, Callable[..., SignUp]] = {
    "came": services.check_in,
    "undo": services.undo_check_in,
    "withdraw": services.withdraw,
}


def context_of_people(request: PageRequest, row: Activity, now: datetime) -> dict[str, object]:
    """A page of the list with the buttons of each line; of others than the staff of the place no names."""
    actor = request.actor
    if not actor.has(*FIELD):
        return {"people": None, "adds": False}
    path = reverse("activities:detail", args=[row.pk])
    listing, page = may_list(actor, row.situation(), now), page_of(in_turn(actor, row), request, size=PAGE, path=path)
    lines = [(one, marks_of(actor, row, one, bool(listing), now)) for one in listed(actor, page.rows)]
    return {"people": lines, "page": page, "adds": row.state in LISTING, "listing": listing}


def marks_of(actor: Actor, row: Activity, one: Listed, listing: bool, now: datetime) -> list[tuple[str, Press]]:
    marks = []
    if listing and one.place in {SignUpState.IN, SignUpState.WAITING}:
        marks.append("came")
    if listing and one.place is SignUpState.CAME:
        marks.append("undo")
    situation = row.situation()
    if may_sign_up_others(actor, one.row.area_id, situation) and may_withdraw(one.place, situation, now):
        marks.append("withdraw")
    return [(mark, press_of(one.row, mark)) for mark in marks]


def press_of(row: SignUp, mark: str, data: Data = None) -> Press:
    subject = f"sign_up:{row.pk}"
    return Press(subject, [mark, row.state], told=partial(who_changed, subject), data=data)


@page(roles=FIELD)
@require_POST
def mark(request: PageRequest, activity_id: UUID, sign_up_id: UUID, verb: str) -> HttpResponse:
    """They came, did not come after all, or do not come."""
    activity = activity_for(request.actor, activity_id)
    row = sign_up_for_staff(request.actor, activity, sign_up_id)
    if verb not in MARKS:
        raise NotFound("mark")
    if press_of(row, verb, request.POST).is_new():
        MARKS[verb](sign_up=row, by=request.actor)
    # back to the page of the list on which it was pressed
    number = request.GET.get("page", "")
    there = reverse("activities:detail", args=[activity.pk])
    return redirect(f"{there}?page={number}" if number.isascii() and number.isdigit() else there)


@page(roles=FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PageRequest, activity_id: UUID) -> HttpResponse:
    """For somebody without a phone: first the household, then who of it."""
    actor, row = request.actor, activity_for(request.actor, activity_id)
    text, chosen = request.GET.get("text", ""), request.GET.get("household", "")
    if not chosen:
        rows = search_households(actor, text).rows if text else []
        return render(request, "activities/whom.html", {"row": row, "text": text, "rows": rows})
    household = visible_household(actor, asked_id(request.GET, "household"))
    may_sign_up_others(actor, household.area_id, row.situation()).require()
    form = SignOthersForm(request.POST or None, members=members_of(actor, household.pk))
    if form.is_valid() and (made := form.made(activity=row, by=actor)):
        waits = made.state == SignUpState.WAITING
        told = _("%(name)s is on the waiting list.") if waits else _("%(name)s is signed up.")
        messages.success(request, told % {"name": made.name})
        return redirect("activities:detail", row.pk)
    context = {"row": row, "form": form, "household": household}
    return render(request, "activities/add.html", context, status=422 if form.is_bound else 200)

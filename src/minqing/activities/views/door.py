"""Behind the code at a door: what is on, signing up, checking in, and how it was."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.activities.forms.people import DigitsForm, SignForm
from minqing.activities.queries import door as queries
from minqing.activities.queries.activities import pictures_of, report_of
from minqing.activities.rules import CHECK_IN_BY_ADDRESS, CHECK_IN_BY_CODE, SIGN_BY_ADDRESS, SIGN_BY_CODE
from minqing.activities.services import withdraw
from minqing.core import clock
from minqing.core.errors import DomainError, NotFound
from minqing.doorstep.access import DoorRequest, by_address, by_part, resident_page, unknown
from minqing.doorstep.access.known import AtHome, at_door, known_at, to_show, way_to_show
from minqing.doorstep.queries import Door
from minqing.files.responses import picture_response


def of_door(found: AtHome | Door) -> tuple[Door, UUID | None]:
    """The door, and who has shown who they are."""
    return (found.door, found.resident) if isinstance(found, AtHome) else (found, None)


@resident_page()
@require_safe
def activities(request: HttpRequest, token: str) -> HttpResponse:
    """What is on for the people of this place, and what was."""
    found = known_at(request, token)
    if found is None:
        return unknown(request)
    door, resident = of_door(found)
    with at_door():
        coming, past = queries.shown_at_door(door.area_id, resident, now=clock.now())
    context = {"door": door, "token": token, "coming": coming, "past": past}
    return render(request, "activities/door.html", context)


@resident_page([(SIGN_BY_CODE, by_part("token")), (SIGN_BY_ADDRESS, by_address)])
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: DoorRequest, token: str, activity_id: UUID) -> HttpResponse:
    """One of them; whoever has shown who they are signs up here, and withdraws."""
    found = known_at(request, token)
    if found is None:
        return unknown(request)
    if request.method != "POST":
        return activity_page(request, found, activity_id)
    if not isinstance(found, AtHome):
        return to_show(request, token)
    if not request.allowed:
        return activity_page(request, found, activity_id, error=TOO_OFTEN, status=429)
    return signed(request, found, activity_id)


TOO_OFTEN = _("That was too often. Wait ten minutes, or call your village committee.")


def signed(request: HttpRequest, known: AtHome, activity_id: UUID) -> HttpResponse:
    """Signed up, or withdrawn where the button said so."""
    with at_door() as actor:
        one = queries.shown_one(actor, known.door.area_id, activity_id, known.resident)
    error: Any = ""
    if "withdraw" in request.POST:
        try:
            if one.mine is None:
                raise NotFound("sign_up")
            withdraw(sign_up=one.mine, by=known.door.actor)
        except DomainError as refused:
            error = refused.sentence
    else:
        form = SignForm(request.POST)
        if not form.is_valid() or form.apply(activity=one.row, resident=known.resident, by=known.door.actor) is None:
            error = next(iter(form.non_field_errors()), _("Please try again."))
    if error:
        return activity_page(request, known, activity_id, error=error, status=422)
    return redirect("activities:at_door", token=known.door.token, activity_id=activity_id)


def activity_page(
    request: HttpRequest,
    found: AtHome | Door,
    activity_id: UUID,
    *,
    error: Any = "",
    form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    door, resident = of_door(found)
    with at_door() as actor:
        one = queries.shown_one(actor, door.area_id, activity_id, resident)
        waits_behind = queries.before_me(one.mine) if one.mine and one.place == "waiting" else 0
    context = {
        "door": door,
        "token": door.token,
        "known": found if isinstance(found, AtHome) else None,
        "one": one,
        "may": queries.open_to(one, clock.now()),
        "waits_behind": waits_behind,
        "report": (told := report_of(one.row)),
        "pictures": pictures_of(one.row) if told else (),
        "show": f"{way_to_show(door.token)}?{urlencode({'next': request.path})}",
        "sign": SignForm(),
        "digits": form or DigitsForm(),
        "error": error,
    }
    return render(request, "activities/door_one.html", context, status=status)


@resident_page()
@require_safe
def photo(request: HttpRequest, token: str, activity_id: UUID, photo_id: UUID) -> HttpResponse:
    """A picture of one of them, for the people of the place."""
    found = known_at(request, token)
    if found is None:
        return unknown(request)
    door, resident = of_door(found)
    with at_door() as actor:
        one = queries.shown_one(actor, door.area_id, activity_id, resident)
    if photo_id not in pictures_of(one.row):
        raise NotFound("photo")
    return picture_response(attachment_id=photo_id, thumbnail="small" in request.GET)


@resident_page(guesses=[(CHECK_IN_BY_CODE, by_part("token")), (CHECK_IN_BY_ADDRESS, by_address)])
@require_POST
def check_in(request: DoorRequest, token: str, activity_id: UUID) -> HttpResponse:
    """The digits on the organiser's screen say that somebody is there."""
    found = known_at(request, token)
    if found is None:
        return unknown(request)
    if not isinstance(found, AtHome):
        return redirect("activities:at_door", token=token, activity_id=activity_id)
    if not request.allowed:
        return activity_page(request, found, activity_id, error=TOO_OFTEN, status=429)
    with at_door() as actor:
        one = queries.shown_one(actor, found.door.area_id, activity_id, found.resident)
    form = DigitsForm(request.POST)
    if one.mine is None:
        raise NotFound("sign_up")
    if form.is_valid() and form.apply(row=one.mine, by=found.door.actor):
        return redirect("activities:at_door", token=token, activity_id=activity_id)
    request.guessed = True
    return activity_page(request, found, activity_id, form=form, status=422)

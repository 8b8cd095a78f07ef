"""Who it is: shown once by whoever stands at a door, a machine or a till without an account, and kept by their phone.

A room asks ``known_at(request, token)`` behind a door's code, or ``known(request)`` where there is none; whoever is not
known is sent to ``to_show(request, token)``, the one form for it, and comes back to where they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.doorstep.codes import COOKIE, kept_of, read_kept
from minqing.doorstep.queries import Door, door_of
from minqing.doorstep.queries.people import Known, still_known
from minqing.doorstep.rules import LENT, REMEMBERED
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


@dataclass(frozen=True, slots=True)
class AtHome:
    """Somebody of the household behind this door who has shown who they are."""

    door: Door
    resident: UUID
    name: str


@contextmanager
def at_door() -> Iterator[Actor]:
    """Read for whoever stands at a door; what is asked for must name their household."""
    with acting_as(system_actor("doorstep.known")) as actor:
        yield actor


def known(request: HttpRequest) -> Known | None:
    """Whom this phone is known to be with, of whatever household."""
    kept = read_kept(request.COOKIES.get(COOKIE, ""), clock.now())
    if kept is None:
        return None
    with at_door() as actor:
        return still_known(actor, *kept)


def known_at(request: HttpRequest, token: str) -> AtHome | Door | None:
    """The one who is known behind this door; else the door alone; None where there is none."""
    door = door_of(token)
    if door is None:
        return None
    one = known(request)
    return AtHome(door, one.resident, one.name) if one and one.household == door.household_id else door


def to_show(request: HttpRequest, token: str = "") -> HttpResponse:
    """On to the form that asks who it is, and back here from there."""
    return redirect(f"{way_to_show(token)}?{urlencode({'next': request.get_full_path()})}")


def way_to_show(token: str = "") -> str:
    """Where that form is sent; the household's plate is asked for where no door has said which."""
    return reverse("doorstep:who", args=[token]) if token else reverse("doorstep:who_at_plate")


def remember(response: HttpResponse, one: Known, *, own: bool, secure: bool) -> HttpResponse:
    """One phone, one person: whoever is shown next takes the place. ``own``: it was said to be nobody else's phone."""
    age = REMEMBERED if own else LENT
    kept = kept_of(one.household, one.resident, one.since, clock.now() + age)
    response.set_cookie(COOKIE, kept, max_age=age, secure=secure, httponly=True, samesite="Lax")
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE)
    return response

"""What this room adds to pages of other rooms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest

from minqing.bookings.queries import names_of_services, of_household
from minqing.bookings.queries.providers import bookable_by, offered_in
from minqing.bookings.rules import may_book
from minqing.doorstep.access.known import AtHome
from minqing.households.protocols import HouseholdLike
from minqing.org.access import PageRequest
from minqing.points.kinds import ids_among
from minqing.points.queries.people import Purse
from minqing.web.slots import drawn

ABOUT = "booking:"


def at_points(request: HttpRequest, about: tuple[AtHome, Sequence[Purse]]) -> str:
    """The way to services at home, where there are any, or something is booked."""
    known, _purses = about
    return drawn(
        request,
        "bookings/parts/own.html",
        {"token": known.door.token, "services": offered_in(known.door.area_id)},
    )


def words(_request: HttpRequest, abouts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What was booked, for entries of the ledger that are about a booking."""
    ids = ids_among(abouts, ABOUT)
    return ((f"{ABOUT}{pk}", name) for pk, name in names_of_services(ids))


def on_file(request: PageRequest, household: HouseholdLike) -> str:
    """What the household has booked last, and the way to book for it."""
    context = {
        "household": household,
        "bookings": of_household(request.actor, household.pk, most=5),
        "may_book": may_book(request.actor, household.area_id, household.pk)
        and bookable_by(request.actor, household.area_id),
    }
    shows = context["bookings"] or context["may_book"]
    return drawn(request, "bookings/parts/on_file.html", context) if shows else ""

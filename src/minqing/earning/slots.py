"""What this room adds to pages of other rooms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.doorstep.queries import Door
from minqing.earning.queries import NUMBERED, names_of_functions, of_household
from minqing.earning.queries.given import given_in, shares_of, thanked_in
from minqing.earning.queries.watching import noticed_in
from minqing.earning.rules import may_take_in
from minqing.households.protocols import HouseholdLike
from minqing.org.access import PageRequest
from minqing.points.kinds import Lines, Sheet, Sums, ids_among
from minqing.web.pieces import Button
from minqing.web.slots import drawn

ABOUT: Final = "claim:"


def at_door(_request: HttpRequest, door: Door) -> list[Button]:
    return [Button(_("Earn points"), reverse("earning:choose", args=[door.token]), "hand-thumbs-up")]


def words(_request: HttpRequest, abouts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What was thanked for, for entries of the ledger that are about a claim."""
    return ((f"{ABOUT}{pk}", name) for pk, name in names_of_functions(ids_among(abouts, ABOUT)))


def on_file(request: PageRequest, household: HouseholdLike) -> str:
    """What the household was thanked for last and what waits, and the way to key in more."""
    context = {
        "household": household,
        "claims": of_household(request.actor, household.pk),
        "may_take_in": may_take_in(request.actor, household.area_id),
    }
    shows = context["claims"] or context["may_take_in"]
    return drawn(request, "earning/parts/on_file.html", context) if shows else ""


def on_sheet(_request: PageRequest, sheet: Sheet) -> list[Lines]:
    """For the wall of a village: what was given for what, and who was thanked."""
    given = given_in(sheet.areas, sheet.since, sheet.until)
    thanked = thanked_in(sheet.areas, sheet.since, sheet.until, sheet.called)
    return [
        Lines(
            "issued",
            [
                {"category": one.category.label, "what": one.name, "times": one.times, "points": one.points}
                for one in given
            ],
        ),
        Lines(
            "thanked",
            [{"day": f"{one.day:%m-%d}", "whom": one.whom, "what": one.what, "points": one.points} for one in thanked],
        ),
    ]


def on_overview(request: PageRequest, sums: Sums) -> str:
    """What was given for what. A point bears no mark of what it was given for: what was redeemed is a share."""
    shares = shares_of(given_in(sums.areas), sums)
    return drawn(request, "earning/parts/given.html", {"shares": shares, "sums": sums})


def to_look_at(request: PageRequest, sums: Sums) -> str:
    """What was noticed among claims, for the clerk, with the way to each."""
    noticed = noticed_in(sums.areas)
    numbers = NUMBERED.numbers(request.actor, {str(id) for one in noticed for id in one.claims}) if noticed else {}
    rows = [(one, [(id, numbers[str(id)]) for id in one.claims if str(id) in numbers]) for one in noticed]
    return drawn(request, "earning/parts/noticed.html", {"rows": rows})

"""Behind the code at a door: one's own points, once one has shown who one is, and what the village did together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minqing.doorstep.access import resident_page, unknown
from minqing.doorstep.access.known import AtHome, at_door, known_at, way_to_show
from minqing.doorstep.forms import IdentityForm
from minqing.doorstep.queries import Door
from minqing.org.queries import areas_below
from minqing.points.forms import wish_form
from minqing.points.queries.figures import together_in
from minqing.points.queries.people import EntryLine, lines_of, purses_of, running_out
from minqing.web.slots import given, parts


@resident_page()
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """What I have, where it came from and went, what runs out and when; before that, who I am."""
    found = known_at(request, token)
    if found is None:
        return unknown(request)
    return own_page(request, found) if isinstance(found, AtHome) else asked(request, found)


def asked(request: HttpRequest, door: Door) -> HttpResponse:
    context = {
        "form": IdentityForm(plate=False),
        "there": way_to_show(door.token),
        "next": request.path,
        "door": door,
        "garden": garden(door),
    }
    return render(request, "points/prove.html", context)


def own_page(request: HttpRequest, known: AtHome) -> HttpResponse:
    with at_door() as actor:
        purses = purses_of(actor, household=known.door.household_id, resident=known.resident)
        lines = [(one, lines_of(one.account)) for one in purses]
        context = {
            "known": known,
            "token": known.door.token,
            "forgetting": way_to_show(known.door.token),
            "purses": [
                {
                    "purse": one,
                    "soon": running_out(one),
                    "lines": worded(request, found),
                    "form": wish_form(one.account, one.wish, named=one.named, at_door=True),
                }
                for one, found in lines
            ],
            "more": parts("points.own", request, (known, purses)),
        }
    return render(request, "points/own.html", context | {"garden": garden(known.door)})


def worded(request: HttpRequest, lines: list[EntryLine]) -> list[tuple[EntryLine, str]]:
    """Each entry with what it was for, as the room says that keeps the record."""
    words = dict(given("points.words", request, [one.entry.about for one in lines]))
    return [(one, words.get(one.entry.about) or one.with_whom) for one in lines]


def garden(door: Door) -> dict[str, object]:
    """What the village did together last month: sums of several people, and nobody's name."""
    village = areas_below([village_path(door.area_path)])
    with at_door():
        return {"sums": together_in(village), "village": door.village}


def village_path(path: str) -> str:
    """That of the village in which a grid lies: city, township, village."""
    return "".join(f"{part}." for part in path.split(".")[:3] if part)

"""Behind the code at a door: one's own points, once one has shown who one is, and what the village did together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.doorstep.access import by_address, by_part, resident_page, unknown
from minqing.doorstep.queries import Door
from minqing.org.queries import areas_below
from minqing.points.access import Known, at_door, known_at
from minqing.points.codes import COOKIE, pass_of
from minqing.points.forms import ProofForm
from minqing.points.queries.figures import this_month, took_part
from minqing.points.queries.people import Line, lines_of, purses_of, running_out, shown_by
from minqing.points.rules import KNOWN_FOR, PROVE_BY_ADDRESS, PROVE_BY_CODE
from minqing.web.slots import given, parts


@resident_page(guesses=[(PROVE_BY_CODE, by_part("token")), (PROVE_BY_ADDRESS, by_address)])
def own(request: Any, token: str) -> HttpResponse:
    """What I have, where it came from and went, what runs out and when; before that, who I am."""
    found = known_at(request, token)
    if found is None:
        return unknown(request)
    if "forget" in request.POST:
        answer = redirect("points:own", token=token)
        answer.delete_cookie(COOKIE, path=path_of(token))
        return answer
    if isinstance(found, Known) and request.method != "POST":
        return shown(request, found)
    return asked(request, found.door if isinstance(found, Known) else found)


def path_of(token: str) -> str:
    """A phone brings its pass to the pages of points behind this door, and nowhere else."""
    return reverse("points:own", args=[token])


def asked(request: Any, door: Door) -> HttpResponse:
    form = ProofForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "door": door, "garden": garden(door)}
    if request.method != "POST":
        return render(request, "points/prove.html", context)
    if not request.allowed:
        return render(request, "points/prove.html", context | {"too_many": True}, status=429)
    if form.is_valid():
        with at_door() as actor:
            resident = shown_by(actor, door.household_id, form.cleaned_data["proof"])
        if resident is not None:
            answer = redirect("points:own", token=door.token)
            answer.set_cookie(
                COOKIE,
                pass_of(door.household_id, resident),
                max_age=KNOWN_FOR,
                path=path_of(door.token),
                httponly=True,
                secure=request.is_secure(),
                samesite="Lax",
            )
            return answer
        request.guessed = True
        form.add_error(
            "proof", _("Nobody of this household has this number. Please check it, or ask your village committee.")
        )
    return render(request, "points/prove.html", context, status=422)


def shown(request: HttpRequest, known: Known) -> HttpResponse:
    with at_door() as actor:
        purses = purses_of(actor, household=known.door.household_id, resident=known.resident)
        lines = [(one, lines_of(one.account)) for one in purses]
        context = {
            "known": known,
            "token": known.door.token,
            "purses": [
                {"purse": one, "soon": running_out(one.days), "lines": worded(request, found)} for one, found in lines
            ],
            "more": parts("points.own", request, (known, purses)),
        }
    return render(request, "points/own.html", context | {"garden": garden(known.door)})


def worded(request: HttpRequest, lines: list[Line]) -> list[tuple[Line, str]]:
    """Each entry with what it was for, as the room says that keeps the record."""
    words = dict(given("points.words", request, [one.entry.about for one in lines]))
    return [(one, words.get(one.entry.about) or one.with_whom) for one in lines]


def garden(door: Door) -> dict[str, Any]:
    """What the village has done together this month: sums, and nobody's name."""
    village = areas_below([village_path(door.area_path)])
    with at_door():
        return {"month": this_month(village), "people": took_part(village), "village": door.village}


def village_path(path: str) -> str:
    """That of the village in which a grid lies: city, township, village."""
    return "".join(f"{part}." for part in path.split(".")[:3] if part)

"""What a household code opens: the door's page, which the rooms fill, and whether its plate is real."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from minqing.core.characters import clean
from minqing.doorstep import queries, rules
from minqing.doorstep.access import DoorRequest, Shared, by_address, by_both, by_network, resident_page, unknown
from minqing.doorstep.access.known import forget, known, remember, way_to_show
from minqing.doorstep.forms import CheckForm, IdentityForm
from minqing.households.codes import printed_host
from minqing.web.query_params import way_back
from minqing.web.slots import given


@transaction.atomic
def plate_meant(request: HttpRequest, kwargs: Mapping[str, object]) -> str:
    """The number that is looked up for what was typed: one bucket for each, in whatever spelling."""
    return queries.plate_key(clean(request.POST.get("number", "")))


@transaction.atomic
def home_meant(request: HttpRequest, kwargs: Mapping[str, object]) -> str:
    """The household of which somebody says they are: one bucket for each, by whatever way it was named."""
    if token := kwargs.get("token"):
        return queries.plate_key(f"/h/{token}")
    return queries.plate_key(clean(request.POST.get("number", "")))


# not put back into a form that is shown once more: the robots' field, the stamp, photos
UNKEPT = frozenset({"website", "opened", "photos"})


@resident_page()
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the code: what the rooms offer to a household. What most come for as large buttons, the rest as a list."""
    found = queries.door_of(token)
    if found is None:
        return unknown(request)
    offered = given("doorstep.door", request, found)
    main, others = [one for one in offered if one.main], [one for one in offered if not one.main]
    return render(request, "doorstep/door.html", {"door": found, "main": main, "others": others})


@resident_page(
    guesses=[
        (rules.CHECK_BY_BOTH, by_both(plate_meant, by_address)),
        (rules.CHECK_BY_ADDRESS, by_address),
    ],
    shared=Shared((rules.CHECK_BY_NUMBER, plate_meant), (rules.CHECK_FIRST, by_both(plate_meant, by_network))),
)
def check(request: DoorRequest) -> HttpResponse:
    """Is the plate at my door a real one?"""
    form = CheckForm(request.POST or None)
    context: dict[str, object] = {"form": form, "host": printed_host()}
    status = 200
    if request.method == "POST" and not request.allowed:
        context["too_many"], status = True, 429
    elif request.method == "POST" and form.is_valid():
        genuine = queries.is_genuine(number=form.cleaned_data["number"], check=form.cleaned_data["check_code"])
        request.guessed = not genuine
        context["answer"] = "real" if genuine else "false"
    elif request.method == "POST":
        status = 422
    return render(request, "doorstep/check.html", context, status=status)


@resident_page(guesses=[(rules.PROVE_BY_HOME, home_meant), (rules.PROVE_BY_ADDRESS, by_address)])
def who(request: DoorRequest, token: str = "") -> HttpResponse:
    """Who of a household it is, shown once for all pages that ask; and the way to be forgotten by this phone."""
    door = queries.door_of(token) if token else None
    if token and door is None:
        return unknown(request)
    there = way_back(request) or way_to_show(token)
    if "forget" in request.POST:
        return forget(redirect(there))
    form, status = IdentityForm(request.POST or None, plate=door is None), 200
    if request.method == "POST":
        status = 422
        if not request.allowed:
            form.add_error(None, _("That was too often. Wait half an hour, or call your village committee."))
            status = 429
        elif form.is_valid():
            found = form.found(door.household_id if door else None)
            if len(found) == 1:
                own = form.cleaned_data["remember"]
                return remember(redirect(there), found[0], own=own, secure=request.is_secure())
            request.guessed = not found
            form.add_error("proof", SHARED if found else WRONG)
    context = {"form": form, "door": door, "next": there, "there": way_to_show(token), "known": known(request)}
    return render(request, "doorstep/who.html", context, status=status)


WRONG = _("This does not fit anybody of the household. Look again, or ask your village committee.")
SHARED = _("Several of the household have this telephone. Type the last six characters of your identity card instead.")

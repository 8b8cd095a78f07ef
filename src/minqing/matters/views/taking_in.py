"""Taking in what somebody tells: the form, who rang before, and the number and code to read aloud at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from minqing.core.errors import FormatError, NotFound
from minqing.core.formats import check_phone
from minqing.households.enums import Purpose
from minqing.households.queries import people_with_phone
from minqing.listing.forms import area_choices
from minqing.matters import queries, rules, services
from minqing.matters.forms.questions import answers_given
from minqing.matters.forms.taking_in import NewForm
from minqing.matters.tickets import follow_code_of, spaced
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.web.htmx import partial

# what is asked for while the form is being filled in: the part that HTMX swaps has the same name
CALLERS, QUESTIONS = "callers", "questions"


@page(roles=FIELD)
def new(request: PageRequest) -> HttpResponse:
    """The form. ``look`` asks for a part of it and stores nothing; without HTMX the whole form comes back."""
    given: dict[str, Any] = {"areas": area_choices(request, few=False), "categories": queries.categories()}
    if request.method != "POST":
        wanted = request.GET.get("channel")
        form = NewForm(initial={"channel": wanted} if wanted else {}, **given)
        return render(request, "matters/new.html", {"form": form})
    look = request.POST.get("look")
    if look in {CALLERS, QUESTIONS}:
        form = NewForm(initial=answers_given(NewForm, request.POST), **given)
        context = {"form": form, **(callers(request) if look == CALLERS else {})}
        return partial(request, "matters/new.html", str(look), context)
    form = NewForm(request.POST, request.FILES, **given)
    matter = form.apply(by=request.actor) if form.is_valid() else None
    if matter is None:
        form.keep(by=request.actor)
        # who was chosen among those with the number is still there to be chosen
        people = callers(request) if request.POST.get("resident") else {}
        return render(request, "matters/new.html", {"form": form, **people}, status=422)
    return redirect("matters:taken", matter.pk)


def callers(request: PageRequest) -> dict[str, object]:
    """What was reported with the typed number before, who has it, and what their households reported.

    Each household learns that it was looked for, and why. An unfinished number is no mistake yet.
    """
    typed = request.POST.get("reporter_phone", "")
    if not typed.strip():
        return {}
    try:
        calls = services.look_up_caller(phone=typed, by=request.actor)
    except FormatError as error:
        return {"unclear": error.sentence}
    people = people_with_phone(request.actor, check_phone(typed))
    households = dict.fromkeys(one.household for one in people)
    request.actor = replace(request.actor, purpose=Purpose.MATTER.value)
    for household in households:
        looked(request, "households.household.searched", f"household:{household}", by="phone")
    known = {one.pk for one in calls}
    earlier = queries.raised_by_households(request.actor, households) if households else []
    return {
        "looked": True,
        "calls": calls,
        "people": people,
        "earlier": [one for one in earlier if one.pk not in known],
    }


@page(roles=FIELD)
@require_safe
def receipt(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """Number and follow code, to be read aloud: for a day, to the one who took the matter in."""
    matter = queries.taken_in(request.actor, matter_id)
    if matter is None:
        raise NotFound("matter")
    context = {
        "matter": matter,
        "code": spaced(follow_code_of(matter.pk)),
        "visible": rules.sees(request.actor, matter.situation),
        "may_print": rules.may_print_slip(request.actor, matter.situation),
    }
    response = render(request, "matters/taken.html", context)
    response["Cache-Control"] = "no-store"
    return response

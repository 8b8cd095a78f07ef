"""Finding a household: by what one types, by the code at its door; and showing a closed number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.households.enums import Closed, Purpose
from minqing.households.forms import PurposeForm, SearchForm, choices
from minqing.households.queries import (
    CodeState,
    code_state,
    household_numbered,
    kind_of,
    search_households,
    visible_household,
    visible_resident,
)
from minqing.households.services import reveal_number
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.web.csp import scan_page
from minqing.web.htmx import partial

# a whole number finds one person in the county's files: who asks says why
ASKED_WHY = {"identity", "phone"}


@page(roles=FIELD)
@require_POST
def search(request: PageRequest) -> HttpResponse:
    """What is typed is sent as a POST, so that no name or number stands in an address, a history or a log."""
    return partial(request, "households/search.html", "found", found_by(request))


def found_by(request: PageRequest) -> dict[str, Any]:
    """The households that fit what was typed; of a whole number first what it is needed for, which is noted."""
    form = SearchForm(request.POST)
    text = form.data.get("text", "")[:60]
    purpose = form.cleaned_data.get("purpose", "") if form.is_valid() else ""
    kind, _wanted = kind_of(text)
    context = {"form": form, "text": text, "kind": kind, "purposes": choices(Purpose), "purpose": purpose}
    if kind in ASKED_WHY and not purpose:
        return context | {"ask_why": True}
    found = search_households(request.actor, text)
    if kind in ASKED_WHY:
        request.actor = replace(request.actor, purpose=purpose)
        # also a search that found nobody is told: trying numbers is what an auditor looks for
        subjects = [f"household:{row.id}" for row in found.rows] or ["household:none"]
        for subject in subjects:
            looked(request, "households.household.searched", subject, by=kind)
    return context | {"found": found}


@scan_page
@page(roles=FIELD)
@require_safe
def scan(request: PageRequest) -> HttpResponse:
    return render(request, "households/scan.html")


@page(roles=FIELD)
@require_safe
def typed(request: PageRequest) -> HttpResponse:
    """What was typed instead of scanned: the household number under the code, or the code's own letters."""
    text = request.GET.get("code", "")[:400]
    household = household_numbered(request.actor, text)
    if household is not None:
        return redirect("households:file", household.pk)
    return open_code(request, text)


@page(roles=FIELD)
@require_safe
def opened(request: PageRequest, token: str) -> HttpResponse:
    """Where the scanner goes with what it read."""
    return open_code(request, token)


def open_code(request: PageRequest, token: str) -> HttpResponse:
    state, household_id = code_state(request.actor, token)
    if state is CodeState.IN_FORCE and household_id is not None:
        return redirect("households:file", household_id)
    if state is CodeState.REVOKED and household_id is not None:
        looked(request, "households.code.refused", f"household:{household_id}")
        household = visible_household(request.actor, household_id)
        raise Conflict(
            "code_revoked",
            _("This code is no longer valid. Ask the village for a new door plate."),
            household=str(household.pk),
        )
    raise NotFound(
        "no_code", _("This code belongs to no household of your area. Search by name or household number instead.")
    )


@page(roles=FIELD)
@require_POST
def reveal(request: PageRequest, resident_id: UUID) -> HttpResponse:
    """Ask why; once told, the whole number, which the journal notes."""
    person = visible_resident(request.actor, resident_id)
    try:
        what = Closed(request.POST.get("what", ""))
    except ValueError:
        raise Invalid from None
    context = {"member": person, "what": what.value, "purposes": choices(Purpose)}
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return partial(request, "households/reveal.html", "number", context)
    purpose = Purpose(form.cleaned_data["purpose"])
    actor = replace(request.actor, purpose=purpose.value)
    number = reveal_number(resident_id=resident_id, what=what, purpose=purpose, by=actor)
    return partial(request, "households/reveal.html", "number", context | {"number": number})

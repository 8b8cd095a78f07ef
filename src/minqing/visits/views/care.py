"""Who cares for which household: the village secretary's and the clerk's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minqing.core.errors import NotFound
from minqing.org.access import PageRequest, page
from minqing.org.queries import areas_inside, areas_seen, few_of, people_in
from minqing.visits.forms.diary import CareForm
from minqing.visits.forms.handover import HandOverForm
from minqing.visits.queries import carers_in, visible_assignments
from minqing.visits.queries.care import carers_by_household, households_to_give
from minqing.visits.rules import ASSIGNERS, WRITERS
from minqing.visits.services import assign_households, end_assignment, hand_over_care
from minqing.web.paging import page_of
from minqing.web.query_params import id_of, whole_number

PAGE = 50
# more in one choice nobody reads, and it is half a megabyte
MOST_CADRES = 600


@page(roles=ASSIGNERS)
def care(request: PageRequest) -> HttpResponse:
    """Choose an area, tick households, choose the cadre. What is ticked is assigned in one go."""
    actor = request.actor
    area_id = whole_number(request.GET, "area")
    areas = [(one.id, one.name) for one in few_of(areas_seen(actor), area_id)]
    rows = page_of(households_to_give(request.actor, area_id), request, size=PAGE)
    cadres = cadres_for(request, area_id)
    form = CareForm(
        request.POST or None,
        cadres=[(str(one.id), one.name) for one in cadres or ()],
        households=[(str(one.pk), one.number) for one in rows],
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            number = assign_all(request, form, list(rows))
            told = ngettext("%(n)d household assigned.", "%(n)d households assigned.", number)
            messages.success(request, told % {"n": number})
            return redirect(request.get_full_path())
        status = 422
    ticked = set(request.POST.getlist("pick"))
    context = {
        "form": form,
        "page": rows,
        "areas": areas,
        "area_id": area_id,
        "ticked": ticked,
        "too_many": cadres is None,
        "rows": with_carers(request, rows),
    }
    return render(request, "visits/care.html", context, status=status)


def cadres_for(request: PageRequest, area_id: int | None) -> list[Any] | None:
    """Who may be chosen: everybody, or of a whole county's cadres those whose post covers the area or lies in it.

    None where these are still too many to choose from: a place comes first.
    """
    everybody = list(people_in(request.actor, WRITERS)[: MOST_CADRES + 1])
    if len(everybody) <= MOST_CADRES:
        return everybody
    near = list(people_in(request.actor, WRITERS, near=area_id)[: MOST_CADRES + 1]) if area_id else everybody
    return near if len(near) <= MOST_CADRES else None


@page(roles=ASSIGNERS)
def hand_over(request: PageRequest) -> HttpResponse:
    """All that one cadre cares for here into another one's care, as when somebody leaves."""
    area_id = whole_number(request.GET, "area")
    inside = areas_inside(request.actor, area_id)
    sent = id_of(request.POST, "account")
    carers, cadres = carers_in(request.actor, area_id, sent=sent)[: MOST_CADRES + 1], cadres_for(request, area_id)
    too_many = cadres is None or len(carers) > MOST_CADRES
    form = HandOverForm(
        request.POST or None,
        carers=[] if too_many else [(str(id), _("%(name)s: %(n)d households") % told) for id, told in carers],
        cadres=[(str(one.id), one.name) for one in cadres or ()],
    )
    if form.is_valid():
        data = form.cleaned_data
        number = form.tried(
            lambda: hand_over_care(
                id=data["request_id"], account_id=data["account"], to_id=data["to"], area_ids=inside, by=request.actor
            )
        )
        if number is not None:
            told = ngettext("%(n)d household handed over.", "%(n)d households handed over.", number)
            messages.success(request, told % {"n": number})
            return redirect(request.get_full_path())
    areas = [(one.id, one.name) for one in few_of(areas_seen(request.actor), area_id)]
    context = {"form": form, "areas": areas, "area_id": area_id, "too_many": too_many, "nobody": not carers}
    return render(request, "visits/hand_over.html", context, status=422 if form.is_bound else 200)


@page(roles=ASSIGNERS)
@require_POST
def end_care(request: PageRequest, assignment_id: UUID) -> HttpResponse:
    found = visible_assignments(request.actor).filter(pk=assignment_id).first()
    if found is None:
        raise NotFound("assignment")
    end_assignment(assignment=found, by=request.actor)
    messages.success(request, _("The household is no longer in this cadre's care."))
    return redirect(f"{reverse('visits:care')}?area={found.area_id}")


def assign_all(request: PageRequest, form: CareForm, shown: list[Any]) -> int:
    data = form.cleaned_data
    chosen = [one for one in shown if one.pk in set(data["pick"])]
    return assign_households(
        id=data["request_id"],
        households=chosen,
        account_id=data["account"],
        every_days=data["every_days"],
        by=request.actor,
    )


def with_carers(request: PageRequest, households: Any) -> list[dict[str, object]]:
    carers = carers_by_household(request.actor, [row.pk for row in households])
    return [{"household": one, "carers": carers.get(one.pk, []), "key": str(one.pk)} for one in households]

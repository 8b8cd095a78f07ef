"""A household's file on one page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from minqing.desk.queries import household as read
from minqing.households.queries import members_of, visible_household, visible_tags
from minqing.matters.enums import OPEN
from minqing.matters.queries import of_household, with_lights
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.visits.rules import may_assign, may_record

MATTERS = 10


@page(roles=FIELD)
def household(request: PageRequest, household_id: UUID) -> HttpResponse:
    """Everything that the actor may see of one household; the look is journalled."""
    actor = request.actor
    found = visible_household(actor, household_id)
    looked(request, "households.household.viewed", f"household:{found.pk}")
    watches = may_assign(actor, found.area_id)
    context = {
        "household": found,
        "people": members_of(actor, found.pk),
        "tags": visible_tags(actor, [found.pk]).get(found.pk, []),
        "code_since": read.code_since(actor, found.pk),
        "visits": read.visits(actor, found.pk),
        "hazards": read.hazards(actor, found.pk),
        "carers": read.carers(actor, found.pk),
        "matters": with_lights(of_household(actor, found.pk).filter(state__in=OPEN))[:MATTERS],
        "may_write": may_record(actor, found.area_id),
        "may_assign": watches,
        "viewers": read.viewers(found.pk) if watches else None,
    }
    return render(request, "desk/household.html", context)

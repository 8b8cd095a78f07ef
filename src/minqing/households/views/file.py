"""A household's file on one page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from minqing.households.queries import code_since, members_of, visible_household, visible_tags
from minqing.households.queries.access_log import viewers
from minqing.households.queries.moves import last_move
from minqing.households.rules import may_see_looks
from minqing.org.access import PageRequest, looked, page
from minqing.org.enums import FIELD
from minqing.web.slots import parts


@page(roles=FIELD)
def file(request: PageRequest, household_id: UUID) -> HttpResponse:
    """Everything that the actor may see of one household; the look is journalled."""
    actor = request.actor
    found = visible_household(actor, household_id)
    looked(request, "households.household.viewed", f"household:{found.pk}")
    context = {
        "household": found,
        "people": members_of(actor, found.pk),
        "came": last_move(actor, found.pk),
        "tags": visible_tags(actor, [found.pk]).get(found.pk, []),
        "code_since": code_since(actor, found.pk),
        "top": parts("households.file.top", request, found),
        "main": parts("households.file.main", request, found),
        "side": parts("households.file.side", request, found),
        "viewers": viewers(found.pk) if may_see_looks(actor, found.area_id) else None,
    }
    return render(request, "households/file.html", context)

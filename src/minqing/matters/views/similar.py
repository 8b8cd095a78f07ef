"""What is like a matter: while it is typed, in the queue, and beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from minqing.matters import queries, rules
from minqing.matters.access import READERS, matter_or_404
from minqing.matters.enums import Move
from minqing.matters.forms.moves import MergeForm
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD
from minqing.web.htmx import partial
from minqing.web.query_params import whole_number

TYPED = 2000


@page(roles=FIELD)
@require_POST
def similar(request: PageRequest) -> HttpResponse:
    """For a text that is being typed: it goes in the body, never in an address. Nothing for an area of others."""
    found: list[Any] = []
    area_id = whole_number(request.POST, "area")
    if area_id is not None:
        title, text = (request.POST.get(name, "")[:TYPED] for name in ("title", "text"))
        found = queries.similar_matters(request.actor, title=title, text=text, area_id=area_id)
    return partial(request, "matters/similar.html", "found", {"found": found})


@page(roles=READERS)
def alike(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """What is like a matter, each with a way to handle both together where the actor may."""
    matter = matter_or_404(request, matter_id)
    found = queries.similar_matters(
        request.actor, title=matter.title, text=matter.text[:TYPED], area_id=matter.area_id, apart=matter.pk
    )
    may_merge = bool(rules.may(Move.MERGE, request.actor, matter.situation))
    # beside other things it takes one line until somebody wants it
    context = {"found": found, "matter": matter, "may_merge": may_merge, "folded": bool(request.htmx)}
    return partial(request, "matters/similar.html", "found", context)


@page(roles=rules.movers(Move.MERGE))
def together(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """The merge form with the number of the other matter filled in."""
    matter = matter_or_404(request, matter_id)
    form = MergeForm(matter=matter, initial={"number": request.GET.get("number", "")[:40]})
    decision = rules.may(Move.MERGE, request.actor, matter.situation)
    return render(request, "matters/together.html", {"matter": matter, "form": form, "decision": decision})

"""Assigning what was ticked in the queue or in the list, and telling what went."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from minqing.org.access import PageRequest, page
from minqing.routing.forms.bulk import bulk_form
from minqing.routing.views.triage import CLERKS


@page(roles=CLERKS)
@require_POST
def bulk(request: PageRequest) -> HttpResponse:
    """Each ticked matter by itself; sent twice it is done once. With errors the ticks come back."""
    form = bulk_form(request.actor, request.POST)
    if not form.is_valid():
        return render(request, "routing/bulk.html", {"form": form}, status=422)
    outcomes = form.apply(by=request.actor)
    went = [one for one in outcomes if not one.why]
    context = {"went": went, "left": [one for one in outcomes if one.why], "total": len(outcomes)}
    return render(request, "routing/bulk.html", context)

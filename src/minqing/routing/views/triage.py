"""The clerk's queue: what came in, what is suggested, one press to assign it, or all that are ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.matters import queries, rules
from minqing.matters.access import matter_or_404
from minqing.matters.enums import Mechanism, Move, State
from minqing.matters.protocols import CategoryLike, MatterLike, UnitLike
from minqing.org.access import PageRequest, page
from minqing.org.queries import units_for
from minqing.routing.forms.bulk import bulk_form, ticker
from minqing.routing.forms.queue import QueueForm, QueueOrderForm
from minqing.routing.queries.advice import Advice, advise
from minqing.web.htmx import partial
from minqing.web.paging import page_of

CLERKS = rules.movers(Move.ASSIGN)
PAGE = 20
SHOWN = 240


def queue_row(matter: Any, advice: Advice, form: QueueForm | None = None) -> dict[str, Any]:
    """One row of the queue. Without a unit to suggest the form stands open at once."""
    blank = QueueForm(matter=matter)
    return {
        "matter": matter,
        "advice": advice,
        "request_id": blank["request_id"].value(),
        "seen": blank.token,
        "mechanism": advice.mechanism or Mechanism(matter.mechanism).value,
        "form": form,
        "waits": matter.state == State.RECEIVED,
    }


@page(roles=CLERKS)
def triage(request: PageRequest) -> HttpResponse:
    """What waits to be assigned, oldest first unless asked otherwise, each with a suggestion and its reason."""
    form = QueueOrderForm(request.GET)
    asked = form.cleaned_data
    waiting = queries.to_triage(request.actor, asked.get("order", "")).defer("search")
    found = queries.search(waiting, asked.get("text", ""), few=True, reader=request.actor)
    rows = page_of(found, request, size=PAGE)
    advice = advise(rows)
    tick = ticker()
    items = [queue_row(row, advice[row.pk]) | {"pick": tick(row.pk, row.title, row.changed_at)} for row in rows]
    context = {"page": rows, "items": items, "shown": SHOWN, "bulk": bulk_form(request.actor), "form": form}
    context["narrowed"] = any(asked.values())
    return render(request, "routing/triage.html", context)


@page(roles=CLERKS)
def route(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """One row of the queue: GET opens its form, or closes it; POST assigns. HTMX swaps the row alone."""
    matter = matter_or_404(request, matter_id)
    categories = queries.categories()
    near = units_for([matter.area.path])
    advice = advise([matter], categories=categories, units=near)[matter.pk]
    data = request.POST if request.method == "POST" else None
    form: QueueForm | None = QueueForm(
        data, matter=matter, by=request.actor, categories=categories, units=near, initial=suggested(matter, advice)
    )
    status = 200
    if request.method == "POST":
        if form and form.is_valid() and form.apply(by=request.actor):
            if not request.htmx:
                messages.success(request, _("Assigned: %(number)s.") % {"number": matter.number})
                return redirect("routing:triage")
            matter, form = matter_or_404(request, matter_id), None
        else:
            status = 422
    elif "close" in request.GET:
        form = None
    row = queue_row(matter, advice, form)
    if request.htmx and form is None:
        # it comes back as it stood in the list
        row["pick"] = ticker()(matter.pk, matter.title, matter.changed_at)
    context = {"item": row, "items": [row], "shown": SHOWN}
    return partial(request, "routing/triage.html", "row", context, status=status)


def proposed(matter: MatterLike, categories: Sequence[CategoryLike], units: Sequence[UnitLike]) -> dict[str, Any]:
    """The same on the page of the matter itself."""
    return suggested(matter, advise([matter], categories=categories, units=units)[matter.pk])


def suggested(matter: MatterLike, advice: Advice) -> dict[str, Any]:
    """The assignment form as it comes up: everything as suggested."""
    return {
        "unit": advice.unit.id if advice.unit else None,
        "category": advice.category.code if advice.category else "",
        "due_days": advice.days,
        "mechanism": advice.mechanism or matter.mechanism,
    }


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

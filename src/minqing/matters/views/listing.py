"""The list of matters with its filters, and taking one in at the counter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from minqing.matters import queries, tickets
from minqing.matters.access import READERS
from minqing.matters.forms import FilterForm, NewForm
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD
from minqing.org.queries import areas_seen, units_at_work
from minqing.web.htmx import partial
from minqing.web.paging import page_of

# those that stand in the open; the others are folded away
FIRST_FILTERS = frozenset({"text", "state", "light"})


def area_choices(request: PageRequest) -> list[tuple[int, str]]:
    """The actor's areas, those below others set in."""
    rows = areas_seen(request.actor)
    top = min((row.path.count(".") for row in rows), default=0)
    return [(row.id, "\u3000" * (row.path.count(".") - top) + row.name) for row in rows]


@page(roles=READERS)
def listing(request: PageRequest) -> HttpResponse:
    """Newest first; ``?order=due`` shows what is due first."""
    form = FilterForm(request.GET, areas=area_choices(request), units=units_at_work(), categories=queries.categories())
    found = queries.filtered(queries.visible_matters(request.actor), form.filters())
    by_due = request.GET.get("order") == "due"
    ordered = found.order_by(*(("due_at", "id") if by_due else ("-received_at", "-id")))
    rows = page_of(ordered.select_related("area", "category", "lead_unit").defer("text", "search"), request)
    context: dict[str, Any] = {
        "form": form,
        "page": rows,
        "may_take_in": request.actor.has(*FIELD),
        "narrowed": any(request.GET.values()),
        "further": any(request.GET.get(name) for name in form.fields if name not in FIRST_FILTERS),
    }
    return partial(request, "matters/list.html", "rows", context)


@page(roles=FIELD)
def new(request: PageRequest) -> HttpResponse:
    """At the counter: the clerk types what the resident tells."""
    areas, categories = area_choices(request), queries.categories()
    if request.method != "POST":
        return render(request, "matters/new.html", {"form": NewForm(areas=areas, categories=categories)})
    form = NewForm(request.POST, request.FILES, areas=areas, categories=categories)
    matter = form.apply(by=request.actor) if form.is_valid() else None
    if matter is None:
        return render(request, "matters/new.html", {"form": form}, status=422)
    told = _("Taken in. Give the resident this number and code to follow it: %(number)s, code %(code)s.")
    messages.success(request, told % {"number": matter.number, "code": tickets.follow_code_of(matter.pk)})
    return redirect("matters:detail", matter.pk)

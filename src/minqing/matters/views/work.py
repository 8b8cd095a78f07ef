"""The worklist: whose work, and where."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.http import urlencode

from minqing.listing.views import Found, rows_context
from minqing.matters import queries
from minqing.matters.forms.filters import FilterForm
from minqing.matters.lists import MATTERS, area_choices
from minqing.matters.queries.worklist import QUEUES
from minqing.org.access import PageRequest, page
from minqing.org.queries import area_path, units_at_work
from minqing.web.htmx import partial as page_or_part
from minqing.web.paging import page_of


@page(roles=QUEUES.roles)
def work(request: PageRequest) -> HttpResponse:
    """One queue of the actor with the counts of all within the same place and search.

    Without a choice it is the first in which something waits.
    """
    form = FilterForm(
        request.GET, areas=lambda: area_choices(request), units=units_at_work, categories=queries.categories
    )
    filters = form.filters()
    path = (area_path(filters.area) or "-") if filters.area else ""
    found_in = partial(queries.search, typed=filters.text, few=True)
    counts = queries.queue_counts(request.actor, path=path, alone=filters.alone, narrow=found_in)
    chosen = filters.queue if filters.queue in counts else next((name for name, n in counts.items() if n), "")
    chosen = chosen or next(iter(counts))
    found = queries.filtered(
        queries.visible_matters(request.actor), replace(filters, queue=chosen), actor=request.actor, lit=False
    )
    rows = found.order_by(*QUEUES[chosen].order).values(*MATTERS.values)
    found_page = Found(form, "", page_of(rows, request))
    context: dict[str, Any] = {
        "form": form,
        "queues": [(queue, counts[queue.name]) for queue in QUEUES.of(request.actor)],
        "chosen": QUEUES[chosen],
        "list": MATTERS,
        "narrowed": bool(filters.area or filters.text),
    }
    # the rows keep the queue that they stand in, also where nobody has chosen it
    request.GET = QueryDict(urlencode(request.GET.dict() | {"queue": chosen}))
    context |= rows_context(MATTERS, request, found_page, plain=True)
    return page_or_part(request, "matters/work.html", "work", context)

"""The worklist: whose work, and where."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse

from minqing.matters import queries
from minqing.matters.forms import FilterForm
from minqing.matters.queries.worklist import QUEUES, WORKING
from minqing.matters.views.listing import COLUMNS, HEADINGS, area_choices, rows_shown
from minqing.org.access import PageRequest, page
from minqing.org.queries import area_path, units_at_work
from minqing.web.htmx import partial as page_or_part
from minqing.web.paging import page_of


@page(roles=WORKING)
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
    found_page = page_of(found.order_by(*QUEUES[chosen].order).values(*COLUMNS), request)
    context: dict[str, Any] = {
        "form": form,
        "queues": [(queue, counts[queue.name]) for queue in queries.queues_of(request.actor)],
        "chosen": QUEUES[chosen],
        "headings": [str(heading) for heading in HEADINGS],
        "page": replace(found_page, rows=rows_shown(found_page.rows)),
        "narrowed": bool(filters.area or filters.text),
    }
    return page_or_part(request, "matters/work.html", "work", context)

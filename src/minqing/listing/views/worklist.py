"""The page of what waits for somebody, of all rooms."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from minqing.listing.forms import WorkFilter
from minqing.listing.worklist import Asked, awaited, chosen_of, page_in, page_of_all, tabs_of
from minqing.org.access import PageRequest
from minqing.web.htmx import partial


@require_safe
def worklist(request: PageRequest) -> HttpResponse:
    """What waits for the actor in every room, what is due first on top, or one queue of it; and the counts."""
    form = WorkFilter.asked_by(request)
    asked = Asked(*form.asked())
    tabs, total = tabs_of(request, asked)
    chosen = chosen_of(tabs, request.GET.get("queue", ""))
    context: dict[str, object] = {
        "form": form,
        "total": total,
        "tabs": [tab for tab in tabs if tab.waiting_now or tab == chosen],
        "chosen": chosen,
        "awaited": awaited(request),
        "narrowed": bool(asked.typed or asked.area),
        "page": page_in(request, chosen, asked) if chosen else page_of_all(request, asked),
    }
    return partial(request, "listing/worklist.html", "work", context)

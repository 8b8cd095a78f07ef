"""The page of what waits for somebody, of all rooms."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from minqing.listing.forms import WorkFilter
from minqing.listing.worklist import Asked, awaited, chosen_of, page_in, tabs_of
from minqing.org.access import PageRequest
from minqing.web.htmx import partial


@require_safe
def worklist(request: PageRequest) -> HttpResponse:
    """One queue of the actor beside the counts of all, of every room; without a choice the first that is not empty."""
    form = WorkFilter.asked_by(request)
    asked = Asked(*form.asked())
    tabs = tabs_of(request, asked)
    chosen = chosen_of(tabs, request.GET.get("queue", ""))
    context: dict[str, object] = {
        "form": form,
        "tabs": tabs,
        "chosen": chosen,
        "awaited": awaited(request),
        "narrowed": bool(asked.typed or asked.area),
        "page": page_in(request, chosen, asked) if chosen else None,
    }
    return partial(request, "listing/worklist.html", "work", context)

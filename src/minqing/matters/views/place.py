"""Where a matter stands in the list or the queue from which it was opened: the page keeps its place."""

from __future__ import annotations

from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from minqing.listing.views import place_in
from minqing.matters.lists import MATTERS
from minqing.matters.models import Matter
from minqing.matters.queries.worklist import QUEUES
from minqing.org.access import PageRequest

# the filters of the list, as its address has them
PARAMETER: Final = "in"
LONGEST: Final = 1000


def kept_place(request: PageRequest) -> str:
    """To be put behind an address that belongs to the same matter, or to the one beside it."""
    query = request.GET.get(PARAMETER, "")[:LONGEST]
    return f"?{urlencode({PARAMETER: query})}" if query else ""


def place_of(request: PageRequest, matter: Matter) -> dict[str, object]:
    """The way back to the list, and to the matters before and after this one; nothing where no list is named."""
    query = request.GET.get(PARAMETER, "")[:LONGEST]
    if not query:
        return {}
    queue = QUEUES.get(QueryDict(query).get("queue", ""))
    return {
        "place": place_in(MATTERS, request, query, matter.pk, by=queue.ordered(request.actor) if queue else ()),
        "kept": kept_place(request),
        "back": f"{reverse('matters:work' if queue else 'matters:list')}?{query}",
        "back_label": queue.label if queue else MATTERS.label,
    }

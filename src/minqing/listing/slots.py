"""What this room adds to the answer that brings the bell of every page: how much waits, beside the navigation."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from minqing.listing.worklist import mine, waiting_in_all
from minqing.org.access import PageRequest
from minqing.web.slots import drawn, given

# the navigation says "99+" for more
MOST: Final = 100


def in_navigation(request: PageRequest, about: None) -> str:
    """The number of all that waits, each thing once, and that of the queues that have an entry of their own."""
    if not mine(request):
        return ""
    number, queues = waiting_in_all(request, MOST)
    counts = {reverse(url): queues[word] for url, word in given("listing.counts", request, None)}
    counts[reverse("listing:worklist")] = number
    return drawn(request, "listing/parts/counts.html", {"counts": counts, "main": reverse("listing:worklist")})

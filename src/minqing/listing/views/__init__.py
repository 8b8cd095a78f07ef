"""Pages of lists."""

from __future__ import annotations

from minqing.listing.views.page import Found, Position, found_in, list_page, place_in, rows_context
from minqing.listing.views.saved import drop, keep, kept
from minqing.listing.views.split import OPEN, Beside, beside, query_with, split_page, wants_view
from minqing.listing.views.worklist import worklist

__all__ = [
    "OPEN",
    "Beside",
    "Found",
    "Position",
    "beside",
    "drop",
    "found_in",
    "keep",
    "kept",
    "list_page",
    "place_in",
    "query_with",
    "rows_context",
    "split_page",
    "wants_view",
    "worklist",
]

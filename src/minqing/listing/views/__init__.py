"""Pages of lists."""

from __future__ import annotations

from minqing.listing.views.keeping import drop, keep, kept
from minqing.listing.views.page import Found, Place, found_in, list_page, place_in, rows_context

__all__ = ["Found", "Place", "drop", "found_in", "keep", "kept", "list_page", "place_in", "rows_context"]

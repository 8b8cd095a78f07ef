"""Pages of lists."""

from __future__ import annotations

from minqing.listing.views.keeping import drop, keep, kept
from minqing.listing.views.page import Found, found_in, list_page, rows_context

__all__ = ["Found", "drop", "found_in", "keep", "kept", "list_page", "rows_context"]

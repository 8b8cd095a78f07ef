"""Pages of the record."""

from __future__ import annotations

from minqing.audit.views.reading import looks, record
from minqing.audit.views.sealing import check, seals

__all__ = ["check", "looks", "record", "seals"]

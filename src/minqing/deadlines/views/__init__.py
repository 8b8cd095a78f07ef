"""Pages of terms and of the year's working days."""

from __future__ import annotations

from minqing.deadlines.views.days import day, days, workbook
from minqing.deadlines.views.terms import ladder, norms

__all__ = ["day", "days", "ladder", "norms", "workbook"]

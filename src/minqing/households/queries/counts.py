"""How many households there are: a figure, which leaders may know, and no file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from minqing.households.models import Household


def open_households(areas: QuerySet[Any]) -> int:
    """Households that are not closed, in a set of areas."""
    return Household.objects.filter(area_id__in=areas.order_by().values("id"), closed_at=None).count()

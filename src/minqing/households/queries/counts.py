"""How many households there are: a figure, which leaders may know, and no file."""

from __future__ import annotations

from collections.abc import Iterable

from minqing.households.models import Household
from minqing.privacy.access import one_of


def open_households(areas: Iterable[int]) -> int:
    """Households that are not closed, in areas of these ids."""
    return Household.objects.filter(one_of("area_id", areas), closed_at=None).count()

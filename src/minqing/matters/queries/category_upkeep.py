"""All categories for the operator who keeps them: those put aside too, in the order of the tree."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from minqing.matters.enums import OPEN
from minqing.matters.models import Category, Matter
from minqing.matters.queries.visibility import in_tree
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


def stored_categories() -> Sequence[Category]:
    """Each followed by those below it, in use first."""
    return in_tree(list(Category.objects.order_by("retired", "code")))


def categories_for_upkeep() -> Sequence[Category]:
    """``running``: how many open matters have it. Counts alone, which the operator may know."""
    rows = stored_categories()
    with acting_as(system_actor("how many matters have a category")):
        open_ones = (
            Matter.objects.filter(state__in=OPEN).order_by().values_list("category").annotate(number=Count("pk"))
        )
        running = dict(open_ones)
    for row in rows:
        row.running = running.get(row.pk, 0)  # type: ignore[attr-defined]
    return rows

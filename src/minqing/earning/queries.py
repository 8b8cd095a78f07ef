"""What people are thanked for, as it is now and as it was."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from minqing.core.errors import NotFound
from minqing.earning.enums import Category
from minqing.earning.models import FunctionVersion

LIMITS = ("person_day", "person_season", "household_day", "household_season")


def current_versions() -> QuerySet[FunctionVersion]:
    return FunctionVersion.objects.filter(current=True).select_related("function").order_by("function_id")


def current_version(code: str) -> FunctionVersion:
    """NotFound for a code that no function has."""
    found = current_versions().filter(function=code).first()
    if found is None:
        raise NotFound("function")
    return found


def versions_of(code: str) -> list[FunctionVersion]:
    """The newest first, with who wrote each."""
    return list(FunctionVersion.objects.filter(function=code).select_related("by").order_by("-number"))


def by_category(rows: QuerySet[FunctionVersion]) -> list[tuple[str, list[FunctionVersion]]]:
    """Categories in their order, each with its functions; none that is empty."""
    found: dict[str, list[FunctionVersion]] = {one.value: [] for one in Category}
    for row in rows:
        found[row.function.category].append(row)
    return [(str(Category(key).label), kept) for key, kept in found.items() if kept]


def limits_in_words(row: FunctionVersion) -> list[str]:
    """How often somebody is thanked for it at most."""
    return list(worded(row))


def worded(row: FunctionVersion) -> Iterator[str]:
    if row.person_day:
        yield _("one person %(times)d × a day") % {"times": row.person_day}
    if row.person_season:
        yield _("one person %(times)d × a quarter") % {"times": row.person_season}
    if row.household_day:
        yield _("a household %(times)d × a day") % {"times": row.household_day}
    if row.household_season:
        yield _("a household %(times)d × a quarter") % {"times": row.household_season}

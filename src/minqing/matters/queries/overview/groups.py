"""Matters by category and by place, as a table and as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from minqing.matters.queries.days import Days, received_by_category
from minqing.matters.queries.overview.counts import Counts
from minqing.web.overview import Scope


@dataclass(frozen=True)
class Group:
    """Counts of one category or place, each with its link; ``key`` is empty for what has none."""

    key: str
    name: str
    received: int
    open: int
    overdue: int
    links: dict[str, str]


def by_category(counts: Counts) -> list[Group]:
    """First-level categories, the most received first; what nobody has sorted comes last."""
    rows = counted(
        counts,
        counts.days,
        key=Coalesce("category__parent__code", "category__code"),
        name=Coalesce("category__parent__name", "category__name"),
    )
    merged = {row["key"] or "": row for row in rows}
    for (code, name), number in (received_by_category(counts.days) if counts.days else {}).items():
        row = merged.setdefault(code, {"name": name, "received": 0, "open": 0, "overdue": 0})
        row["received"] += number
    groups = [
        group(counts.scope, key=key, name=row["name"] or _("Not sorted yet"), row=row, field="category")
        for key, row in merged.items()
    ]
    return sorted(groups, key=lambda one: (not one.key, -one.received, -one.open, one.key))


def by_place(counts: Counts) -> list[Group]:
    """The areas next below the one looked at, in their own order, each with everything inside it."""
    scope = counts.scope
    # what is kept knows the areas next below the county, and no others
    days = counts.days if len(below(scope, scope.path)) > 1 else None
    rows = list(counted(counts, days, key=F("area__path")))
    for town, number in (days.received_by("place") if days else {}).items():
        path = f"{scope.path}{town}." if town else scope.path
        rows.append({"key": path, "received": number, "open": 0, "overdue": 0})
    top = forked(scope, {row["key"] for row in rows})
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        sum_ = sums.setdefault(child_path(top, row["key"]), {"received": 0, "open": 0, "overdue": 0})
        for name in sum_:
            sum_[name] += row[name]
    nothing = {"received": 0, "open": 0, "overdue": 0}
    groups = [
        group(scope, key=str(one.id), name=one.name, row=sums.get(one.path, nothing), field="area")
        for one in scope.areas
        if one.path != top and child_path(top, one.path) == one.path
    ]
    if top in sums:
        # no filter of the list means "this area and nothing below it"
        groups.append(Group(key="", name=_("No place given"), links={}, **sums[top]))
    return groups


def below(scope: Scope, top: str) -> list[str]:
    """The paths of the areas next below ``top``."""
    return [one.path for one in scope.areas if one.path != top and child_path(top, one.path) == one.path]


def forked(scope: Scope, used: set[str]) -> str:
    """The area to divide: a city with a single township says nothing until that township's villages are shown."""
    top = scope.path
    while top not in used:
        next_below = below(scope, top)
        if len(next_below) != 1:
            break
        top = next_below[0]
    return top


def child_path(top: str, path: str) -> str:
    """``1.4.17.9.`` seen from ``1.4.`` lies in ``1.4.17.``; what is at the top itself stays there."""
    step, dot, _rest = path.removeprefix(top).partition(".")
    return f"{top}{step}{dot}"


def counted(counts: Counts, days: Days | None, **by: Any) -> QuerySet[Any, dict[str, Any]]:
    """By ``by`` what is open, and what was received on days that are not among the kept ``days``."""
    received = days.unkept("received_at") if days else counts.within("received_at")
    return (
        counts.matters.filter(received | counts.open)
        .values(**by)
        .annotate(
            received=Count("id", filter=received),
            open=Count("id", filter=counts.open),
            overdue=Count("id", filter=counts.overdue),
        )
    )


def group(scope: Scope, *, key: str, name: str, row: dict[str, int], field: str) -> Group:
    filters: dict[str, dict[str, Any]] = {
        "received": scope.span(),
        "open": {"state": "open"},
        "overdue": {"light": "red"},
    }
    links = {what: scope.link("matters:list", **{field: key}, **rest) for what, rest in filters.items()} if key else {}
    return Group(key=key, name=name, links=links, **{what: row[what] for what in filters})


def bars(groups: Sequence[Group], field: str, name: str) -> dict[str, Any]:
    """The chart of one column of a table."""
    shown = [one for one in groups if getattr(one, field)]
    return {
        "kind": "bar",
        "categories": [one.name for one in shown],
        "series": [{"name": name, "values": [getattr(one, field) for one in shown]}],
        "links": [one.links.get(field, "") for one in shown],
        "unit": _("matters"),
    }

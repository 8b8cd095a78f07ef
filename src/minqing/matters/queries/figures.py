"""Counts of matters; each can be reached as rows through the list with the same filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI
from minqing.deadlines.enums import Light
from minqing.matters.enums import OPEN
from minqing.matters.models import Matter
from minqing.matters.models.category import called, top_called, top_code
from minqing.matters.queries.finding import within
from minqing.matters.queries.lights import with_lights
from minqing.matters.queries.visibility import visible_matters


@dataclass(frozen=True, kw_only=True)
class Row:
    """One group: ``key`` goes into the list's filter, ``label`` is shown; ``path`` of an area, else empty."""

    key: Any
    label: str
    received: int
    open: int
    red: int
    path: str = ""


# how each grouping reads its key, its label and its path; what hangs on the language is asked for each time
GROUPS: dict[str, dict[str, object]] = {
    "category": {"key": top_code(), "label": top_called},
    "subcategory": {"key": F("category__code"), "label": called},
    "area": {"key": F("area_id"), "label": F("area__name"), "path": F("area__path")},
    "unit": {"key": F("lead_unit_id"), "label": F("lead_unit__name")},
    "channel": {"key": F("channel")},
    "state": {"key": F("state")},
    "light": {"key": F("light")},
    "day": {"key": TruncDay("received_at", tzinfo=SHANGHAI, output_field=DateField())},
    "week": {"key": TruncWeek("received_at", tzinfo=SHANGHAI, output_field=DateField())},
    "month": {"key": TruncMonth("received_at", tzinfo=SHANGHAI, output_field=DateField())},
}


def counted(actor: Actor, since: date | None, until: date | None, now: datetime) -> QuerySet[Matter]:
    return within(with_lights(visible_matters(actor), now), since=since, until=until)


def figures_by(
    actor: Actor,
    by: str,
    *,
    since: date | None = None,
    until: date | None = None,
    now: datetime | None = None,
) -> list[Row]:
    """Counts by one of :data:`GROUPS`, those without a key left out; times in order, others the largest first."""
    now = now or clock.now()
    group = {f"group_{name}": value() if callable(value) else value for name, value in GROUPS[by].items()}
    rows: Any = (
        counted(actor, since, until, now)
        .order_by()
        .values(**group)
        .annotate(
            received=Count("pk"),
            open=Count("pk", filter=Q(state__in=OPEN)),
            red=Count("pk", filter=Q(light=Light.RED.value)),
        )
        .filter(group_key__isnull=False)
    )
    made = [
        Row(
            key=row["group_key"],
            label=str(row.get("group_label") or row["group_key"]),
            path=row.get("group_path") or "",
            received=row["received"],
            open=row["open"],
            red=row["red"],
        )
        for row in rows
    ]
    if by in {"day", "week", "month"}:
        return sorted(made, key=lambda row: row.key)
    return sorted(made, key=lambda row: (-row.received, str(row.key)))

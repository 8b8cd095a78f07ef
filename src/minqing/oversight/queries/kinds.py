"""Matters of a period by kind beside the period before, and what comes again and again in one place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from minqing.matters.queries import called, top_called, top_code
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.measures import conditions
from minqing.matters.queries.stages import OPEN_STATES
from minqing.oversight.queries.groups import within
from minqing.oversight.queries.periods import matters_of
from minqing.web.overview import Scope

# of one kind in one place: fewer are no class of their own
REPEATED: Final = 3
MOST_REPEATED: Final = 20
# of what was finished in the period
SAID: Final = ("timed", "in_time", "asked_solved", "solved", "rated", "satisfied")


def kinds(scope: Scope) -> QuerySet[Any, Any]:
    """By first-level category in the county's own order: one statement. What nobody has sorted yet is of none."""
    since, until = scope.before
    received, finished = within(scope, "received_at"), within(scope, "finished_at")
    before = within(replace(scope, since=since, until=until), "received_at")
    open_ = Q(state__in=OPEN_STATES)
    said = conditions(scope.now)
    wanted = {
        "received": received,
        "before": before,
        "finished": finished,
        "open": open_,
        "overdue": overdue_at(scope.now),
        "reopened": received & said["reopened"],
    } | {name: finished & said[name] for name in SAID}
    found = matters_of(scope).filter(received | before | finished | open_)
    named = found.values(kind=top_code(), name=top_called())
    return named.annotate(**{f"n_{name}": Count("id", filter=one) for name, one in wanted.items()}).order_by("kind")


def repeated(scope: Scope) -> list[dict[str, object]]:
    """Kinds of which one place had several in the period, in the order of the places: one statement."""
    found = matters_of(scope).filter(within(scope, "received_at"), category__isnull=False)
    rows = found.values("category_id", "area_id", kind=called(), where=F("area__name"), path=F("area__path"))
    counted = rows.annotate(n=Count("id")).filter(n__gte=REPEATED).order_by("path", "category_id")
    return list(counted[:MOST_REPEATED])

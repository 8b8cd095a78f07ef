"""Where matters stood at a moment in the past: told by their steps."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.lookups import In

from minqing.matters.enums import OPEN
from minqing.matters.models import Step
from minqing.matters.queries.lights import overdue_at

OPEN_STATES = sorted(OPEN)


def open_then(then: datetime) -> Q:
    """Those that were open at that moment: what has not changed since is as it was, of the rest the last step tells."""
    steps = Step.objects.filter(matter=OuterRef("pk"), at__lt=then).order_by("-at", "-id")
    still = Q(changed_at__lt=then, state__in=OPEN_STATES)
    state_then = Subquery(steps.values("state")[:1])
    return Q(received_at__lt=then) & (still | Q(changed_at__gte=then) & Q(In(state_then, OPEN_STATES)))


def touched_since(then: datetime) -> Q:
    """All that counts in :func:`stock`: what is open, and what has changed since."""
    return Q(state__in=OPEN_STATES) | Q(changed_at__gte=then)


def stock(now: datetime, then: datetime) -> dict[str, Count]:
    """How many are open and late, now and then, to be counted in one statement.

    Late then is what was open then and past the deadline that it has by now.
    """
    was_open = open_then(then)
    return {
        "open": Count("id", filter=Q(state__in=OPEN_STATES)),
        "overdue": Count("id", filter=overdue_at(now)),
        "open_before": Count("id", filter=was_open),
        "overdue_before": Count("id", filter=was_open & Q(due_at__lt=then)),
    }

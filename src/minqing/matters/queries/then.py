"""Where matters stood at a moment in the past: told by their steps."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import In

from minqing.matters.enums import OPEN
from minqing.matters.models import Step

OPEN_STATES = sorted(OPEN)


def open_then(then: datetime) -> Q:
    """Those that were open at that moment: what has not changed since is as it was, of the rest the last step tells."""
    steps = Step.objects.filter(matter=OuterRef("pk"), at__lt=then).order_by("-at", "-id")
    still = Q(changed_at__lt=then, state__in=OPEN_STATES)
    state_then = Subquery(steps.values("state")[:1])
    return Q(received_at__lt=then) & (still | Q(changed_at__gte=then) & Q(In(state_then, OPEN_STATES)))

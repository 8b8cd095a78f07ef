"""What waits for somebody's decision, with what must be known to decide it: one statement for each kind."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from minqing.core.actor import Actor
from minqing.matters.enums import Mechanism, Move, PartState
from minqing.matters.models import Extension, Matter, Part, Step
from minqing.matters.queries.visibility import visible_matters
from minqing.matters.queries.worklist import BY_DUE, carried_up, contested, more_time_asked


def extensions_to_decide(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Those for which more time is asked, with ``more`` (a target) and the ``reason``."""
    asked = Extension.objects.filter(matter=OuterRef("pk"), granted=None)
    found = visible_by_due(actor, more_time_asked(actor, now))
    return found.annotate(more=Subquery(asked.values("more")[:1]), reason=Subquery(asked.values("reason")[:1]))


def contested_to_decide(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Those of which nobody wants to be the one, with the last ``reason``; ``part`` where it is a unit's part alone."""
    told = Step.objects.filter(matter=OuterRef("pk"), move__in=[Move.SEND_BACK.value, Move.REFUSE_PART.value])
    refused = Part.objects.filter(matter=OuterRef("pk"), state=PartState.REFUSED.value).order_by("id")
    return visible_by_due(actor, contested(actor, now)).annotate(
        reason=Subquery(told.order_by("-at", "-id").values("text")[:1]),
        refusing=Subquery(told.order_by("-at", "-id").values("unit__name")[:1]),
        part=Subquery(refused.values("id")[:1]),
    )


def carried_to_decide(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Those that were carried up to the actor, are not supervised, and on which the actor has not said a word since."""
    steps = Step.objects.filter(matter=OuterRef("pk")).order_by("-at")
    carried = Subquery(steps.filter(move=Move.ESCALATE.value).values("at")[:1])
    own = Subquery(steps.filter(move=Move.NOTE.value, by=actor.ref).values("at")[:1])
    found = visible_by_due(actor, carried_up(actor, now)).exclude(mechanism=Mechanism.SUPERVISED.value)
    return found.annotate(carried_at=carried, answered_at=own).filter(
        Q(answered_at=None) | Q(answered_at__lt=F("carried_at"))
    )


def visible_by_due(actor: Actor, which: Q) -> QuerySet[Matter]:
    found = visible_matters(actor).filter(which).select_related("area", "lead_unit")
    return found.defer("text", "search").order_by(*BY_DUE)

"""What waits for one cadre: households that are due, and matters of the own visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q

from minqing.core.actor import Actor
from minqing.deadlines.due_words import of_day
from minqing.households.queries import visible_residents
from minqing.matters.enums import OPEN
from minqing.matters.queries import visible_matters, with_dues
from minqing.visits.queries.visibility import due_assignments, in_care, matters_raised
from minqing.visits.rules import NEARLY_DUE

SHOWN = 8


@dataclass(frozen=True)
class Care:
    """A cadre's own households: how many, how many are overdue, and due this week."""

    households: int
    overdue: int
    due: int


def care_of(actor: Actor, today: date) -> Care:
    if actor.id is None:
        return Care(0, 0, 0)
    counted = in_care(actor, actor.id).aggregate(
        households=Count("id"),
        overdue=Count("id", filter=Q(due_on__lt=today)),
        due=Count("id", filter=Q(due_on__gte=today, due_on__lte=today + NEARLY_DUE)),
    )
    return Care(counted["households"], counted["overdue"], counted["due"])


def due_households(actor: Actor, today: date) -> list[dict[str, Any]]:
    """The households that are due next, each with its deadline and the names of who lives there."""
    if actor.id is None:
        return []
    people = (
        visible_residents(actor).filter(left_at__isnull=True).only("household_id", "name").order_by("born_on", "id")
    )
    due = due_assignments(actor, actor.id, today).prefetch_related(Prefetch("household__residents", people))
    return [
        {
            "household": one.household,
            "area": one.area,
            "due": of_day(one.due_on, today=today, every=one.every_days),
            "last_visit_at": one.last_visit_at,
            "names": [person.name for person in one.household.residents.all()[:3]],
        }
        for one in due[:SHOWN]
    ]


def open_raised(actor: Actor, now: datetime) -> list[object]:
    """Open matters that came from the actor's own visits, the most pressing first."""
    mine = matters_raised(actor, actor.id) if actor.id else []
    raised = visible_matters(actor).filter(state__in=OPEN, id__in=mine)
    return with_dues(raised.select_related("lead_unit").order_by("due_at", "id")[:SHOWN], now)

"""What waits for one person in one post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from minqing.core.actor import Actor
from minqing.desk.queries.figure import Figure, link
from minqing.households.queries import visible_residents
from minqing.matters.enums import OPEN, Light, State
from minqing.matters.queries import visible_matters, with_lights
from minqing.org.enums import Role
from minqing.privacy.access import one_of
from minqing.visits.queries import due_assignments, in_care, matters_raised, visible_visits
from minqing.visits.rules import NEARLY_DUE, day_start, due_light

SHOWN = 8


@dataclass(frozen=True)
class Care:
    """A cadre's own households: how many, how many are overdue, due this week, and visits written this month."""

    households: int
    overdue: int
    due: int
    visits: int


def care_of(actor: Actor, today: date) -> Care:
    if actor.id is None:
        return Care(0, 0, 0, 0)
    counted = in_care(actor, actor.id).aggregate(
        households=Count("id"),
        overdue=Count("id", filter=Q(due_on__lt=today)),
        due=Count("id", filter=Q(due_on__gte=today, due_on__lte=today + NEARLY_DUE)),
    )
    visits = visible_visits(actor).filter(account_id=actor.id, visited_at__gte=day_start(today.replace(day=1))).count()
    return Care(counted["households"], counted["overdue"], counted["due"], visits)


def due_households(actor: Actor, today: date) -> list[dict[str, Any]]:
    """The households that are due next, each with its light and the names of who lives there."""
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
            "due_on": one.due_on,
            "days": abs((one.due_on - today).days),
            "late": one.due_on < today,
            "light": due_light(one.due_on, today).value,
            "last_visit_at": one.last_visit_at,
            "names": [person.name for person in one.household.residents.all()[:3]],
        }
        for one in due[:SHOWN]
    ]


def my_open_matters(actor: Actor, now: datetime) -> QuerySet[Any]:
    """Open matters that came from the actor's own visits, the most pressing first."""
    mine = matters_raised(actor, actor.id) if actor.id else []
    raised = visible_matters(actor).filter(state__in=OPEN, id__in=mine)
    return with_lights(raised, now).select_related("lead_unit").order_by("due_at", "id")[:SHOWN]


def unit_matters(actor: Actor, now: datetime) -> QuerySet[Any]:
    """Open matters of the actor's units, what is overdue or due first on top."""
    # one that it has sent back is the clerk's
    mine = visible_matters(actor).filter(lead_unit_id__in=actor.units, state__in=OPEN).exclude(state=State.RECEIVED)
    return with_lights(mine, now).select_related("lead_unit", "area").order_by("due_at", "id")[:SHOWN]


def queue_figures(actor: Actor, now: datetime) -> list[Figure]:
    """Matters of the actor's unit by what is next, and for a clerk those that nobody has sorted yet: one query."""
    mine = Q(lead_unit_id__in=actor.units) & ~Q(state=State.RECEIVED)
    sorts = actor.has(Role.CLERK)
    n = with_lights(visible_matters(actor).filter(state__in=OPEN), now).aggregate(
        triage=Count("id", filter=one_of("area_id", actor.areas) & Q(state=State.RECEIVED)),
        waiting=Count("id", filter=mine & Q(state=State.ASSIGNED)),
        in_hand=Count("id", filter=mine & Q(state=State.ACCEPTED)),
        yellow=Count("id", filter=mine & Q(light=Light.YELLOW)),
        red=Count("id", filter=mine & Q(light=Light.RED)),
    )
    unit = next(iter(actor.units), "")
    figures = [
        Figure(_("To take up"), n["waiting"], link("matters:list", state=State.ASSIGNED, unit=unit)),
        Figure(_("In hand"), n["in_hand"], link("matters:list", state=State.ACCEPTED, unit=unit)),
        *(
            Figure(label, n[light], link("matters:list", light=light, unit=unit), light=light if n[light] else "")
            for label, light in ((_("Nearly due"), "yellow"), (_("Overdue"), "red"))
        ),
    ]
    triage = Figure(_("To sort"), n["triage"], link("matters:triage"), light="yellow" if n["triage"] else "")
    return [triage, *figures] if sorts else figures

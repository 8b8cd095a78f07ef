"""Who sees which hazard, and what waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minqing.audit.kinds import Numbered
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.deadlines.due_words import running
from minqing.deadlines.enums import Rung
from minqing.hazards.enums import Charge, Severity, State
from minqing.hazards.lifecycle import ENDED, RUNS
from minqing.hazards.models import Hazard
from minqing.hazards.rules import CLERKS, IN_VILLAGE, SEES
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.org.enums import Role
from minqing.org.queries import areas_inside, work_calendar
from minqing.privacy.access import one_of
from minqing.web.pieces import Due
from minqing.worktime.hours import WorkTime

OPEN: Final = [state.value for state in State if state not in ENDED]
TIMED: Final = [state.value for state in RUNS]


def visible_hazards(actor: Actor) -> QuerySet[Hazard]:
    """The same as :func:`rules.may_see`, the newest first."""
    here = one_of("area_id", actor.areas) if actor.has(*SEES) else Q(pk__in=[])
    rows = Hazard.objects.filter(Q() if actor.kind == "system" else here)
    return rows.select_related("area", "version").order_by("-found_at", "-pk")


def hazard_for(actor: Actor, hazard_id: UUID) -> Hazard:
    """NotFound for one that the actor may not know of."""
    people = ("found_by", "confirmed_by", "righted_by", "closed_by", "asked_by", "household", "matter")
    row = visible_hazards(actor).select_related("area", "version", *people).filter(pk=hazard_id).first()
    if row is None:
        raise NotFound("hazard")
    return row


def hazard_sent(id: UUID) -> Hazard | None:
    """What the form with this id has made."""
    return Hazard.objects.filter(pk=id).first()


def hazards_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Hazard]:
    """Those of the ids that the actor sees."""
    return visible_hazards(actor).in_bulk(list(ids))


def of_matter(matter: UUID) -> Hazard | None:
    """The one that was raised as that matter; the caller sees every area."""
    return Hazard.objects.filter(matter=matter).first()


def their_turn(actor: Actor, _now: datetime) -> Q:
    """The same as :func:`rules.waits_for`, of those that the actor sees."""
    turn = Q(pk__in=[])
    asked = Q(state=State.CONFIRMED.value, asked_by__isnull=False)
    of_township = Q(state=State.CONFIRMED.value, charge=Charge.TOWNSHIP.value)
    if actor.has(*CLERKS):
        mine = Q(righted_by=actor.id) if actor.id else Q(pk__in=[])
        to_look = Q(state=State.PUT_RIGHT.value) & ~Q(pk__in=Hazard.objects.filter(mine).values("pk"))
        to_decide = asked & ~Q(pk__in=Hazard.objects.filter(asked_by=actor.id).values("pk")) if actor.id else asked
        turn |= Q(state=State.FOUND.value) | to_look | of_township | to_decide
    if actor.has(*IN_VILLAGE):
        turn |= Q(state=State.CONFIRMED.value) & ~of_township
    return turn


def still_open(_actor: Actor, _now: datetime) -> Q:
    return Q(state__in=OPEN)


def overdue(_actor: Actor, now: datetime) -> Q:
    return Q(state__in=TIMED, due_at__lt=now)


# what runs first, by when it is due; then all else, the newest first
BY_DUE: Final = (Case(When(state__in=TIMED, then=F("due_at"))).asc(nulls_last=True), "-found_at", "-pk")
ACT: Final = pgettext_lazy("act", "Look")
QUEUES: Final = Queues(
    visible_hazards,
    (
        Queue("turn", _("Waits for you"), "person-check", SEES - {Role.LEADER}, their_turn, BY_DUE, ACT,
              named=_("Hazards that wait for you")),
        Queue("overdue", _("Overdue"), "exclamation-octagon-fill", SEES, overdue, BY_DUE, ACT,
              named=_("Hazards that are overdue")),
        Queue("open", _("Not closed yet"), "hourglass-split", SEES, still_open, BY_DUE),
    ),
)  # fmt: skip


def sums_of(actor: Actor, area_id: int | None, now: datetime) -> dict[str, int]:
    """How many are open, how many of these are major and how many late, and how many there were; one query."""
    rows = visible_hazards(actor).select_related(None).order_by()
    if area_id is not None:
        rows = rows.filter(one_of("area_id", areas_inside(actor, area_id)))
    open_ = Q(state__in=OPEN)
    return rows.aggregate(
        open=Count("pk", filter=open_),
        major=Count("pk", filter=open_ & Q(severity=Severity.MAJOR.value)),
        overdue=Count("pk", filter=overdue(actor, now)),
        closed=Count("pk", filter=~open_),
    )


def dues(now: datetime) -> Callable[[Hazard], Due | None]:
    """What says at that moment until when its present step is due; None where nothing runs."""
    work = WorkTime(work_calendar())

    def told(row: Hazard) -> Due | None:
        if row.state not in TIMED:
            return None
        since = began(row)
        return running(row.due_at, started_at=since, now=now, work=work, provisional=row.due_provisional)

    return told


def began(row: Hazard) -> datetime:
    """When the step began that runs now."""
    since = {State.CONFIRMED: row.confirmed_at, State.PUT_RIGHT: row.righted_at}.get(State(row.state))
    return since or row.found_at


def is_carried_up(row: Hazard) -> bool:
    """Whether somebody above has heard that it is late."""
    return row.state in TIMED and row.rung != Rung.OFFICER


def pictures_of(row: Hazard) -> tuple[list[UUID], list[UUID]]:
    """As it was found, and as it was put right."""
    rows = list(row.photos.order_by("pk").values_list("attachment_id", "after"))
    return [id for id, after in rows if not after], [id for id, after in rows if after]


def open_of_household(actor: Actor, household_id: UUID) -> Sequence[Hazard]:
    return list(visible_hazards(actor).filter(household=household_id, state__in=OPEN)[:5])


def late_since(now: datetime) -> list[datetime]:
    """Since when open ones are late, the longest first; act as the system."""
    rows = Hazard.objects.filter(state__in=TIMED, due_at__lt=now).order_by("due_at")
    return [due for due in rows.values_list("due_at", flat=True) if due]


# what notices and the record call hazards
NUMBERED: Final = Numbered(code="hazard", visible=visible_hazards, title=lambda row: row.title)

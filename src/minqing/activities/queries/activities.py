"""Activities, as the staff sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from minqing.activities.enums import SignUpState, State
from minqing.activities.lifecycle import OVER, TAKEN
from minqing.activities.models import Activity, Report, SignUp
from minqing.activities.rules import FEW
from minqing.audit.kinds import Numbered
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.earning.enums import Confirmer
from minqing.earning.rules import CLERKS, SECONDS
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.org.enums import FIELD
from minqing.org.queries import areas_seen, system_actor
from minqing.privacy.access import acting_as, one_of


def visible_activities(actor: Actor) -> QuerySet[Activity]:
    """Those of the actor's areas, and what is published for a whole township in which they lie."""
    if actor.kind == "system":
        seen = Q()
    else:
        above = {int(part) for area in areas_seen(actor) for part in area.path.split(".") if part} - actor.areas
        published = Q(area__in=sorted(above)) & ~Q(state=State.DRAFT.value)
        seen = one_of("area_id", actor.areas) | published
    rows = Activity.objects.filter(seen).select_related("area", "version__function")
    return rows.order_by("-starts_at", "-pk")


def activity_for(actor: Actor, activity_id: UUID) -> Activity:
    """Raises NotFound for what the actor may not know of."""
    found = visible_activities(actor).select_related("written_by", "settled_by", "thanked_by").filter(pk=activity_id)
    row = found.first()
    if row is None:
        raise NotFound("activity")
    return row


def activity_sent(id: UUID) -> Activity | None:
    """What the form with this id has made."""
    return Activity.objects.filter(pk=id).first()


@dataclass(frozen=True, slots=True)
class Seats:
    """How many have a place, came, and wait; ``free`` None where there is no limit."""

    taken: int
    came: int
    waiting: int
    free: int | None

    @property
    def shown(self) -> bool:
        """Whether it may be told to all how many came."""
        return self.came >= FEW


def seats_of(row: Activity) -> Seats:
    """Of everybody who signed up, whoever asks: a number tells of nobody."""
    return seats_of_all([row])[row.pk]


def seats_of_all(rows: Sequence[Activity]) -> dict[UUID, Seats]:
    with acting_as(system_actor("activities")):
        found = SignUp.objects.filter(activity__in=[one.pk for one in rows]).order_by()
        counts = Counter(
            {(pk, state): n for pk, state, n in found.values_list("activity", "state").annotate(Count("pk"))}
        )
    return {row.pk: room(row, counts) for row in rows}


def room(row: Activity, counts: Counter[tuple[UUID, str]]) -> Seats:
    taken = sum(counts[row.pk, one.value] for one in TAKEN)
    free = None if row.capacity is None else max(0, row.capacity - taken)
    return Seats(taken, counts[row.pk, SignUpState.CAME.value], counts[row.pk, SignUpState.WAITING.value], free)


def came_to(row: Activity) -> int:
    return seats_of(row).came


def held_in(areas: Iterable[int], since: datetime, until: datetime) -> list[tuple[Activity, Seats]]:
    """What those places held in that time and is over, the first first, and how many came."""
    over = Activity.objects.filter(one_of("area_id", areas), state__in=sorted(OVER))
    rows = list(over.filter(starts_at__gte=since, starts_at__lt=until).order_by("starts_at", "pk"))
    rooms = seats_of_all(rows)
    return [(one, rooms[one.pk]) for one in rows]


# what should have been closed by then waits for somebody
LATE: Final = timedelta(hours=2)


def to_close(_actor: Actor, now: datetime) -> Q:
    """It is over, and nobody has said so or confirmed who came."""
    return Q(state=State.OPEN.value, ends_at__lt=now - LATE) | Q(state=State.ENDED.value)


def to_look_at(actor: Actor, _now: datetime) -> Q:
    """The list waits for a second person, who may be the actor."""
    if not actor.has(*SECONDS):
        return Q(pk__in=[])
    theirs = Q() if actor.has(*CLERKS) else ~Q(version__confirmer=Confirmer.TOWNSHIP.value)
    hand = SignUp.objects.filter(Q(signed_by=actor.id) | Q(listed_by=actor.id), state=SignUpState.CAME.value)
    others = ~Q(written_by=actor.id) & ~Q(settled_by=actor.id) & ~Q(pk__in=hand.values("activity"))
    return Q(state=State.SETTLED.value) & theirs & others


def held_activities(actor: Actor) -> QuerySet[Activity]:
    """Those of the actor's own areas: what is done for them is theirs to do."""
    return visible_activities(actor).filter(one_of("area_id", actor.areas))


OLDEST_FIRST: Final = ("starts_at", "pk")
QUEUES: Final = Queues(
    held_activities,
    (
        Queue(
            "close",
            gettext_lazy("Over, to be confirmed"),
            "check2-all",
            FIELD,
            to_close,
            OLDEST_FIRST,
            pgettext_lazy("act", "Confirm"),
            named=gettext_lazy("Lists of activities to confirm"),
        ),
        Queue(
            "second",
            gettext_lazy("A second person looks"),
            "person-check",
            FIELD,
            to_look_at,
            OLDEST_FIRST,
            pgettext_lazy("act", "Look"),
            named=gettext_lazy("Activities to look at again"),
        ),
    ),
)


def activities_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Activity]:
    """Those of the ids that the actor sees."""
    return visible_activities(actor).in_bulk(list(ids))


# they have no number; this is what notices call them
NUMBERED: Final = Numbered(code="activity", visible=visible_activities, title=lambda row: row.title)


def report_of(row: Activity) -> Report | None:
    """How it was, once somebody has told."""
    return Report.objects.filter(pk=row.pk).first()


def pictures_of(row: Activity) -> list[UUID]:
    return list(row.photos.order_by("pk").values_list("attachment_id", flat=True))

"""What was promised in visits: one's own that nears its day, and all of a place."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.privacy.access import one_of
from minqing.visits.models import Promise
from minqing.visits.rules import PROMISE_NEARS, WRITERS, reads_diaries


def visible_promises(actor: Actor) -> QuerySet[Promise]:
    """Of the actor's areas, for those who read diaries."""
    if not reads_diaries(actor):
        return Promise.objects.none()
    return Promise.objects.filter(one_of("area_id", actor.areas)).select_related(
        "household", "area", "account", "settled_by"
    )


def visible_promise(actor: Actor, promise_id: UUID, *, lock: bool = False) -> Promise:
    """Raises NotFound; with ``lock`` its row is held."""
    rows = visible_promises(actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=promise_id).first()
    if found is None:
        raise NotFound("no_promise")
    return found


def made_in(actor: Actor, visit_id: UUID) -> QuerySet[Promise]:
    """What was promised in a visit, the first due on top."""
    return visible_promises(actor).filter(visit_id=visit_id).order_by("due_on", "pk")


def open_of(actor: Actor, household_id: UUID) -> QuerySet[Promise]:
    """What the household was promised and still waits for."""
    found = visible_promises(actor).filter(household_id=household_id, settled_at=None)
    return found.order_by("due_on", "pk")


def nearing(actor: Actor, now: datetime) -> Q:
    return Q(settled_at=None, account_id=actor.id, due_on__lte=clock.local_date(now) + PROMISE_NEARS)


def later(actor: Actor, now: datetime) -> Q:
    return Q(settled_at=None, account_id=actor.id, due_on__gt=clock.local_date(now) + PROMISE_NEARS)


def of_others(actor: Actor, now: datetime) -> Q:
    return Q(settled_at=None) & ~Q(account_id=actor.id)


FIRST: Final = ("due_on", "pk")
QUEUES: Final = Queues(
    visible_promises,
    (
        Queue("due", _("To keep now"), "hourglass-split", WRITERS, nearing, FIRST, _("Settle")),
        Queue("later", _("Later"), "calendar3", WRITERS, later, FIRST),
        Queue("others", _("Of others"), "people", WRITERS, of_others, FIRST),
    ),
)

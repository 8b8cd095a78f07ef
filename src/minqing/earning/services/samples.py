"""Of what is thanked by itself a share is drawn by lot each day, and a person looks at it; and at what is in doubt."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import SystemRandom
from typing import Final
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.retry import one_at_a_time
from minqing.earning import rules
from minqing.earning.enums import Move, State, Way
from minqing.earning.lifecycle import WAITING
from minqing.earning.models import Claim
from minqing.earning.services.claims import CLAIMS, begin
from minqing.journal.queries import last_change
from minqing.journal.services import Json, record
from minqing.privacy.access import acting_as

# nobody knows beforehand, nor works out afterwards, what is drawn
LOT: Final = SystemRandom()


@transaction.atomic
def draw_sample(*, day: date, by: Actor, at: datetime | None = None) -> int:
    """Of each function that gave something by itself on ``day``; once for each day. Returns how many were drawn.

    Event: ``earning.sample.drawn``, if any was.
    """
    at = at or clock.now()
    one_at_a_time(f"earning.sample:{day}")
    with acting_as(by):
        # whatever became of what was drawn
        if last_change(f"day:{day}") is not None:
            return 0
        given = Claim.objects.filter(
            way=Way.ITSELF.value,
            # what had to wait for its budget was looked at by whoever confirmed it
            decided_by=None,
            state=State.AWARDED.value,
            decided_at__gte=clock.midnight(day),
            decided_at__lt=clock.midnight(day + timedelta(days=1)),
        )
        by_function: dict[str, list[UUID]] = {}
        for pk, function in given.order_by("pk").values_list("pk", "version__function"):
            by_function.setdefault(function, []).append(pk)
        drawn = [pk for ids in by_function.values() for pk in LOT.sample(ids, rules.drawn_of(len(ids)))]
        Claim.objects.filter(pk__in=drawn).update(drawn_at=at, changed_at=at)
        if drawn:
            data: dict[str, Json] = {"given": sum(map(len, by_function.values())), "drawn": len(drawn)}
            record(type="earning.sample.drawn", subject=f"day:{day}", by=by, at=at, data=data)
    return len(drawn)


@transaction.atomic
def doubt_thanks(*, cause: str, by: Actor, at: datetime | None = None) -> bool:
    """What was given by itself for ``cause`` is in doubt: a person looks at it, also one who has before. What waits for
    its budget says so to whoever confirms it, and is looked at once it is given. False where there is nothing, or it
    was refused or taken back. Event: ``earning.claim.doubted``.
    """
    at = at or clock.now()
    row = Claim.objects.select_for_update(of=("self",)).filter(cause=cause, way=Way.ITSELF.value).first()
    if row is None or row.state not in WAITING | {State.AWARDED}:
        return False
    row.drawn_at, row.passed_by, row.changed_at = at, None, at
    row.save(update_fields=["drawn_at", "passed_by", "changed_at"])
    record(type="earning.claim.doubted", subject=f"claim:{row.pk}", by=by, at=at, data={"number": row.number})
    return True


@transaction.atomic
def pass_claim(*, claim: Claim, by: Actor, at: datetime | None = None) -> Claim:
    """Somebody looked at what was drawn, and it was right. Event: ``earning.claim.passed``."""
    at, row = at or clock.now(), begin(claim)
    rules.may(Move.PASS, by, row.situation).require()
    return CLAIMS.finish(row, Move.PASS, by=by, at=at, passed_by_id=by.person, changed_at=at)

"""The only writes of this room: that a day's seals are to be looked at, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from minqing.audit.models import SealCheck
from minqing.audit.queries.seals import seals_of
from minqing.audit.rules import may_check
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.retry import one_at_a_time
from minqing.journal.services import record
from minqing.journal.verifying import Finding, Verdict, verify

# so many findings are kept of a day; whoever has more does not read them one by one
KEPT: Final = 20


@transaction.atomic
def ask_check(*, day: date, by: Actor, at: datetime | None = None) -> bool:
    """Note that the seals of ``day`` are to be looked at. Appends ``audit.seals.asked``; False where it was noted."""
    at = at or clock.now()
    may_check(by, day, clock.local_date(at)).require()
    one_at_a_time(f"audit.seals:{day}")
    row = SealCheck.objects.filter(day=day).first()
    if row is not None and row.done_at is None:
        return False
    SealCheck.objects.update_or_create(day=day, defaults={"asked_at": at, "done_at": None})
    record(type="audit.seals.asked", subject=f"seals:{day}", by=by, at=at)
    return True


def check_day(*, day: date, by: Actor) -> SealCheck:
    """Look at all seals that were made on ``day`` and keep what was found."""
    ends, verdict = seals_of(day), Verdict()
    findings = list(verify(verdict, first=ends[0], last=ends[1])) if ends else []
    return keep_check(day=day, ends=ends or (0, 0), events=verdict.events, findings=findings, by=by)


@transaction.atomic
def keep_check(
    *,
    day: date,
    ends: tuple[int, int],
    events: int,
    findings: Sequence[Finding],
    by: Actor,
    at: datetime | None = None,
) -> SealCheck:
    """What was found of a day's seals. Appends ``audit.seals.checked``."""
    at = at or clock.now()
    may_check(by, day, clock.local_date(at)).require()
    one_at_a_time(f"audit.seals:{day}")
    told = [{"kind": one.kind, "seal": one.seal, "seq": one.seq} for one in findings[:KEPT]]
    data = {"first": ends[0], "last": ends[1], "events": events, "wrong": len(findings)}
    found = data | {"done_at": at, "findings": told}
    row, _new = SealCheck.objects.update_or_create(day=day, defaults=found, create_defaults=found | {"asked_at": at})
    record(type="audit.seals.checked", subject=f"seals:{day}", by=by, at=at, data=data)
    return row

"""How far time has come here, whatever the machine's clock says at this moment.

A clock that runs ahead for a minute makes old whatever is kept for a time, and what is deleted then does not come back
with the right time. So the time is noted as it passes. After a leap it is counted on from where it was, until the
clock has kept to the new time for some days, or the operator says that it is right. A machine that was off for a week
leaps too: nothing is lost by deleting a few days later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction

from minqing.core import clock
from minqing.core.models import Timekeeping

# longer than a night and a day without power
LEAP: Final = timedelta(hours=36)
# a wrong clock is noticed within these: every deadline is past
DOUBTED: Final = timedelta(days=3)
# longer than any county is closed
FAR: Final = timedelta(days=45)
# steps of a time service, and of several machines
SLACK: Final = timedelta(minutes=2)
NAME: Final = "clock"


class Change(StrEnum):
    """What was noticed of the clock."""

    LEAPT = "leapt"
    SET_BACK = "set_back"
    BELIEVED = "believed"


def kept() -> Timekeeping | None:
    """None where no job has noted the time yet."""
    return Timekeeping.objects.filter(pk=NAME).first()


def lived_now() -> datetime:
    """The moment from which the age of what may be deleted is counted: never ahead of what has passed here."""
    return lived(kept(), clock.now())


def lived(row: Timekeeping | None, now: datetime) -> datetime:
    if row is None:
        return now
    if row.lived_until is not None and row.leapt_at is not None:
        return min(now, row.lived_until + max(now - row.leapt_at, timedelta()))
    return row.seen_at if now - row.seen_at > LEAP else now


def doubts(row: Timekeeping | None, now: datetime) -> tuple[datetime, datetime] | None:
    """From when to when the clock leapt, where that is not settled."""
    if row is None:
        return None
    if row.lived_until is not None and row.leapt_at is not None:
        return row.lived_until, row.leapt_at
    return (row.seen_at, now) if now - row.seen_at > LEAP else None


@transaction.atomic
def note_time() -> Change | None:
    """Note what the clock says, and whether it goes on from what it said before; None where it does."""
    now = clock.now()
    row, new = Timekeeping.objects.select_for_update().get_or_create(pk=NAME, defaults={"seen_at": now})
    change = None if new else changed(row, now)
    if change is Change.LEAPT:
        # a second leap does not begin anew: what has passed is what had passed before the first
        row.lived_until, row.leapt_at = lived(row, row.seen_at), now
    elif change is not None:
        row.lived_until = row.leapt_at = None
    row.seen_at = now
    row.save()
    return change


def changed(row: Timekeeping, now: datetime) -> Change | None:
    if now - row.seen_at > LEAP:
        return Change.LEAPT
    if row.seen_at - now > SLACK:
        return Change.SET_BACK
    return Change.BELIEVED if row.leapt_at is not None and now - row.leapt_at > DOUBTED else None


@transaction.atomic
def believe_clock(*, excused_until: datetime | None) -> bool:
    """The operator says that the clock is right, and knows of records up to ``excused_until``. False if nothing was
    doubted.
    """
    now = clock.now()
    row, new = Timekeeping.objects.select_for_update().get_or_create(pk=NAME, defaults={"seen_at": now})
    ahead = excused_until is not None and excused_until > now and excused_until != row.excused_until
    doubted = not new and (row.leapt_at is not None or changed(row, now) is not None)
    row.seen_at, row.lived_until, row.leapt_at = now, None, None
    row.excused_until = excused_until if ahead else row.excused_until
    row.save()
    return doubted or ahead

"""What ``minqing doctor`` says of the machine's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from minqing.config.words import N_, _
from minqing.core.clock import SHANGHAI, now
from minqing.core.health import Finding

# what ``--settle`` calls it
CLOCK: Final = "clock"
LAST: Final = "SELECT clock_timestamp(), (SELECT max(recorded_at) FROM journal_event)"


def clock() -> Finding:
    from minqing.core.timekeeping import SLACK, doubts, kept

    row, (theirs, last) = kept(), asked()
    skew = abs(theirs - now())
    if (leap := doubts(row, now())) is not None:
        return leapt(*leap)
    if last is not None and last > now() + SLACK and (row is None or last != row.excused_until):
        return Finding(
            N_("clock"),
            False,
            _("behind the last event in the journal, of {last}").format(last=local_minute(last)),
            _(
                "Set this machine's clock by NTP: timedatectl set-ntp true. If it is right now, and was ahead before, "
                "run: minqing doctor --settle clock"
            ),
        )
    seen = _("{now}, {seconds} s off").format(now=f"{now().astimezone():%Y-%m-%d %H:%M %Z}", seconds=skew.seconds)
    return Finding(N_("clock"), skew < SLACK, seen, _("Set this machine's clock by NTP: timedatectl set-ntp true"))


def asked() -> tuple[datetime, datetime | None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(LAST)
        theirs, last = cursor.fetchone()
    return theirs, last


def leapt(before: datetime, after: datetime) -> Finding:
    return Finding(
        N_("clock"),
        False,
        _("leapt from {before} to {after}; what is kept for a time is deleted by the time before").format(
            before=local_minute(before), after=local_minute(after)
        ),
        _(
            "If this time is right, as the machine was off for so long or its data were put back, run: minqing doctor "
            "--settle clock. If it is wrong, set the clock: timedatectl set-ntp true"
        ),
    )


def local_minute(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def settle_clock() -> str:
    """Say that the time is right, and that one to come in the journal is known of; in a sentence."""
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.core.timekeeping import believe_clock
    from minqing.journal.services import record

    with transaction.atomic():
        _theirs, last = asked()
        if not believe_clock(excused_until=last):
            return _("Nothing is odd about the clock.")
        record(type="config.clock.settled", subject="clock", by=Actor.system("minqing doctor"))
    return _("The clock is believed: it is {now}.").format(now=local_minute(now()))

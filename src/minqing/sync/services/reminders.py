"""Letters about which nobody decides: those who do are reminded once, then those above them are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.journal.services import Json, record
from minqing.org.queries import work_calendar
from minqing.sync.models import Letter
from minqing.sync.rules import DECIDED_IN

REMINDED: Final = "sync.letters.reminded"
RAISED: Final = "sync.letters.raised"
# of letters in one run; the rest has time until the next
AT_ONCE: Final = 1000


@transaction.atomic
def remind_of_letters(*, by: Actor, at: datetime | None = None) -> int:
    """Say once of what waits that nobody has decided for some working days; after as many again, once more, higher up.

    A letter that goes elsewhere is not told of anew: it has waited as long. Returns how many were told of. Events for
    each phone and place: ``sync.letters.reminded``, ``sync.letters.raised``.
    """
    at = at or clock.now()
    waiting = Letter.objects.select_for_update(of=("self",), skip_locked=True).filter(decided_at=None, raised_at=None)
    rows = list(waiting.select_related("device").order_by("pk")[:AT_ONCE])
    first = [one for one in rows if one.reminded_at is None and has_waited(one.received_at, at)]
    second = [one for one in rows if one.reminded_at is not None and has_waited(one.reminded_at, at)]
    for one in first:
        one.reminded_at = at
    for one in second:
        one.raised_at = at
    Letter.objects.bulk_update([*first, *second], ["reminded_at", "raised_at"])
    record_waiting(first, REMINDED, by=by, at=at)
    record_waiting(second, RAISED, by=by, at=at)
    return len(first) + len(second)


def has_waited(since: datetime, at: datetime) -> bool:
    days = work_calendar().working_days_between(clock.local_date(since), clock.local_date(at))
    return days >= DECIDED_IN


def record_waiting(rows: Sequence[Letter], type: str, *, by: Actor, at: datetime) -> None:
    groups: dict[tuple[str, str, int | None], list[Letter]] = defaultdict(list)
    for one in rows:
        groups[str(one.device_id), str(one.device.account_id), one.area_id].append(one)
    for (device, account, area_id), letters in groups.items():
        handed: list[Json] = [*sorted({str(one.handed_by_id) for one in letters if one.handed_by_id})]
        data: dict[str, Json] = {"letters": len(letters), "account": account, "area": area_id, "handed_by": handed}
        record(type=type, subject=f"device:{device}", by=by, at=at, data=data)

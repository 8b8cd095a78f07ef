"""The operator says who hears of what is late, and what waiting for something means."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from minqing import deadlines
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Invalid
from minqing.core.retry import one_at_a_time
from minqing.deadlines import Target
from minqing.deadlines.books import Book
from minqing.deadlines.enums import Rung
from minqing.deadlines.models import LadderStep, PauseRule
from minqing.deadlines.queries import reasons_offered
from minqing.deadlines.rows import Clock
from minqing.deadlines.rules import may_change_terms
from minqing.deadlines.services.clocks import lock_things_of
from minqing.journal.services import Json, record
from minqing.org.queries import system_actor, work_time
from minqing.privacy.access import acting_as

LONGEST: Final = 366
# nobody hears at the officer's own desk: the lowest rung of the ladder is the head of the unit
HEARING: Final = tuple(rung for rung in Rung if rung is not Rung.OFFICER)


def moments(steps: Mapping[Rung, Target | None], overdue: datetime) -> list[tuple[Rung, Target, datetime]]:
    """When each rung in use hears of what was due at ``overdue``, from the lowest up; a unit's usual hours."""
    work = work_time()
    heard: list[tuple[Rung, Target, datetime]] = []
    for rung in HEARING:
        after = steps.get(rung)
        if after is None:
            continue
        at = overdue
        if after.amount:
            late = deadlines.reckon(kind="overdue", start=overdue, target=after, work=work, now=overdue)
            at = late.forecast_at
        heard.append((rung, after, at))
    return heard


def turn_of(book: Book[Clock]) -> str:
    """The name by which all who change the ladder of a room take turns."""
    return f"{book.room}.ladder"


@transaction.atomic
def set_ladder(*, book: Book[Clock], steps: Mapping[Rung, Target | None], by: Actor) -> bool:
    """From now on each rung hears so long after a deadline; None passes a rung over. Returns whether that changed.

    What is late already is carried on by the new ladder from where it stands: nothing is carried down. Raises Invalid
    for a ladder without rungs, or on which a higher rung would hear before a lower one.
    """
    may_change_terms(by).require()
    check_order(steps)
    one_at_a_time(turn_of(book))
    rows = {Rung(row.rung): row for row in LadderStep.objects.select_for_update().filter(room=book.room)}
    # one that has no row hears of nothing, as one that is passed over
    former = dict.fromkeys(HEARING, "") | {rung: as_told(row) for rung, row in rows.items()}
    for rung in HEARING:
        row, after = rows.get(rung) or LadderStep(room=book.room, rung=rung.value, after="0d"), steps.get(rung)
        row.used, row.changed = after is not None, True
        row.after = after.as_json() if after else row.after
        rows[rung] = row
    written = {rung: as_told(row) for rung, row in rows.items()}
    if written == former:
        return False
    for row in rows.values():
        row.save()
    invalidate()
    look_again(book)
    data: dict[str, Json] = {"room": book.room, "ladder": {rung.value: after for rung, after in written.items()}}
    record(type="deadlines.ladder.changed", subject=f"ladder:{book.room}", by=by, data=data)
    return True


def as_told(row: LadderStep) -> str:
    return row.after if row.used else ""


def check_order(steps: Mapping[Rung, Target | None]) -> None:
    """Raises Invalid where :func:`set_ladder` would, without changing anything: a trial refuses what saving refuses."""
    hearing = moments(steps, clock.now())
    if not hearing:
        raise Invalid("ladder_empty", _("Somebody has to hear of what is late. Keep at least one of them."))
    for (_lower, _after, before), (rung, _later, at) in pairwise(hearing):
        if at < before:
            sentence = _("Nobody hears before those below. Give a longer time here.")
            raise Invalid("ladder_order", sentence, rung=rung.value)


def look_again(book: Book[Clock]) -> None:
    """What runs is looked at from its deadline on, and the moment then reckoned by the ladder of that day."""
    with acting_as(system_actor(f"{book.room}.ladder")):
        running = book.clocks.filter(kind__in=book.own, stopped_at=None)
        lock_things_of(book, running)
        running.update(escalate_at=F("due_at"))


@transaction.atomic
def set_pause_rule(
    *, book: Book[Clock], reason: str, stops: Collection[str], longest: int, offered: bool, by: Actor
) -> bool:
    """What waiting for ``reason`` means from now on, not for what waits already. Returns whether that changed.

    Raises Invalid where no clock would stand still, where something would stop what a law does not let it, for more
    than a year, and where nothing would be left to wait for.
    """
    may_change_terms(by).require()
    one_at_a_time(f"{book.room}.pauses")
    rows = {row.reason: row for row in PauseRule.objects.select_for_update().filter(room=book.room).order_by("reason")}
    check_pause_rule(book=book, reason=reason, stops=stops, longest=longest, offered=offered)
    kinds = [kind.value for kind in book.kinds or () if kind in stops]
    row = rows.get(reason) or PauseRule(room=book.room, reason=str(reason))
    written = (sorted(kinds), longest, offered)
    if (sorted(row.stops or ()), row.longest, row.offered) == written:
        return False
    row.stops, row.longest, row.offered = written
    row.changed = True
    row.save()
    invalidate()
    data: dict[str, Json] = {
        "room": book.room,
        "reason": str(reason),
        "stops": [*row.stops],
        "longest": longest,
        "offered": offered,
    }
    record(type="deadlines.pause_rule.changed", subject=f"pause:{book.room}:{reason}", by=by, data=data)
    return True


def check_pause_rule(*, book: Book[Clock], reason: str, stops: Collection[str], longest: int, offered: bool) -> None:
    """Raises Invalid where :func:`set_pause_rule` would, without changing anything."""
    if not stops:
        raise Invalid("stops", _("Choose at least one clock that stands still."))
    if not set(stops).isdisjoint(book.lasting.get(reason, ())):
        raise Invalid("stops", _("No law lets its term wait for this."))
    if not 1 <= longest <= LONGEST:
        raise Invalid("longest", _("Between 1 and 366 days."))
    rows = {row.reason: row for row in PauseRule.objects.filter(room=book.room).order_by("reason")}
    shipped, others = reasons_offered(book), [one for one in book.reasons or () if one != reason]
    if not (offered or any(rows[one].offered if one in rows else one in shipped for one in others)):
        raise Invalid("offered", _("Keep at least one reason to wait."))

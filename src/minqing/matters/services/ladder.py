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
from minqing.core.errors import Invalid, Refused
from minqing.core.retry import one_at_a_time
from minqing.deadlines import Target
from minqing.deadlines.enums import Rung
from minqing.deadlines.services import lock_things_of
from minqing.journal.services import Json, record
from minqing.matters.enums import OWN_CLOCKS, ClockKind, PauseReason
from minqing.matters.models import Clock, LadderStep, PauseRule
from minqing.matters.queries import terms
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.enums import Role
from minqing.org.queries import system_actor, work_time
from minqing.privacy.access import acting_as

LONGEST: Final = 366
# nobody hears at the officer's own desk: the lowest rung of the ladder is the head of the unit
HEARING: Final = tuple(rung for rung in Rung if rung is not Rung.OFFICER)


def moments(steps: Mapping[Rung, Target | None], overdue: datetime) -> list[tuple[Rung, Target, datetime]]:
    """When each rung in use hears of a matter that was due at ``overdue``, from the lowest up; a unit's usual hours."""
    work = work_time()
    told: list[tuple[Rung, Target, datetime]] = []
    for rung in HEARING:
        after = steps.get(rung)
        if after is None:
            continue
        at = overdue
        if after.amount:
            late = deadlines.reckon(kind=ClockKind.FINISH, start=overdue, target=after, work=work, now=overdue)
            at = late.forecast_at
        told.append((rung, after, at))
    return told


@transaction.atomic
def set_ladder(*, steps: Mapping[Rung, Target | None], by: Actor) -> bool:
    """From now on each rung hears so long after a deadline; None passes a rung over. Returns whether that changed.

    What is late already is carried on by the new ladder from where it stands: nothing is carried down. Raises Invalid
    for a ladder without rungs, or on which a higher rung would hear before a lower one.
    """
    only_operator(by)
    check_order(steps)
    one_at_a_time("matters.ladder")
    rows = {Rung(row.rung): row for row in LadderStep.objects.select_for_update()}
    former = {rung: told(row) for rung, row in rows.items()}
    for rung in HEARING:
        row, after = rows.get(rung) or LadderStep(rung=rung.value, after="0d"), steps.get(rung)
        row.used, row.changed = after is not None, True
        row.after = after.as_json() if after else row.after
        rows[rung] = row
    written = {rung: told(row) for rung, row in rows.items()}
    if written == former:
        return False
    for row in rows.values():
        row.save()
    invalidate()
    look_again()
    data: dict[str, Json] = {"ladder": {rung.value: after for rung, after in written.items()}}
    record(type="matters.ladder.changed", subject="ladder", by=by, data=data)
    return True


def told(row: LadderStep) -> str:
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


def look_again() -> None:
    """What runs is looked at from its deadline on, and the moment then reckoned by the ladder of that day."""
    with acting_as(system_actor("matters.ladder")):
        running = Clock.objects.filter(kind__in=OWN_CLOCKS, stopped_at=None)
        lock_things_of(CLOCKS, running)
        running.update(escalate_at=F("due_at"))


@transaction.atomic
def set_pause_rule(
    *, reason: PauseReason, stops: Collection[ClockKind], longest: int, offered: bool, by: Actor
) -> bool:
    """What waiting for ``reason`` means from now on, not for what waits already. Returns whether that changed.

    Raises Invalid where no clock would stand still, where a season would stop what a law allows, for more than a year,
    and where nothing would be left to wait for.
    """
    only_operator(by)
    one_at_a_time("matters.pauses")
    rows = {row.reason: row for row in PauseRule.objects.select_for_update().order_by("reason")}
    check_pause_rule(reason=reason, stops=stops, longest=longest, offered=offered)
    kinds = [kind.value for kind in ClockKind if kind in stops]
    row = rows.get(reason) or PauseRule(reason=reason.value)
    written = (sorted(kinds), longest, offered)
    if (sorted(row.stops or ()), row.longest, row.offered) == written:
        return False
    row.stops, row.longest, row.offered = written
    row.changed = True
    row.save()
    invalidate()
    data: dict[str, Json] = {"reason": reason.value, "stops": [*row.stops], "longest": longest, "offered": offered}
    record(type="matters.pause_rule.changed", subject=f"pause:{reason.value}", by=by, data=data)
    return True


def check_pause_rule(*, reason: PauseReason, stops: Collection[ClockKind], longest: int, offered: bool) -> None:
    """Raises Invalid where :func:`set_pause_rule` would, without changing anything."""
    if not stops:
        raise Invalid("stops", _("Choose at least one clock that stands still."))
    if ClockKind.LEGAL in stops and reason is PauseReason.SEASON:
        raise Invalid("stops", _("No law lets its term wait for a season."))
    if not 1 <= longest <= LONGEST:
        raise Invalid("longest", _("Between 1 and 366 days."))
    rows, shipped = {row.reason: row for row in PauseRule.objects.order_by("reason")}, terms.reasons_offered()
    others = [one for one in PauseReason if one is not reason]
    if not (offered or any(rows[one].offered if one in rows else one in shipped for one in others)):
        raise Invalid("offered", _("Keep at least one reason to wait."))


def only_operator(by: Actor) -> None:
    if not by.has(Role.OPERATOR):
        raise Refused("not_operator", _("Only the operator may change how long something may take."))

"""What has dropped: points are taken, given back, or carried as a loss. Each exchange once, however often it is said.

What a machine says late never takes points from anybody.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.journal.services import record
from minqing.machines import rules
from minqing.machines.enums import Alarm, Move, Reason, State, Told
from minqing.machines.models import Machine, Vend
from minqing.machines.services.troubles import begin_trouble
from minqing.machines.services.vending import CALLER, VENDS, locked, put
from minqing.points.enums import AccountKind, Code
from minqing.points.services import house_account, post_hold, post_transfer, reverse_transfer, void_hold

BACK = frozenset({State.FAILED, State.CALLED_OFF})
HELD = frozenset({State.GIVEN, State.UNKNOWN})


@transaction.atomic
def decide_vend(*, vend: UUID, dropped: bool, by: Actor, at: datetime | None = None) -> Vend:
    """Somebody who looked says what became of an exchange.

    Events: ``machines.vend.dropped``, ``machines.vend.failed``.
    """
    at = at or clock.now()
    machine = Machine.objects.select_for_update().get(vends=vend)
    rules.may_keep(by, machine.area_id).require()
    row = VENDS.lock(vend)
    if row.state != State.UNKNOWN:
        raise Conflict("vend_known")
    row.decided_by_id = by.person
    row.save(update_fields=["decided_by"])
    return (
        dropped_one(row, machine, by=by, at=at) if dropped else not_dropped(row, machine, Reason.PERSON, by=by, at=at)
    )


@transaction.atomic
def take_report(
    *, machine: Machine, vend: UUID, told: Told, reason: Reason, by: Actor, at: datetime | None = None
) -> None:
    """What the machine's journal says. Saying it again changes nothing; saying something else is an alarm.

    Events: those of the moves, and ``machines.vend.unheard`` for an exchange that is not known here.
    """
    at = at or clock.now()
    locked = Machine.objects.select_for_update().get(pk=machine.pk)
    row = Vend.objects.select_for_update().filter(pk=vend, machine=locked).first()
    if row is None:
        data = {"number": locked.code, "told": str(told)}
        record(type="machines.vend.unheard", subject=f"vend:{vend}", by=by, at=at, data=data)
        return
    if row.told in {told, ""} or row.told == Told.UNKNOWN:
        if row.told != told:
            row.told = told
            row.save(update_fields=["told"])
            heard(row, locked, told, reason, by=by, at=at)
    elif told != Told.UNKNOWN:
        begin_trouble(locked, Alarm.CONTRADICTION, by=by, at=at)


def heard(row: Vend, machine: Machine, told: Told, reason: Reason, *, by: Actor, at: datetime) -> None:
    if told is Told.UNKNOWN:
        if row.state == State.GIVEN:
            VENDS.finish(row, Move.LOSE_SIGHT, by=by, at=at, changed_at=at)
    elif told is Told.DROPPED:
        if row.state in HELD | BACK:
            dropped_one(row, machine, by=by, at=at)
    elif row.state in HELD or (row.state == State.DONE and row.transfer):
        not_dropped(row, machine, reason, by=by, at=at)


def dropped_one(row: Vend, machine: Machine, *, by: Actor, at: datetime) -> Vend:
    """Take the points; where they were given back, or are not held any more, the county carries the loss."""
    if row.state in HELD:
        posted = post_hold(caller=CALLER, key=f"post:{row.pk}", hold=row.hold, by=by)
        if posted:
            slot = locked().get(pk=row.slot_id)
            slot.failures = 0
            slot.save(update_fields=["failures"])
            return VENDS.finish(row, Move.SUCCEED, by=by, at=at, transfer=posted.ids[0], changed_at=at)
        VENDS.finish(row, Move.FAIL, by=by, at=at, reason=str(Reason.POINTS), changed_at=at)
    else:
        put(locked().get(pk=row.slot_id), -1, by=by, at=at)
    carried = post_transfer(
        caller=CALLER,
        key=f"loss:{row.pk}",
        debit=house_account(kind=AccountKind.LOSS, by=by).pk,
        credit=machine.account_id,
        amount=row.price,
        code=Code.CARRY,
        about=f"vend:{row.pk}",
        by=by,
    ).checked()
    return VENDS.finish(row, Move.SUCCEED, by=by, at=at, transfer=carried.ids[0], changed_at=at)


def not_dropped(row: Vend, machine: Machine, reason: Reason, *, by: Actor, at: datetime) -> Vend:
    """Give the points back; a slot that fails again and again is closed."""
    if row.state == State.DONE:
        loss = house_account(kind=AccountKind.LOSS, by=by).pk
        taken = row.transfer or 0
        reverse_transfer(caller=CALLER, key=f"back:{row.pk}", transfer=taken, loss=loss, by=by, reason="vend").checked()
    else:
        void_hold(caller=CALLER, key=f"fail:{row.pk}", hold=row.hold, by=by)
    slot = locked().get(pk=row.slot_id)
    if reason in {Reason.JAM, Reason.MOTOR, Reason.EMPTY}:
        slot.failures += 1
        if slot.failures >= rules.FAILURES or reason is not Reason.MOTOR:
            slot.closed_at = slot.closed_at or at
    if reason is Reason.JAM:
        begin_trouble(machine, Alarm.JAM, by=by, at=at)
    # the machine has looked: there is none, whatever was counted
    put(slot, -slot.stock if reason is Reason.EMPTY else 1, by=by, at=at)
    return VENDS.finish(row, Move.FAIL, by=by, at=at, reason=str(reason), changed_at=at)

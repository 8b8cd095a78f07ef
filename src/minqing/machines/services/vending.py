"""An exchange from a person's choice to the moment at which the machine is told.

The machine's row is locked first, in all that is done at it; then the slot, then accounts, as the ledger orders them.
Until the machine is told the points are held for a moment only, and the ledger frees them by its own clock. Telling
the machine exchanges that hold for one that lasts until it is known what dropped, in the same transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import record
from minqing.machines import rules
from minqing.machines.enums import BUSY, Move, Reason, State
from minqing.machines.lifecycle import VEND
from minqing.machines.models import Claim, Machine, Slot, Vend
from minqing.machines.queries import is_online, vend_by_id
from minqing.points.services import reserve, void_hold

CALLER: Final = "machines"
IN_USE = _("Somebody else is using the machine just now. Wait for the next picture on its screen and scan that.")
OFFLINE = _("The machine has no connection just now. Nothing was taken from you; try again in a minute.")
LOCKED = _("The machine is locked just now. Nothing was taken from you.")
GONE = _("This slot is empty or closed just now. Choose another one.")

VENDS: Final = Moves(
    model=Vend,
    lifecycle=VEND,
    events={
        Move.RESERVE: "machines.vend.reserved",
        Move.GIVE: "machines.vend.given",
        Move.CALL_OFF: "machines.vend.called_off",
        Move.SUCCEED: "machines.vend.dropped",
        Move.FAIL: "machines.vend.failed",
        Move.LOSE_SIGHT: "machines.vend.lost_sight",
    },
    subject=lambda row: f"vend:{row.pk}",
    event_data=lambda row: {"machine": str(row.machine_id), "price": row.price, "reason": row.reason},
)


@sent_once(made=lambda given: vend_by_id(given["id"]), besides=("period",))
def reserve_vend(
    *, id: UUID, machine: UUID, number: int, period: int, account: int, by: Actor, at: datetime | None = None
) -> Vend:
    """Hold the points and the piece. Whoever was first with this picture of the screen has the machine.

    Raises Conflict with the reason, and nothing is held then. Event: ``machines.vend.reserved``.
    """
    at = at or clock.now()
    row = Machine.objects.select_for_update().get(pk=machine)
    sweep(row, by=by, at=at)
    ready(row, period, account, at)
    slot = Slot.objects.select_for_update().filter(machine=row, number=number).first()
    if slot is None or slot.closed_at or not slot.stock:
        raise Conflict("slot_empty", GONE)
    held = reserve(
        caller=CALLER,
        key=f"vend:{id}",
        debit=account,
        credit=row.account_id,
        amount=slot.price,
        lasting=rules.HOLD,
        about=f"vend:{id}",
        by=by,
    ).checked()
    put(slot, -1, by=by, at=at)
    vend = Vend(
        id=id,
        machine=row,
        slot=slot,
        name=slot.name,
        price=slot.price,
        account_id=account,
        hold=held.ids[0],
        reserved_at=at,
        expires_at=at + rules.COMMAND,
        changed_at=at,
    )
    return VENDS.finish(vend, Move.RESERVE, by=by, at=at)


def ready(machine: Machine, period: int, account: int, at: datetime) -> None:
    """Raises Conflict unless the machine is there for this person now."""
    if machine.locked_at:
        raise Conflict("machine_locked", LOCKED)
    if not is_online(machine, at):
        raise Conflict("machine_offline", OFFLINE)
    claim, _new = Claim.objects.get_or_create(
        machine=machine, period=period, defaults={"account_id": account, "at": at}
    )
    if claim.account_id != account or Vend.objects.filter(machine=machine, state__in=BUSY).exists():
        raise Conflict("machine_in_use", IN_USE)


def put(slot: Slot, pieces: int, *, by: Actor, at: datetime) -> None:
    """So many pieces more, never fewer than none. Event when few are left: ``machines.slot.low``."""
    before, slot.stock = slot.stock, max(slot.stock + pieces, 0)
    slot.changed_at = at
    slot.save(update_fields=["stock", "changed_at", "failures", "closed_at"])
    if slot.stock <= slot.low < before:
        data = {"slot": slot.number, "stock": slot.stock}
        record(type="machines.slot.low", subject=f"machine:{slot.machine_id}", by=by, at=at, data=data)


def called_off(row: Vend, reason: Reason, *, by: Actor, at: datetime) -> Vend:
    """The points are free again, if the ledger has not freed them by itself, and so is the piece."""
    void_hold(caller=CALLER, key=f"off:{row.pk}", hold=row.hold, by=by)
    put(Slot.objects.select_for_update().get(pk=row.slot_id), 1, by=by, at=at)
    return VENDS.finish(row, Move.CALL_OFF, by=by, at=at, reason=str(reason), changed_at=at)


def sweep(machine: Machine, *, by: Actor, at: datetime) -> int:
    """Of a locked machine: end what nobody fetched in time, and lose sight of what nothing was heard of."""
    swept = 0
    rows = Vend.objects.select_for_update().filter(machine=machine, state__in=BUSY, expires_at__lte=at)
    for row in rows.order_by("pk"):
        if row.state == State.RESERVED:
            called_off(row, Reason.LATE, by=by, at=at)
        elif at - row.expires_at >= rules.SILENT:
            VENDS.finish(row, Move.LOSE_SIGHT, by=by, at=at, changed_at=at)
        else:
            continue
        swept += 1
    return swept


def give(row: Vend, machine: Machine, *, by: Actor, at: datetime) -> bool:
    """Tell the machine: from here on only what drops decides. False where the points are not there any more."""
    freed = void_hold(caller=CALLER, key=f"give:{row.pk}", hold=row.hold, by=by)
    held = freed and reserve(
        caller=CALLER,
        key=f"given:{row.pk}",
        debit=row.account_id,
        credit=machine.account_id,
        amount=row.price,
        lasting=rules.HOLD_GIVEN,
        about=f"vend:{row.pk}",
        by=by,
    )
    if not held:
        called_off(row, Reason.POINTS, by=by, at=at)
        return False
    VENDS.finish(row, Move.GIVE, by=by, at=at, hold=held.ids[0], boot=machine.boot, given_at=at, changed_at=at)
    return True

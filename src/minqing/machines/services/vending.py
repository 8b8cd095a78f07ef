"""An exchange from a person's choice to the moment at which the machine is told.

The machine's row is locked first, in all that is done at it; then the slot, who pays (by name, where an item has a
limit), then accounts, as the ledger orders them.
Until the machine is told the points are held for a moment only, and the ledger frees them by its own clock. Telling
the machine exchanges that hold for one that lasts until it is known what dropped, in the same transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.core.retry import one_at_a_time
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json, record
from minqing.machines import rules
from minqing.machines.enums import BUSY, Move, Reason, State
from minqing.machines.lifecycle import VEND
from minqing.machines.models import Claim, Machine, Slot, Vend
from minqing.machines.queries import is_online, vend_by_id
from minqing.points.services import reserve, void_hold
from minqing.redeeming.hooks import had_anywhere
from minqing.redeeming.services import person_lock

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


@sent_once(made=lambda given: vend_by_id(given["id"]), besides=("period", "account", "person"))
def reserve_vend(
    *,
    id: UUID,
    machine: UUID,
    number: int,
    period: int,
    account: int,
    by: Actor,
    person: int | None = None,
    price: int | None = None,
    at: datetime | None = None,
) -> Vend:
    """Hold the points and the piece. Whoever was first with this picture of the screen has the machine.

    ``price`` is the one that was shown, ``account`` whichever of theirs has enough now,
    and ``person`` their own, by which a month's limit is counted (the one that pays unless said).

    Raises Conflict with the reason, and nothing is held then. Event: ``machines.vend.reserved``.
    """
    at = at or clock.now()
    row = Machine.objects.select_for_update().get(pk=machine)
    sweep(row, by=by, at=at)
    ready(row, period, account, at)
    slot = locked().filter(machine=row, number=number).first()
    if slot is None or not slot.can_be_had:
        raise Conflict("slot_empty", GONE)
    if price not in {None, slot.price}:
        raise Conflict("price_changed", _("The price has just changed. Nothing was taken from you; look once more."))
    within_month(slot, person or account, at)
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
        item=slot.item,
        name=slot.name,
        price=slot.price,
        account_id=account,
        person_id=person or account,
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


def locked() -> QuerySet[Slot]:
    """Slots to be changed, with what is in them, which is not."""
    return Slot.objects.select_for_update(of=("self",)).select_related("item")


def within_month(slot: Slot, person: int, at: datetime) -> None:
    """One limit for all machines and shops together."""
    item = slot.item
    if item.monthly_limit is None:
        return
    one_at_a_time(person_lock(person))
    if had_anywhere(person, [item.pk], at).get(item.pk, 0) >= item.monthly_limit:
        told = {"item": item.name, "limit": item.monthly_limit}
        raise Conflict("monthly_limit", _("Of %(item)s you have had %(limit)s this month, which is the most.") % told)


def put(slot: Slot, pieces: int, *, by: Actor, at: datetime) -> None:
    """So many pieces more, never fewer than none. Event when few are left: ``machines.slot.low``."""
    slot.stock, slot.changed_at = max(slot.stock + pieces, 0), at
    # once until it is filled: a piece that comes back and goes again is no news
    low = slot.stock <= slot.low and slot.low_told_at is None
    if low:
        slot.low_told_at = at
    slot.save(update_fields=["stock", "changed_at", "failures", "closed_at", "low_told_at"])
    if low:
        data: dict[str, Json] = {
            "slot": slot.number,
            "stock": slot.stock,
            "area": slot.machine.area_id,
            "number": slot.machine.code,
        }
        record(type="machines.slot.low", subject=f"machine:{slot.machine_id}", by=by, at=at, data=data)


def called_off(row: Vend, reason: Reason, *, by: Actor, at: datetime) -> Vend:
    """The points are free again, if the ledger has not freed them by itself, and so is the piece."""
    void_hold(caller=CALLER, key=f"off:{row.pk}", hold=row.hold, by=by)
    put(locked().get(pk=row.slot_id), 1, by=by, at=at)
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

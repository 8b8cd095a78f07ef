"""Setting machines up: their keys, their slots, and locking them from afar."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.ids import short_code
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.machines import rules
from minqing.machines.enums import Alarm
from minqing.machines.formats.signing import new_secret
from minqing.machines.models import Machine, Slot
from minqing.machines.queries import goods_for, machine_made
from minqing.machines.services.troubles import end
from minqing.points.enums import AccountKind
from minqing.points.services import open_account

CODE_LENGTH = 6


@sent_once(made=lambda given: machine_made(given["id"]))
def register_machine(
    *, id: UUID, name: str, place: str, area_id: int, by: Actor, at: datetime | None = None
) -> Machine:
    """A machine, with an account of its own in the ledger and without a key. Event: ``machines.machine.registered``."""
    rules.may_set_up(by, area_id).require()
    at = at or clock.now()
    account = open_account(kind=AccountKind.SHOP, area=area_id, name=name, by=by)
    made = Machine.objects.create(
        id=id,
        code=short_code(CODE_LENGTH),
        name=name,
        place=place,
        area_id=area_id,
        account=account,
        made_at=at,
        changed_at=at,
    )
    record_of_machine(made, "machine.registered", by=by, at=at, area=area_id)
    return made


@transaction.atomic
def give_key(*, machine: Machine, by: Actor, at: datetime | None = None) -> str:
    """A new key, returned this once; from now on the former one opens nothing. Event: ``machines.machine.key_changed``.

    The next device that comes with it is the machine, whatever it counts from.
    """
    rules.may_set_up(by, machine.area_id).require()
    at = at or clock.now()
    row = Machine.objects.select_for_update().get(pk=machine.pk)
    row.secret, row.key_made_at, row.changed_at = new_secret(), at, at
    row.run, row.strays = "", 0
    row.save(update_fields=["secret", "key_made_at", "run", "strays", "changed_at"])
    record_of_machine(row, "machine.key_changed", by=by, at=at)
    end(row, Alarm.CLONE, by=by, at=at)
    return row.secret


@transaction.atomic
def lock_machine(*, machine: Machine, by: Actor, at: datetime | None = None) -> Machine:
    """Nobody may choose anything there until it is unlocked. Event: ``machines.machine.locked``."""
    return turned(machine, at or clock.now(), locked=True, by=by)


@transaction.atomic
def unlock_machine(*, machine: Machine, by: Actor, at: datetime | None = None) -> Machine:
    """Whoever opens it again has looked at what it said in two ways: no more than that ends such an alarm.

    Events: ``machines.machine.unlocked``, and of the alarm ``machines.trouble.ended``.
    """
    return turned(machine, at or clock.now(), locked=False, by=by)


def turned(machine: Machine, at: datetime, *, locked: bool, by: Actor) -> Machine:
    rules.may_keep(by, machine.area_id).require()
    row = Machine.objects.select_for_update().get(pk=machine.pk)
    if (row.locked_at is not None) is not locked:
        row.locked_at, row.changed_at = at if locked else None, at
        row.save(update_fields=["locked_at", "changed_at"])
        record_of_machine(row, "machine.locked" if locked else "machine.unlocked", by=by, at=at)
        if not locked:
            end(row, Alarm.CONTRADICTION, by=by, at=at)
    return row


@transaction.atomic
def save_slot(
    *,
    machine: Machine,
    number: int,
    item: UUID,
    stock: int,
    low: int,
    by: Actor,
    at: datetime | None = None,
) -> Slot:
    """What of the catalogue is in a slot, counted by who filled it; this opens it again.

    Event: ``machines.slot.filled``.

    The event holds what stood there before: the difference between what was counted and what was sold.
    """
    rules.may_keep(by, machine.area_id).require()
    if not (0 <= stock <= rules.MOST_STOCK and 0 <= low <= rules.MOST_STOCK):
        raise Invalid("slot", _("This number of pieces cannot be."))
    goods = goods_for(machine).filter(pk=item).first()
    if goods is None:
        raise Invalid("slot_item", _("This is not among the goods that there are for points here."))
    at = at or clock.now()
    row = Machine.objects.select_for_update().get(pk=machine.pk)
    slot = Slot.objects.select_for_update().filter(machine=row, number=number).first()
    before = None if slot is None else slot.stock
    slot = slot or Slot(machine=row, number=number)
    slot.item, slot.stock, slot.low = goods, stock, low
    # who has counted few knows it
    slot.low_told_at = at if stock <= low else None
    slot.failures, slot.closed_at, slot.changed_at = 0, None, at
    slot.save()
    record_of_machine(row, "slot.filled", by=by, at=at, slot=number, stock=stock, before=before, item=str(goods.pk))
    return slot


def record_of_machine(machine: Machine, what: str, *, by: Actor, at: datetime, **data: Any) -> None:
    record(
        type=f"machines.{what}", subject=f"machine:{machine.pk}", by=by, at=at, data={"number": machine.code, **data}
    )

"""A machine's turn: it says what has happened, and is told what to do. It asks; nothing is pushed to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.retry import on_its_own
from minqing.machines import rules
from minqing.machines.enums import BUSY, Alarm, Reason, State, Told
from minqing.machines.models import Machine, Vend
from minqing.machines.services.settling import take_report
from minqing.machines.services.troubles import begin_trouble, end
from minqing.machines.services.vending import give, sweep


@dataclass(frozen=True, slots=True)
class Report:
    vend: UUID
    told: Told
    reason: Reason


@dataclass(frozen=True, slots=True)
class Turn:
    """What a machine says of itself; None is what it cannot measure. So many reports could not be read."""

    reports: Sequence[Report] = ()
    unread: int = 0
    temperature: Decimal | None = None
    door: bool | None = None
    jam: bool | None = None
    # whether hints reach it; None where it knows of no broker
    hinted: bool | None = None


@dataclass(slots=True)
class Orders:
    """What a machine is to do: ``run`` these, and say what became of those that it was ``asked`` of."""

    run: list[Vend] = field(default_factory=list)
    asked: list[Vend] = field(default_factory=list)


@transaction.atomic
def take_turn(*, machine: Machine, turn: Turn, by: Actor, at: datetime | None = None) -> Orders:
    """Write down what it says, and hand out what waits. The same turn again does nothing again.

    Events: those of the exchanges and troubles.
    """
    at = at or clock.now()
    row = Machine.objects.select_for_update().get(pk=machine.pk)
    for one in turn.reports:
        take_report(machine=row, vend=one.vend, told=one.told, reason=one.reason, by=by, at=at)
    note(row, turn, by=by, at=at)
    sweep(row, by=by, at=at)
    orders = Orders()
    # one at a time is under way
    for vend in Vend.objects.select_for_update().filter(machine=row, state=State.RESERVED):
        if not row.locked_at:
            give(vend, row, by=by, at=at)
    waiting = Q(state=State.GIVEN) | Q(state=State.UNKNOWN, told="")
    for vend in Vend.objects.filter(waiting, machine=row).select_related("slot").order_by("pk"):
        fresh = vend.state == State.GIVEN and vend.boot == row.boot and at < vend.expires_at
        (orders.run if fresh else orders.asked).append(vend)
    return orders


def note(machine: Machine, turn: Turn, *, by: Actor, at: datetime) -> None:
    warm = None if turn.temperature is None else turn.temperature > rules.WARMEST
    # it is over when the machine next says something that is understood
    unread = bool(turn.unread) if turn.unread or turn.reports else None
    alarms = {Alarm.TEMPERATURE: warm, Alarm.DOOR: turn.door, Alarm.JAM: turn.jam, Alarm.UNREADABLE: unread}
    for alarm, there in alarms.items():
        if there is not None:
            (begin_trouble if there else end)(machine, alarm, by=by, at=at)
    before = (machine.temperature, machine.hinted)
    machine.hinted = turn.hinted
    if turn.temperature is not None:
        machine.temperature = turn.temperature
    if before != (machine.temperature, machine.hinted):
        machine.save(update_fields=["temperature", "hinted"])


def sweep_all(*, by: Actor, at: datetime | None = None) -> int:
    """What is over at machines of which nothing is heard, each in a transaction of its own. Returns how many."""
    at = at or clock.now()
    over = Vend.objects.filter(state__in=BUSY, expires_at__lte=at).values_list("machine_id", flat=True)
    return sum(
        on_its_own(f"machine:{id}", partial(sweep_one, id, by=by, at=at), otherwise=0) for id in sorted(set(over))
    )


@transaction.atomic
def sweep_one(machine: UUID, *, by: Actor, at: datetime) -> int:
    return sweep(Machine.objects.select_for_update().get(pk=machine), by=by, at=at)

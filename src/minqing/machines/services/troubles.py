"""What is wrong with a machine, from its beginning to its end."""

from __future__ import annotations

from datetime import datetime

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.machines.enums import Alarm
from minqing.machines.models import Machine, Trouble


def begin_trouble(machine: Machine, alarm: Alarm, *, by: Actor, at: datetime) -> None:
    """Of a locked machine. Event, if it was not known yet: ``machines.trouble.begun``."""
    _trouble, new = Trouble.objects.get_or_create(machine=machine, alarm=alarm, ended_at=None, defaults={"since": at})
    if new:
        record_of_trouble(machine, alarm, "begun", by=by, at=at)


def end(machine: Machine, alarm: Alarm, *, by: Actor, at: datetime) -> None:
    """Event, if there was such: ``machines.trouble.ended``."""
    if Trouble.objects.filter(machine=machine, alarm=alarm, ended_at=None).update(ended_at=at):
        record_of_trouble(machine, alarm, "ended", by=by, at=at)


def record_of_trouble(machine: Machine, alarm: Alarm, verb: str, *, by: Actor, at: datetime) -> None:
    data = {"number": machine.code, "alarm": str(alarm)}
    record(type=f"machines.trouble.{verb}", subject=f"machine:{machine.pk}", by=by, at=at, data=data)

"""The gate of machines: whose key it is, and whether this message was here before.

The counter is kept in a transaction of its own: a message that was admitted is used up, whatever becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.machines.enums import Alarm
from minqing.machines.formats.signing import fits
from minqing.machines.models import Machine
from minqing.machines.services.troubles import begin_trouble

UNKNOWN = _("This machine or its key is not known here. Ask the township's clerk for a new key.")
OLD = _("This message came before, or from before the machine was started anew.")
CLONED = _("Two devices use the key of this machine. It is locked until the clerk has given it a new one.")
# of an earlier boot one message may have been under way when the machine was started anew; a second was not
STRAYS = 2
# no machine starts so often without a line between, and none has to after a new key
MOST_AHEAD = 1000
LATELY = timedelta(hours=1)
# where the power comes and goes each start may leave one under way; a machine sends less than ten messages a second
STRAYS_IN_AN_HOUR, MOST_IN_AN_HOUR = 40, 36_000


@dataclass(frozen=True, slots=True)
class Message:
    """What came, and by whom it says it is: ``boot`` and ``counter`` never go back, ``run`` is new at each start."""

    code: str
    boot: int
    run: str
    counter: int
    signature: str
    path: str
    body: bytes


def admit(message: Message, *, at: datetime | None = None) -> Machine:
    """The machine whose message this is, once. Raises DomainError ``machine_unknown`` (401), ``replayed`` or
    ``older_boot`` (409), ``cloned`` (423). Event, where a key is found to be used twice: ``machines.trouble.begun``.
    """
    at = at or clock.now()
    with transaction.atomic():
        machine = Machine.objects.select_for_update(of=("self",)).filter(code=message.code).first()
        if machine is None or not machine.secret or not signed(machine, message):
            raise DomainError("machine_unknown", UNKNOWN, http_status=401)
        refused = refusal(machine, message, at)
        if refused is None:
            machine.counter, machine.seen_at = message.counter, at
        machine.save(
            update_fields=[
                "boot",
                "run",
                "counter",
                "former_counter",
                "strays",
                "former_strays",
                "booted_at",
                "seen_at",
                "locked_at",
            ]
        )
    if refused is not None:
        raise refused
    return machine


def signed(machine: Machine, message: Message) -> bool:
    named = (message.code, str(message.boot), message.run, str(message.counter))
    return fits(machine.secret, message.signature, "POST", message.path, *named, body=message.body)


def refusal(machine: Machine, message: Message, at: datetime) -> DomainError | None:
    """None where the message is the next one. What it tells of the machine is noted in any case."""
    if has_clone(machine):
        return DomainError("cloned", CLONED, http_status=423)
    if not machine.run:
        # the first with a new key: it counts on, but not from where no machine has ever been
        machine.former_counter, machine.former_strays, machine.booted_at = message.counter, 0, at
        beyond = machine.boot > message.boot + MOST_AHEAD
        machine.boot = message.boot if beyond else max(machine.boot + 1, message.boot)
        machine.run = message.run
        return None
    if message.boot > machine.boot + MOST_AHEAD:
        return cloned(machine, at)
    if message.boot > machine.boot:
        started(machine, message, at)
        return None
    if message.boot == machine.boot and message.run == machine.run:
        return None if message.counter > machine.counter else DomainError("replayed", OLD)
    return stray(machine, message, at)


def started(machine: Machine, message: Message, at: datetime) -> None:
    """Anew. Who starts again and again within the hour does not get rid of what was noticed by that, nor hides behind a
    count that no machine reaches in it: somebody else who has the key could. The hour is that of its first start.
    """
    lately = machine.booted_at is not None and at < machine.booted_at + LATELY
    if not lately or machine.counter <= machine.former_counter + MOST_IN_AN_HOUR:
        machine.former_counter = machine.counter
    machine.former_strays = machine.former_strays + machine.strays if lately else 0
    machine.strays = 0
    machine.boot, machine.run = message.boot, message.run
    if not lately:
        machine.booted_at = at


def has_clone(machine: Machine) -> bool:
    return machine.strays >= STRAYS or machine.former_strays + machine.strays >= STRAYS_IN_AN_HOUR


def cloned(machine: Machine, at: datetime) -> DomainError:
    """Somebody else has its key: nobody chooses anything here until there is a new one."""
    machine.strays = max(machine.strays, STRAYS)
    machine.locked_at = machine.locked_at or at
    begin_trouble(machine, Alarm.CLONE, by=Actor.system("machines.gate"), at=at)
    return DomainError("cloned", CLONED, http_status=423)


def stray(machine: Machine, message: Message, at: datetime) -> DomainError:
    """Of another start. One that repeats what is known is old; a second new one has another sender."""
    same_boot = message.boot == machine.boot
    if same_boot or message.counter > machine.former_counter:
        machine.former_counter = max(machine.former_counter, message.counter)
        machine.strays = STRAYS if same_boot else machine.strays + 1
    return cloned(machine, at) if has_clone(machine) else DomainError("older_boot", OLD)

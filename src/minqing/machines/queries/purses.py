"""From whose points something is had at a machine, and which picture of its screen was scanned."""

from __future__ import annotations

from typing import Any, Final

from django.core import signing

from minqing.doorstep.queries.people import FIGURES, Known, figures
from minqing.households.queries import code_in_force
from minqing.machines.models import Machine
from minqing.machines.rules import CHOOSING
from minqing.org.queries import system_actor
from minqing.points.queries import visible_holders
from minqing.points.queries.people import paying_account
from minqing.privacy.access import acting_as

SEEN: Final = "machines.seen"
# whoever has so many can have anything; among so many of them there is somebody with a telephone
ENOUGH, TRIED = 30, 20


def looking() -> Any:
    return acting_as(system_actor("machines.purse"))


def account_of(one: Known | None) -> int | None:
    """That of who is known at this phone; None for nobody, and where there are no points yet."""
    if one is None:
        return None
    with looking() as actor:
        return paying_account(actor, household=one.household, resident=one.resident)


def made_up(machine: Machine) -> tuple[str, str, str]:
    """Of a made-up county somebody to try the machine as, with points and a telephone: number and check code of the
    plate, and four figures.
    """
    with looking() as actor:
        near = visible_holders(actor).filter(resident__isnull=False, area__path__startswith=machine.area.path)
        some = near.filter(account__balance__posted__gte=ENOUGH).select_related("resident__household").order_by("pk")
        person = next((one.resident for one in some[:TRIED] if one.resident and one.resident.phone), None)
        code = code_in_force(actor, person.household_id) if person else None
        if person is None or code is None:
            return "", "", ""
        return person.household.number, code.check, figures(person.phone or "")[-FIGURES:]


def seen_mark(machine: Machine, period: int) -> str:
    """What a page carries that was opened from a picture: choosing takes longer than the picture lasts."""
    return signing.dumps([str(machine.pk), period], salt=SEEN)


def period_seen(machine: Machine, mark: str) -> int | None:
    try:
        id, period = signing.loads(mark, salt=SEEN, max_age=CHOOSING)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(period) if id == str(machine.pk) else None

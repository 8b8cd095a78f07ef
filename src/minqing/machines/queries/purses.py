"""From whose points something is had at a machine, and which picture of its screen was scanned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core import signing

from minqing.doorstep.queries.people import FIGURES, Known, figures
from minqing.households.queries import code_in_force
from minqing.machines.models import Machine
from minqing.machines.rules import CHOOSING
from minqing.org.queries import system_actor
from minqing.points.queries import visible_holders
from minqing.points.queries.people import Payer, payers_of
from minqing.privacy.access import acting_as

SEEN: Final = "machines.seen"
# whoever has so many can have anything; among so many of them there is somebody with a telephone
ENOUGH, TRIED = 30, 20


def looking() -> Any:
    return acting_as(system_actor("machines.purse"))


def payers(one: Known | None) -> list[Payer]:
    """From which accounts pays who is known at this phone: their own, then the household's; none for nobody."""
    if one is None:
        return []
    with looking() as actor:
        return payers_of(actor, household=one.household, resident=one.resident)


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


@dataclass(frozen=True, slots=True)
class Scan:
    """Which picture was scanned, and what pages carry that were opened from it: choosing takes longer than it lasts."""

    period: int
    mark: str


def scanned(machine: Machine, period: int) -> Scan:
    """From now on; pages that follow carry the same mark on, so that it ends when it does."""
    return Scan(period, signing.dumps([str(machine.pk), period], salt=SEEN))


def scanned_before(machine: Machine, mark: str) -> Scan | None:
    """None where the mark is none of this machine's, or its time is over."""
    try:
        id, period = signing.loads(mark, salt=SEEN, max_age=CHOOSING)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Scan(int(period), mark) if id == str(machine.pk) else None

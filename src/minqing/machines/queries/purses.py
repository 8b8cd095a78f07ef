"""Whose points are spent at a machine: who shows the household's plate and knows the telephone number of one in it.

A plate hangs at the door for everybody to read, so that it alone opens no purse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core import signing

from minqing.core.actor import Actor
from minqing.doorstep.queries import plate_number
from minqing.households.codes import is_address
from minqing.households.queries import (
    code_in_force,
    code_since,
    genuine_plate,
    household_by_code,
    household_numbered,
    visible_residents,
)
from minqing.machines.models import Machine
from minqing.machines.rules import CHOOSING
from minqing.org.queries import system_actor
from minqing.points.queries import visible_holders
from minqing.privacy.access import acting_as

FIGURES: Final = 4
PURSE: Final = "machines.purse"
SEEN: Final = "machines.seen"
REMEMBERED: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Purse:
    """An account, and the household whose plate was shown for it; ``since`` is when that plate's code was made."""

    account: int
    household: UUID
    since: str

    @property
    def actor(self) -> Actor:
        return Actor(id=None, kind="resident", name="", household=self.household)


def looking() -> Any:
    return acting_as(system_actor("machines.purse"))


def purse_of(*, plate: str, check: str, figures: str) -> Purse | None:
    """The purse of the person in that household whose number ends so; the household's own where that person has none.

    None for a wrong plate, wrong figures and no account alike.
    """
    with looking() as actor:
        home = household_by_code(plate) if is_address(plate) else None
        if home is None and not is_address(plate):
            number = plate_number(plate)
            home = household_numbered(actor, number) if genuine_plate(actor, number=number, check=check) else None
        if home is None or len(figures) != FIGURES:
            return None
        people = visible_residents(actor).filter(household_id=home.pk, left_at=None)
        known = [one.pk for one in people if digits(one.phone)[-FIGURES:] == figures]
        if not known:
            return None
        holders = visible_holders(actor)
        own = holders.filter(resident_id__in=known).order_by("pk").first()
        found = own or holders.filter(household_id=home.pk).first()
        if found is None:
            return None
        return Purse(found.account_id, home.pk, str(code_since(actor, home.pk)))


def made_up(machine: Machine) -> tuple[str, str, str]:
    """Of a made-up county somebody to try the machine as: number and check code of the plate, and four figures."""
    with looking() as actor:
        near = visible_holders(actor).filter(resident__isnull=False, area__path__startswith=machine.area.path)
        holder = near.select_related("resident__household").order_by("pk").first()
        person = holder.resident if holder else None
        code = code_in_force(actor, person.household_id) if person else None
        if person is None or code is None:
            return "", "", ""
        return person.household.number, code.check, digits(person.phone)[-FIGURES:]


def digits(text: str) -> str:
    return "".join(one for one in text or "" if one.isascii() and one.isdigit())


def as_cookie(purse: Purse) -> str:
    return signing.dumps([purse.account, str(purse.household), purse.since], salt=PURSE)


def purse_in(cookie: str) -> Purse | None:
    """The purse that this phone has shown to be its own; not once the plate was renewed or nobody has the account."""
    try:
        account, household, since = signing.loads(cookie, salt=PURSE, max_age=REMEMBERED)
        purse = Purse(int(account), UUID(household), str(since))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with looking() as actor:
        there = visible_holders(actor).filter(account_id=purse.account).exists()
        return purse if there and str(code_since(actor, purse.household)) == purse.since else None


def seen_mark(machine: Machine, period: int) -> str:
    """What a page carries that was opened from a picture: choosing takes longer than the picture lasts."""
    return signing.dumps([str(machine.pk), period], salt=SEEN)


def period_seen(machine: Machine, mark: str) -> int | None:
    try:
        id, period = signing.loads(mark, salt=SEEN, max_age=CHOOSING)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(period) if id == str(machine.pk) else None

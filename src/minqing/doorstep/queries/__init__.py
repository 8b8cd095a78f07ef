"""What a household code opens: the door, whom to call, and whether a plate is genuine. Nothing of the household."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.limits import Limit
from minqing.doorstep.models import Bucket
from minqing.households.codes import is_address
from minqing.households.queries import genuine_plate, household_by_code
from minqing.households.queries.files import village_alone
from minqing.households.rules import number_readings
from minqing.org.enums import UnitKind
from minqing.org.queries import system_actor, units_over
from minqing.privacy.access import acting_as
from minqing.privacy.seal import keyed_digest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEAR = frozenset({UnitKind.VILLAGE.value, UnitKind.OFFICE.value})


def key_of(limit: Limit, who: str) -> str:
    """The bucket of ``limit`` for ``who``; whoever reads the table learns neither."""
    return keyed_digest(f"doorstep.{limit.name}", who).hex()


def is_empty(limit: Limit, who: str, *, at: datetime | None = None) -> bool:
    """Whether nothing is left in the bucket; looking takes nothing."""
    now = at or clock.now()
    return Bucket.objects.filter(key=key_of(limit, who), full_at__gt=limit.furthest(now) - limit.every).exists()


@dataclass(frozen=True, slots=True)
class Door:
    """What a code opens: the name of the village, and the right to report. Nothing of the household itself."""

    token: str
    actor: Actor
    household_id: UUID
    area_id: int
    area_path: str
    village: str


def door_of(token: str) -> Door | None:
    """The door of a code in force; None for one that is unknown, revoked or malformed, after the same work."""
    household = household_by_code(token)
    if household is None:
        return None
    return Door(
        token=token,
        actor=Actor(id=None, kind="resident", name="", household=household.pk),
        household_id=household.pk,
        area_id=household.area_id,
        area_path=household.area.path,
        village=village_alone(household),
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """An office that residents may call: its name and its own number, never a person's. ``note`` says why this one."""

    name: StrOrPromise
    phone: str
    note: StrOrPromise = ""


def contacts_of(area_path: str, *, discreet: bool = False) -> list[Contact]:
    """The village committee and the township's office, the nearest first, those with a telephone.

    ``discreet`` leaves out the village, where people know each other's voices.
    """
    kinds = NEAR - {UnitKind.VILLAGE.value} if discreet else NEAR
    near = (unit for unit in units_over(area_path) if unit.kind in kinds and unit.phone)
    return [Contact(unit.name, unit.phone) for unit in near]


def plate_number(typed: str) -> str:
    """The household number in what somebody typed, which may also be the whole address that the plate's code holds."""
    home = household_by_code(typed) if is_address(typed) else None
    return home.number if home else typed


def plate_key(typed: str) -> str:
    """The same in one spelling, under which tries are counted."""
    return number_readings(plate_number(typed))[-1]


def is_genuine(*, number: str, check: str) -> bool:
    """Whether a plate with this household number and check code hangs by right; yes or no is all that is told."""
    number = plate_number(number)
    with acting_as(system_actor("doorstep.check")) as actor:
        return genuine_plate(actor, number=number, check=check)

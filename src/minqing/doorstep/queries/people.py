"""Who of a household it is that stands at a door, at a machine or in a shop without an account.

A plate hangs at the door for everybody to read, so that it alone says nothing of who reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from minqing.core.actor import Actor
from minqing.core.characters import one_form
from minqing.core.errors import FormatError
from minqing.core.formats import check_phone
from minqing.doorstep.queries import plate_number
from minqing.households.codes import is_address
from minqing.households.queries import (
    code_since,
    genuine_plate,
    household_by_code,
    household_numbered,
    visible_residents,
)

# so many last figures of a telephone number, or characters of an identity number, say who of a household somebody is
FIGURES: Final = 4
TAIL: Final = 6


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has shown of which household they are, and who of it. ``since``: of the plate that was shown."""

    household: UUID
    resident: UUID
    name: str
    since: str

    @property
    def actor(self) -> Actor:
        return Actor(id=None, kind="resident", name="", household=self.household)


def household_on_plate(actor: Actor, *, number: str, check: str) -> UUID | None:
    """The household whose plate was typed: its whole address, or number and check code. None for any other."""
    if is_address(number):
        home = household_by_code(number)
        return home.pk if home else None
    number = plate_number(number)
    home = household_numbered(actor, number) if genuine_plate(actor, number=number, check=check) else None
    return home.pk if home else None


def shown_by(actor: Actor, household: UUID, typed: str) -> list[Known]:
    """Who of the household has a telephone or an identity number that ends so; several where they share a telephone."""
    text = "".join(one_form(typed).split()).upper()
    people = visible_residents(actor).filter(household_id=household, left_at=None).order_by("pk")
    fits = [one for one in people if ends(text, phone=one.phone or "", identity=one.identity_number or "")]
    since = str(code_since(actor, household)) if fits else ""
    return [Known(household, one.pk, one.name, since) for one in fits]


def ends(text: str, *, phone: str, identity: str) -> bool:
    if len(text) == FIGURES:
        return figures(phone)[-FIGURES:] == text
    try:
        whole = check_phone(text)
    except FormatError:
        whole = ""
    return bool(whole and phone == whole) or (len(text) >= TAIL and identity.upper().endswith(text))


def figures(text: str) -> str:
    """The last of them say who somebody is, however the number is written."""
    return "".join(one for one in text if one.isascii() and one.isdigit())


def still_known(actor: Actor, household: UUID, resident: UUID, since: str) -> Known | None:
    """Not once the plate was renewed, or somebody lives there no more."""
    if str(code_since(actor, household)) != since:
        return None
    there = visible_residents(actor).filter(pk=resident, household_id=household, left_at=None)
    name = there.values_list("name", flat=True).first()
    return Known(household, resident, str(name), since) if name else None

"""What a phone keeps of a resident who has shown who they are: signed, for one household, for so many days."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import UUID

from django.core import signing

from minqing.points.rules import KNOWN_FOR

SALT: Final = "minqing.points.pass"
COOKIE: Final = "points-pass"


def pass_of(household: UUID, resident: UUID) -> str:
    return signing.TimestampSigner(salt=SALT).sign(f"{household}/{resident}")


def resident_of(kept: str, household: UUID) -> UUID | None:
    """Who it was; None for what is none, is over, or was kept at another door."""
    with suppress(signing.BadSignature, ValueError):
        said = signing.TimestampSigner(salt=SALT).unsign(kept, max_age=KNOWN_FOR)
        home, _slash, resident = said.partition("/")
        return UUID(resident) if home == str(household) else None
    return None

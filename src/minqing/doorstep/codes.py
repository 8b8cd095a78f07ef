"""What a phone keeps of somebody who has shown who they are: signed, with the plate that was shown and its own end."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing

SALT: Final = "minqing.doorstep.known"
COOKIE: Final = "known"


def kept_of(household: UUID, resident: UUID, since: str, until: datetime) -> str:
    return signing.dumps([str(household), str(resident), since, int(until.timestamp())], salt=SALT)


def read_kept(kept: str, now: datetime) -> tuple[UUID, UUID, str] | None:
    """Household, who of it, and since when its plate's code was good; None for what is none or is over."""
    try:
        household, resident, since, until = signing.loads(kept, salt=SALT)
        return (UUID(household), UUID(resident), str(since)) if now.timestamp() < until else None
    except (signing.BadSignature, ValueError, TypeError):
        return None

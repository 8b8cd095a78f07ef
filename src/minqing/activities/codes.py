"""The code on the organiser's screen: made of the activity and the minute, kept nowhere."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from minqing.activities.rules import CODE_FOR, DIGITS

SALT: Final = b"minqing.activities.check-in\x00"


def code_at(activity: UUID, at: datetime) -> str:
    """The digits that the screen shows at that moment."""
    period = int(at.timestamp() // CODE_FOR.total_seconds())
    key = str(settings.SECRET_KEY).encode()
    made = hmac.new(key, SALT + activity.bytes + period.to_bytes(8, "big"), hashlib.sha256).digest()
    return str(int.from_bytes(made[:8], "big") % 10**DIGITS).zfill(DIGITS)


def is_shown(activity: UUID, digits: str, at: datetime) -> bool:
    """Whether somebody read it off the screen just now: the one that stands there, or the one before."""
    shown = (code_at(activity, at), code_at(activity, at - CODE_FOR))
    return any(hmac.compare_digest(digits.encode(), one.encode()) for one in shown)


def left(at: datetime) -> timedelta:
    """How long the code still stands on the screen."""
    return timedelta(seconds=CODE_FOR.total_seconds() - at.timestamp() % CODE_FOR.total_seconds())

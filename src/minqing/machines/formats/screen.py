"""The code on a machine's screen: which period it is, signed by the machine's key. It names no person."""

from __future__ import annotations

import hmac
from typing import Final

from minqing.machines.formats.signing import sign

SECONDS: Final = 30
LENGTH: Final = 16
# of a period's number; Python refuses to write a number of more than some thousand digits
LONGEST: Final = 12


def period_of(seconds: float) -> int:
    """The number of the period in which that second since 1970 lies."""
    return int(seconds // SECONDS)


def code_of(secret: str, period: int) -> str:
    """``5a1b2c-0123456789abcdef``: the period in base 16, and what only machine and server can make of it."""
    return f"{period:x}-{sign(secret, 'screen', str(period))[:LENGTH]}"


def period_in(secret: str, code: str) -> int | None:
    """The period that a code names; None for one that this machine has not made."""
    name, _dash, _rest = code.partition("-")
    if len(name) > LONGEST:
        return None
    try:
        period = int(name, 16)
    except ValueError:
        return None
    made = code_of(secret, period)
    return period if code.isascii() and hmac.compare_digest(made, code) else None

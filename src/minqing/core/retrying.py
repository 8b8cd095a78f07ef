"""Once more after a lost race: a transaction that the database ended because of another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

# deadlock_detected and serialization_failure: nothing of it is stored, and the same may succeed at once
LOST_RACES: Final = frozenset({"40P01", "40001"})
T = TypeVar("T")


def lost_race(error: BaseException) -> bool:
    """Whether the database ended the transaction because of another one."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") in LOST_RACES


def once_more(work: Callable[[], T]) -> T:
    """What ``work`` returns, which opens its own transaction; tried once more where it lost a race for locks."""
    try:
        return work()
    except OperationalError as error:
        if not lost_race(error) or connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise
    return work()

"""Advisory locks by name, and a second try after a deadlock or serialisation failure.

A lock of rows holds back nobody where there is no row yet: of two that would each make the first one, the second is
told by a constraint at best. What may be made by two at once is waited for by its name.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections

# deadlock_detected and serialization_failure: nothing of it is stored, and the same may succeed at once
LOST_RACES: Final = frozenset({"40P01", "40001"})
# seconds for who won to wake up and take what the loser let go of: at once the loser may have it again, and both stand
# in each other's way a second time
LET_PASS: Final = 0.1
T = TypeVar("T")
logger = logging.getLogger(__name__)


def one_at_a_time(name: str) -> None:
    """Wait for whoever does the same thing, until the transaction ends; take it before any row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def all_at_a_time(names: Sequence[str]) -> None:
    """Of several names one after the other, in the order in which everybody takes them; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(given.name, 0)) FROM unnest(%s::text[]) AS given(name)",
            [list(names)],
        )


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
    let_pass()
    return work()


def on_its_own(what: object, work: Callable[[], T], *, otherwise: T) -> T:
    """What ``work`` at one of many rows returns, or ``otherwise`` where it raises, so that the others go on.

    Logged by the class alone, as words may name people; the row is tried again the next time.
    """
    try:
        return once_more(work)
    except Exception as error:
        logger.error("%s.%s at %s, left as it is", type(error).__module__, type(error).__qualname__, what)
        return otherwise


def let_pass() -> None:
    """Before the second try, of whatever lost a race."""
    time.sleep(LET_PASS)

"""Whether something failed because the database is away for a moment, or the disk is full."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import psycopg
from django.db import DatabaseError, InterfaceError

# the classes and states of SQLSTATE that a server has which goes down, comes up or takes no more connections
AWAY = ("08", "57P01", "57P02", "57P03", "53300")


def is_outage(error: BaseException | None) -> bool:
    """Whether ``error``, or what it was raised from, is a connection lost or refused."""
    for one in chain(error):
        if isinstance(one, InterfaceError | psycopg.InterfaceError):
            # a cursor that is closed is a fault of ours
            return "cursor" not in str(one)
        if isinstance(one, psycopg.OperationalError):
            # without a state nobody answered; with one the server said what is wrong
            return one.sqlstate is None or one.sqlstate.startswith(AWAY)
    return False


def passes(error: BaseException) -> bool:
    """Whether the same work would succeed a little later: the database is away, or a disk is full for now."""
    return is_outage(error) or is_full(error)


def is_full(error: BaseException | None) -> bool:
    """Whether ``error``, or what led to it, is a disk without room, or a user's share of one."""
    return any(
        isinstance(one, psycopg.errors.DiskFull)
        or (isinstance(one, OSError) and one.errno in {errno.ENOSPC, errno.EDQUOT})
        for one in chain(error, handled=True)
    )


def chain(error: BaseException | None, *, handled: bool = False) -> Iterator[BaseException]:
    """An error and what it was raised from; ``handled``: also what was being handled then, as libraries leave it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        follow = isinstance(error, DatabaseError) or (handled and not error.__suppress_context__)
        error = error.__cause__ or (error.__context__ if follow else None)

"""Whether something failed because the database is away for a moment."""

from __future__ import annotations

import psycopg
from django.db import DatabaseError, InterfaceError

# the classes and states of SQLSTATE that a server has which goes down, comes up or takes no more connections
AWAY = ("08", "57P01", "57P02", "57P03", "53300")


def is_outage(error: BaseException | None) -> bool:
    """Whether ``error``, or what it was raised from, is a connection lost or refused."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, InterfaceError | psycopg.InterfaceError):
            return True
        if isinstance(error, psycopg.OperationalError):
            # without a state nobody answered; with one the server said what is wrong
            return error.sqlstate is None or error.sqlstate.startswith(AWAY)
        error = error.__cause__ or (error.__context__ if isinstance(error, DatabaseError) else None)
    return False

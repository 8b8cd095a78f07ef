"""A pool of connections before the database: which kind it is, and who must not go through it.

A pool that lends a session of the server for one transaction (pgbouncer: ``pool_mode = transaction``) suits the pages,
each of which is one transaction. The worker listens, and migrations set how long they wait: both need a session of
their own, and lose it there without an error.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, Final

import psycopg

from minqing.config.processes import Unfit
from minqing.config.words import N_, _
from minqing.core.health import Finding

# a busy pool may give the second one another session by chance
LOOKS: Final = 4
Connect = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]


def shares_sessions(connect: Connect) -> bool:
    """Whether connections borrow sessions of the server from one another."""
    with ExitStack() as open_ones:
        first = open_ones.enter_context(connect())
        own = process(first)
        if own == first.info.backend_pid:
            # the server itself: a pool makes up the number by which it is asked to cancel something
            return False
        for _look in range(LOOKS):
            other = open_ones.enter_context(connect())
            with other.transaction():
                if process(other) == own or process(first) != own:
                    return True
    return False


def process(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    return int(row[0]) if row else 0


def through_a_pool(alias: str) -> bool:
    """Of one of the two connections, as this process has it."""
    from django.db import connections

    told = connections[alias].get_connection_params()
    # of several servers not the first that answers: a standby is behind no pool
    names = ("host", "port", "user", "password", "dbname", "target_session_attrs", "connect_timeout")
    made = {name: told[name] for name in names if told.get(name)}
    return shares_sessions(lambda: psycopg.connect(**made, autocommit=True, prepare_threshold=None))


def refuse_pool(alias: str) -> None:
    """Raise Unfit where a connection that needs sessions of its own gets borrowed ones."""
    from minqing.config.env import env

    settings = env()
    if settings.embedded or not through_a_pool(alias):
        return
    name = "OWNER_DATABASE_URL" if alias == "owner" else "DIRECT_DATABASE_URL"
    raise Unfit(
        _(
            "There is a pool of transactions (pgbouncer) before the database, and this needs a session of its own. Set "
            "{name} to the address of PostgreSQL itself."
        ).format(name=name)
    )


def pool() -> Finding:
    """For the doctor, who has the worker's own connection, as every command has."""
    from minqing.config.env import env

    settings = env()
    lost = [] if settings.embedded else [one for one in ("default", "owner") if through_a_pool(one)]
    names = {"default": "DIRECT_DATABASE_URL", "owner": "OWNER_DATABASE_URL"}
    seen = _("a pool of transactions: the worker does not hear of new work, and migrations cannot be run")
    return Finding(
        N_("way to the database"),
        not lost,
        seen if lost else _("direct"),
        _("Set {names} to the address of PostgreSQL itself").format(names=", ".join(names[one] for one in lost)),
    )

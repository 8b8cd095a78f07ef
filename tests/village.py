"""The made-up village, laid out once in a process of the tests: whoever wants it again has a copy of its database."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from rich.console import Console

from minqing.config import embedded
from minqing.demo.scales import Scale
from minqing.demo.services import load_demo
from tests.embedded import SOCKET, drop, empty_tables

LAID = "mq_village"
kept: set[str] = set()


def leave() -> None:
    """A database to which somebody is connected cannot be copied."""
    for alias in connections:
        connections[alias].close()


def copy(name: str, to: str) -> None:
    leave()
    drop(to)
    with embedded.superuser(SOCKET) as connection:
        connection.execute(f'CREATE DATABASE "{to}" TEMPLATE "{name}" OWNER {embedded.OWNER}')


def keep() -> None:
    """The database of the tests, which holds the village and nothing else, for whoever wants it next."""
    copy(os.environ["MINQING_DB_NAME"], LAID)
    kept.add(LAID)


@contextmanager
def laid_out(blocker: Any) -> Iterator[None]:
    """The village as a new demo makes it, committed; the tables are emptied afterwards."""
    with blocker.unblock():
        if kept:
            copy(LAID, os.environ["MINQING_DB_NAME"])
        else:
            load_demo(scale=Scale.VILLAGE, seed=1, console=Console(file=io.StringIO()))
            keep()
        yield
        leave()
    empty_tables()

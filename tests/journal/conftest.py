"""A journal of its own: what is sealed and delivered must be committed, and nothing else may be in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db.models import Max
from django.utils import translation

from minqing.config import embedded
from minqing.core.actor import Actor
from minqing.journal import subscriptions
from minqing.journal.models import Event
from minqing.journal.queries import horizon
from minqing.journal.services import record
from tests.embedded import SOCKET, empty_tables

ACTOR = Actor.system("test")
Write = Callable[..., list[Event]]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """As a command with that language activates it."""
    with translation.override("en"):
        yield


@pytest.fixture
def empty(committed: None) -> None:
    """Without what loading the reference data left behind."""
    empty_tables()


def settle() -> None:
    """Wait for transactions of other databases of this server: they hold up sealing and delivery as well."""
    last = Event.objects.aggregate(last=Max("tx"))["last"]
    until = time.monotonic() + 60
    while horizon() <= last and time.monotonic() < until:
        time.sleep(0.02)


@pytest.fixture
def write(empty: None) -> Write:
    """Write events, each in a transaction of its own."""

    def write(count: int = 1, *, type: str = "test.thing.done", settled: bool = True, **data: Any) -> list[Event]:
        made = [record(type=type, subject=f"thing:{n}", by=ACTOR, data={"n": n} | data) for n in range(count)]
        if settled:
            settle()
        return made

    return write


@pytest.fixture
def tamper(empty: None) -> Iterator[Callable[..., None]]:
    """Run SQL as a database administrator with triggers off."""
    with embedded.superuser(SOCKET, settings.DATABASES["default"]["NAME"]) as connection:
        connection.execute("SET session_replication_role = replica")

        def run(sql: str, *parameters: object) -> None:
            assert connection.execute(sql, parameters).rowcount > 0

        yield run


@pytest.fixture
def others(committed: None) -> Iterator[psycopg.Connection]:
    """A second connection of the app role, with transactions of its own."""
    with psycopg.connect(
        host=SOCKET.folder, port=SOCKET.port, user=embedded.APP, dbname=settings.DATABASES["default"]["NAME"]
    ) as connection:
        yield connection


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, subscriptions.Subscription]:
    """No subscribers but those of the test."""
    own: dict[str, subscriptions.Subscription] = {}
    monkeypatch.setattr(subscriptions, "_subscriptions", own)
    return own

"""A pool of connections before the database: told by what it does, and gone round by setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connections
from pydantic import SecretStr

from minqing.config import env as env_module
from minqing.config import pools
from minqing.config.database import go_direct
from minqing.config.embedded import APP
from minqing.config.env import Env, env
from minqing.config.pools import pool, refuse_pool, shares_sessions
from minqing.config.processes import Unfit
from tests.embedded import SOCKET

pytestmark = pytest.mark.fault(144)


class Pooled:
    """pgbouncer as a client sees it: a number of its own making, and a session of the server for each statement."""

    def __init__(self, mode: str) -> None:
        self.mode, self.clients = mode, 0

    @contextmanager
    def connect(self) -> Iterator[Any]:
        self.clients += 1
        session = 100 if self.mode == "transaction" else 100 + self.clients
        answer = SimpleNamespace(fetchone=lambda: (session,))
        yield SimpleNamespace(
            info=SimpleNamespace(backend_pid=session if self.mode == "none" else 7_777_777),
            execute=lambda _statement: answer, transaction=nullcontext,
        )  # fmt: skip


@pytest.mark.parametrize(("mode", "shared"), [("transaction", True), ("session", False), ("none", False)])
def test_a_pool_is_told_by_sessions_that_are_lent_on(mode: str, shared: bool) -> None:
    assert shares_sessions(Pooled(mode).connect) is shared


def test_the_server_itself_is_no_pool() -> None:
    assert not shares_sessions(
        lambda: psycopg.connect(host=SOCKET.folder, user=APP, dbname=env().minqing_db_name, autocommit=True)
    )


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch, django_db_setup: None) -> Iterator[None]:
    """The settings of a database of one's own, of which the pages have the address of a pool."""
    told = connections.settings["default"]
    before = told | {"OPTIONS": dict(told["OPTIONS"])}
    direct = f"postgresql://{APP}@127.0.0.1:5432/{told['NAME']}?host={SOCKET.folder}"
    set_so: dict[str, Any] = {"database_url": SecretStr("postgresql://x@127.0.0.1:6432/x")}
    settings: Env = env().model_copy(update=set_so | {"direct_database_url": SecretStr(direct)})
    monkeypatch.setattr(env_module, "env", lambda: settings)
    told.update({"HOST": "127.0.0.1", "PORT": "6432"})
    yield
    told.update(before)
    connections["default"].close()


def test_what_needs_a_session_of_its_own_is_refused_by_the_setting_s_name(
    own_server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "shares_sessions", lambda connect: True)
    for alias, name in (("default", "DIRECT_DATABASE_URL"), ("owner", "OWNER_DATABASE_URL")):
        with pytest.raises(Unfit, match=f"pgbouncer.*Set {name} to the address of PostgreSQL itself"):
            refuse_pool(alias)
    found = pool()
    assert (found.well, found.mend) == (
        False, "Set DIRECT_DATABASE_URL, OWNER_DATABASE_URL to the address of PostgreSQL itself"
    )  # fmt: skip
    monkeypatch.setattr(pools, "shares_sessions", lambda connect: False)
    refuse_pool("default")
    assert pool().seen == "direct"


def test_worker_and_commands_go_past_it_by_setting(own_server: None, django_db_blocker: Any) -> None:
    go_direct()
    told = connections["default"].settings_dict
    assert (told["HOST"], told["PORT"], told["USER"]) == (SOCKET.folder, "5432", APP)
    assert (told["ATOMIC_REQUESTS"], told["OPTIONS"]["prepare_threshold"]) == (True, None)
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
        connections["default"].close()

"""``/metrics``: figures for a program that may watch, and nobody in them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from pydantic import ValidationError

from minqing.config import monitoring
from minqing.config.env import Env, env
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.health import Finding
from minqing.desk.services import keep_findings
from minqing.journal.services import record
from tests.cast import Cast
from tests.config.test_logs import CANARIES, CODE, IDENTITY, NAME, PHONE, TICKET
from tests.config.test_periodic import succeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A program on this machine, which asks for it by that name."""
    return Client(SERVER_NAME="127.0.0.1")


# the text format, as strictly as Prometheus reads it
SAMPLE = re.compile(r'(minqing_[a-z_]+)(?:\{([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"\})? (-?[0-9.e+]+)')
HEAD = re.compile(r"# (HELP|TYPE) (minqing_[a-z_]+) (.+)")


def read(text: str) -> dict[tuple[str, str], float]:
    """Every value by name and label; each name with one help and one type before its values."""
    values, heads = {}, []
    assert text.endswith("\n")
    for line in text.splitlines():
        if head := HEAD.fullmatch(line):
            heads.append(head[2])
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert heads[-2:] == [sample[1], sample[1]]
        assert (sample[1], sample[3] or "") not in values
        values[sample[1], sample[3] or ""] = float(sample[4])
    return values


def test_figures_are_of_the_work_and_of_nobody(cast: Cast, client: Client) -> None:
    home = cast.household(note=f"{NAME} {IDENTITY}")
    cast.resident(home, NAME, phone=PHONE)
    cast.code(home, TICKET)
    at, by = clock.now(), Actor.system("test")
    finding = Finding("partners", False, f"{NAME} {PHONE}", f"call {NAME}")
    unknown = Finding("backups", True, "none", known=False)
    found = {"en": [finding, Finding("clock", True, CODE), unknown]}
    keep_findings(found=found, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args) "
            "VALUES (%s, 'notify.send', 'failed', jsonb_build_object('to', %s::text))",
            [NAME, PHONE],
        )
    succeeded("journal.seal", at - timedelta(minutes=1))
    record(type="config.backup.made", subject=f"backup:{NAME}", by=by, at=at)
    record(type="config.drill.made", subject=f"backup:{NAME}", by=by, at=at, data={"well": False, "wrong": [NAME]})
    answer = client.get("/metrics")
    text = answer.content.decode()
    values = read(text)
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert [one for one in CANARIES if one in text] == []
    assert values["minqing_check_well", "partners"] == 0
    assert values["minqing_check_well", "clock"] == 1
    assert ("minqing_check_well", "backups") not in values
    assert values["minqing_jobs", "failed"] == 1
    assert values["minqing_job_late", "journal.seal"] == 0
    assert values["minqing_job_success_timestamp_seconds", "journal.seal"] == pytest.approx(at.timestamp() - 60, abs=1)
    assert values["minqing_backup_timestamp_seconds", ""] == pytest.approx(at.timestamp(), abs=1)
    assert (values["minqing_drill_well", ""], values["minqing_workers", ""]) == (0, 0)
    assert (values["minqing_ready", "database"], values["minqing_ready", "worker"]) == (1, 0)
    assert values["minqing_database_bytes", ""] > 2**20
    assert values["minqing_disk_free_bytes", "data"] > 0


def test_while_the_database_is_away_what_is_known_without_it_is_told(client: Client) -> None:
    def gone(*_args: Any) -> None:
        raise OperationalError from psycopg.OperationalError("the connection is closed")

    with connection.execute_wrapper(gone):
        answer = client.get("/metrics")
    values = read(answer.content.decode())
    assert answer.status_code == 200
    assert values["minqing_ready", "database"] == 0
    assert "minqing_workers" not in {name for name, _label in values}


@pytest.mark.parametrize(
    ("address", "forwarded", "https", "monitors", "status"),
    [
        ("127.0.0.1", "", False, "", 200),
        ("::1", "", False, "", 200),
        ("10.1.2.3", "", False, "", 404),
        ("10.1.2.3", "", False, "10.1.0.0/16, 192.168.1.9", 200),
        ("::ffff:10.1.2.3", "", False, "10.1.0.0/16", 200),
        ("192.168.1.8", "", False, "10.1.0.0/16,192.168.1.9", 404),
        # a proxy on this machine says for whom it asks
        ("127.0.0.1", "8.8.8.8", True, "", 404),
        ("127.0.0.1", "127.0.0.1, 8.8.8.8", True, "", 404),
        ("127.0.0.1", "8.8.8.8, 10.1.2.3", True, "10.1.0.0/16", 200),
        ("127.0.0.1", "127.0.0.1", False, "", 404),
        ("unix:", "", False, "", 404),
    ],
)
def test_only_who_may_watch_finds_the_page(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch,
    address: str, forwarded: str, https: bool, monitors: str, status: int,
) -> None:  # fmt: skip
    settings.HTTPS = https
    own = env().model_copy(update={"minqing_monitors": monitors})
    monkeypatch.setattr(monitoring, "env", lambda: own)
    monkeypatch.setattr(monitoring, "text", lambda: "minqing_info 1\n")
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1:8000", {}, 200),
        ("localhost", {}, 200),
        ("[::1]:8000", {}, 200),
        # a proxy on this machine without a word of for whom it asks, which everybody on earth may be
        ("minqing.example", {}, 404),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, 404),
        ("127.0.0.1", {"X-Real-IP": "8.8.8.8"}, 404),
        ("127.0.0.1", {"Forwarded": "for=8.8.8.8"}, 404),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 404),
    ],
)
def test_a_proxy_that_does_not_say_for_whom_it_asks_is_not_this_machine(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, host: str, headers: dict[str, str], status: int
) -> None:
    settings.ALLOWED_HOSTS = ["minqing.example", "127.0.0.1", "localhost", "[::1]"]
    settings.HTTPS = True
    monkeypatch.setattr(monitoring, "text", lambda: "minqing_info 1\n")
    assert client.get("/metrics", headers=headers | {"Host": host}).status_code == status
    lines = client.get("/readyz", headers=headers | {"Host": host}).content.decode().splitlines()
    assert (len(lines) > 1) == (status == 200)


def test_networks_that_are_none_are_refused_by_the_setting_s_name() -> None:
    with pytest.raises(ValidationError, match="minqing_monitors"):
        Env(minqing_monitors="10.1.0.0/16,everybody")

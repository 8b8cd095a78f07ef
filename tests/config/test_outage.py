"""What is answered while the database is away: one moment, in the language and form of whoever asks."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from minqing.core.outage import is_outage, passes

pytestmark = [pytest.mark.django_db, pytest.mark.fault(71)]


@pytest.fixture
def away(db: None, client: Client) -> Iterator[Client]:
    """A browser in front of a server whose database closes every connection."""

    def gone(*args: Any) -> None:
        raise OperationalError from psycopg.OperationalError("the connection is closed")

    client.raise_request_exception = False
    with connection.execute_wrapper(gone):
        yield client


@pytest.mark.parametrize(
    ("cookie", "browser", "language", "sentence"),
    [
        ("", "", "zh-hans", "请稍候：数据库正在重新启动。"),
        ("", "en", "en", "One moment, please: the database is starting again."),
        ("zh-hant", "en", "zh-hant", "請稍候："),
    ],
)
def test_a_person_reads_one_moment_in_their_own_language(
    away: Client, cookie: str, browser: str, language: str, sentence: str
) -> None:
    if cookie:
        away.cookies["django_language"] = cookie
    for path in ("/accounts/login/", "/open/", "/m/abc", "/h/abc", "/healthz"):
        answer = away.get(path, headers={"Accept-Language": browser})
        page = answer.content.decode()
        assert (answer.status_code, answer["Retry-After"]) == (503, "5"), path
        assert answer["Cache-Control"] == "no-store"
        assert f'<html lang="{language}">' in page
        assert sentence in page
        assert '<meta http-equiv="refresh" content="5">' in page


def test_what_was_sent_is_not_sent_again_unasked(away: Client) -> None:
    answer = away.post("/accounts/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 503
    assert "http-equiv" not in answer.content.decode()
    assert "重复送达的内容只记录一次" in answer.content.decode()


def test_a_part_of_a_page_gets_an_alert(away: Client) -> None:
    answer = away.get("/open/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Minqing-Alert"], answer["Retry-After"]) == (503, "1", "5")
    assert "几秒后请再发送一次" in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("get", "/api/v1/matters", "application/problem+json"),
        ("post", "/partners/events", "application/problem+json"),
        ("post", "/partners/inbox/hotline", "application/problem+json"),
        ("get", "/open311/v2/requests.json", "application/json"),
        ("get", "/open311/v2/services.xml", "text/xml"),
    ],
)
def test_a_program_is_told_in_its_own_form(away: Client, method: str, path: str, kind: str) -> None:
    headers = {"Authorization": "Bearer mq_abc_def"}
    given = {"data": "{}", "content_type": "application/json"} if method == "post" else {}
    answer = getattr(away, method)(path, headers=headers, **given)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5"), answer.content
    assert answer["Content-Type"].startswith(kind)
    if kind == "application/problem+json":
        assert json.loads(answer.content)["code"] == "unavailable"


def test_other_faults_of_the_database_are_no_outage() -> None:
    def raised(cause: BaseException) -> OperationalError:
        error = OperationalError("x")
        error.__cause__ = cause
        return error

    states = [
        (psycopg.errors.AdminShutdown, True), (psycopg.errors.CannotConnectNow, True),
        (psycopg.errors.CrashShutdown, True), (psycopg.errors.TooManyConnections, True),
        (psycopg.errors.ConnectionFailure, True), (psycopg.errors.DiskFull, False),
        (psycopg.errors.DeadlockDetected, False), (psycopg.errors.LockNotAvailable, False),
        (psycopg.errors.UniqueViolation, False),
    ]  # fmt: skip
    assert [(kind, is_outage(raised(kind("x")))) for kind, _away in states] == states
    assert not is_outage(ValueError("x"))
    assert not is_outage(None)
    assert passes(raised(psycopg.errors.DiskFull("x")))
    assert passes(raised(psycopg.errors.AdminShutdown("x")))
    assert passes(OSError(errno.ENOSPC, "x"))
    assert not passes(OSError(errno.EACCES, "x"))
    told_anew = ValueError("the workbook could not be written")
    told_anew.__context__ = OSError(errno.ENOSPC, "x")
    assert passes(told_anew)
    assert not passes(raised(psycopg.errors.UniqueViolation("x")))

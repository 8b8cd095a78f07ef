"""Logs hold no personal data: what people are called, their numbers and their private links never leave a request."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from minqing.config import embedded, logs, subprocesses
from minqing.config.urls import handler400, handler403, handler404, handler500  # noqa: F401  # read by Django
from minqing.config.urls import urlpatterns as real
from minqing.core.errors import Conflict
from minqing.core.ids import new_id
from minqing.households.models import Resident
from minqing.org.access import page
from minqing.org.models import Area
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import PASSWORD, Cast
from tests.embedded import PGDATA, SOCKET

NAME = "欧阳灿雀"
IDENTITY = "330683199003071235"
PHONE = "13912345678"
TICKET = "canaryTicket-Zt8Q_x2"
CODE = "KNRY7W3P"
CANARIES = (NAME, IDENTITY, PHONE, TICKET, CODE)


def failing(work: Callable[[HttpRequest], object]) -> Callable[..., HttpResponse]:
    @page(anyone=True)
    def view(request: HttpRequest, **_: str) -> HttpResponse:
        work(request)
        return HttpResponse()

    return view


def row_refused(request: HttpRequest) -> None:
    with acting_as(system_actor("test")):
        Resident.objects.create(name=NAME, pinyin=CODE, area=Area.objects.first(), household_id=None)


def value_refused(request: HttpRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [f"{NAME} {PHONE} {IDENTITY} {CODE} {TICKET}"])


def about_somebody(request: HttpRequest) -> None:
    try:
        raise KeyError(f"{NAME} {CODE}")
    except KeyError as error:
        error.add_note(NAME)
        raise ValueError(f"{NAME}, {IDENTITY}, {PHONE}, /m/{TICKET}, {CODE}") from error


def several(request: HttpRequest) -> None:
    raise ExceptionGroup(NAME, [ValueError(CODE), ExceptionGroup(TICKET, [OSError(2, "gone", f"{NAME}.jpg")])])


def suspicious(request: HttpRequest) -> None:
    raise SuspiciousOperation(f"{NAME} {CODE}")


def told_by_hand(request: HttpRequest) -> None:
    logging.getLogger("minqing.probe").warning("gave up: %s", ValueError(NAME))
    logging.getLogger("minqing.probe").error(ValueError(NAME))
    logging.getLogger("minqing.probe").warning("called %s with %s at /h/%s and ?code=%s", PHONE, IDENTITY, TICKET, CODE)


def refused(request: HttpRequest) -> None:
    raise Conflict("matter_closed", NAME)


def away(request: HttpRequest) -> None:
    raise OperationalError(NAME) from psycopg.errors.AdminShutdown(f"terminating connection {CODE}")


FAILING = {
    "row": row_refused,
    "value": value_refused,
    "somebody": about_somebody,
    "several": several,
    "suspicious": suspicious,
    "hand": told_by_hand,
    "refused": refused,
    "away": away,
}
urlpatterns = [*(path(f"fail/{name}/<str:rest>", failing(work), name=name) for name, work in FAILING.items()), *real]


@pytest.fixture
def streams() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """What the log writes, and what it would write as Python does by itself."""
    root = logging.getLogger()
    ours = next(handler for handler in root.handlers if any(isinstance(one, logs.Scrub) for one in handler.filters))
    assert isinstance(ours, logging.StreamHandler)
    kept, plain = io.StringIO(), io.StringIO()
    # not setStream: it would flush what an earlier test's capture has closed
    former, ours.stream = ours.stream, kept
    # before ours: it caches the traceback in the record, which ours must replace
    bare = logging.StreamHandler(plain)
    root.handlers.insert(0, bare)
    yield kept, plain
    root.removeHandler(bare)
    ours.stream = former


@pytest.fixture
def browser(settings: Any, cast: Cast) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def assert_clean(text: str) -> None:
    for canary in CANARIES:
        assert canary not in text
        assert canary.encode("unicode_escape").decode() not in text


@pytest.mark.fault(65)
def test_requests_that_fail_leave_nobody_in_the_log(browser: Client, streams: tuple[io.StringIO, io.StringIO]) -> None:
    kept, plain = streams
    for name in FAILING:
        for rest in (NAME, TICKET, PHONE, IDENTITY, CODE):
            browser.get(f"/fail/{name}/{rest}?q={NAME}&code={CODE}")
            browser.post(f"/fail/{name}/{rest}", {"name": NAME, "phone": PHONE, "code": CODE, "text": IDENTITY})
    text = kept.getvalue()
    assert_clean(text)
    written = plain.getvalue()
    assert [canary for canary in CANARIES if canary not in written] == [], "the probe itself must be able to fail"
    # and still tells where and what
    assert "500 POST row" in text
    assert "IntegrityError: 23502 households_resident" in text
    assert "builtins.KeyError" not in text
    assert "which led to" in text
    assert "in about_somebody" in text
    assert "FileNotFoundError: gone" in text


@pytest.mark.fault(65)
@pytest.mark.fault(71)
def test_while_the_database_is_away_each_request_is_one_line(
    browser: Client, streams: tuple[io.StringIO, io.StringIO]
) -> None:
    kept, _ = streams
    assert browser.get("/fail/away/x").status_code == 503
    (line,) = [one for one in kept.getvalue().splitlines() if one]
    assert line.endswith("503 GET away: the database is away (django.db.utils.OperationalError)"), line


def test_a_name_that_is_not_answered_is_one_line_however_often_a_scanner_asks(
    browser: Client, streams: tuple[io.StringIO, io.StringIO]
) -> None:
    kept, _ = streams
    assert browser.get("/", headers={"host": "scanner.example"}).status_code == 400
    (line,) = [one for one in kept.getvalue().splitlines() if one]
    assert "host scanner.example is not answered" in line


@pytest.mark.fault(65)
def test_as_json_each_record_is_one_object_and_as_clean(
    browser: Client, streams: tuple[io.StringIO, io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, plain = streams
    ours = next(one for one in logging.getLogger().handlers if getattr(one, "stream", None) is kept)
    config: Any = logs.logging_config(False, "json")
    assert config["handlers"]["stream"] == {
        "class": "logging.StreamHandler", "filters": ["scrub"], "formatter": "json"
    }  # fmt: skip
    assert config["formatters"]["json"] == {"()": "minqing.config.logs.JsonLine"}
    monkeypatch.setattr(ours, "formatter", logs.JsonLine())
    for name in FAILING:
        browser.post(f"/fail/{name}/{TICKET}?q={NAME}", {"name": NAME, "text": f"{IDENTITY} {CODE}"})
    logging.getLogger("minqing.probe").warning("two\nlines", extra={"person": NAME, "phone": PHONE})
    assert_clean(kept.getvalue())
    assert NAME in plain.getvalue()
    told = [json.loads(line) for line in kept.getvalue().splitlines()]
    assert {tuple(one) for one in told} <= {
        ("at", "level", "logger", "process", "message"), ("at", "level", "logger", "process", "message", "traceback")
    }  # fmt: skip
    failed = next(one for one in told if one["message"] == "500 POST somebody")
    assert (failed["level"], failed["logger"]) == ("ERROR", "django.request")
    assert "in about_somebody" in failed["traceback"]
    assert datetime.fromisoformat(failed["at"]).utcoffset() == timedelta(0)
    assert told[-1]["message"] == "two\nlines"


def test_what_only_watches_speaks_as_json_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocesses.say("\nMinqing is up")
    monkeypatch.setenv("MINQING_LOG", "json")
    subprocesses.say("\nMinqing is up\nin two lines")
    plain, told = capsys.readouterr().err.strip().splitlines()
    assert plain == "Minqing is up"
    assert json.loads(told)["message"] == "Minqing is up\nin two lines"


@pytest.mark.fault(65)
def test_addresses_that_are_not_there_are_not_written(
    browser: Client, streams: tuple[io.StringIO, io.StringIO]
) -> None:
    kept, plain = streams
    for address in (
        f"/h/{TICKET}", f"/m/{TICKET}", f"/m/{TICKET}/thanks", f"/{NAME}/", f"/households/people/{new_id()}/{PHONE}",
        f"/households/scan/open/{TICKET}/", f"/{IDENTITY}", f"/{CODE}?name={NAME}",
    ):  # fmt: skip
        browser.get(address)
        browser.delete(address)
        Client(raise_request_exception=False, enforce_csrf_checks=True).post(address, {"name": NAME})
    text = kept.getvalue()
    assert_clean(text)
    assert TICKET in plain.getvalue()
    assert "404 GET no such page" in text
    assert "403 POST reporting:follow" in text


@pytest.mark.fault(65)
def test_signing_in_writes_neither_name_nor_pass_phrase(cast: Cast, streams: tuple[io.StringIO, io.StringIO]) -> None:
    kept, _ = streams
    for username, word in [(NAME, CODE), (cast.account("cadre").username, CODE)]:
        for _try in range(10):
            Client().post("/accounts/login/", {"login": username, "password": word})
    Client().post("/accounts/login/", {"login": cast.account("clerk").username, "password": PASSWORD})
    text = kept.getvalue()
    assert_clean(text)
    assert cast.account("cadre").username not in text
    assert PASSWORD not in text


@pytest.mark.fault(65)
def test_the_database_writes_no_values_of_failed_statements(browser: Client) -> None:
    """The server's own log would quote statements, rows and values."""
    embedded.ensure_database(SOCKET, settings.DATABASES["default"]["NAME"])
    log = PGDATA / "log"
    before = log.stat().st_size
    for name in FAILING:
        browser.post(f"/fail/{name}/x", {"name": NAME})
    name = settings.DATABASES["default"]["NAME"]
    with embedded.superuser(SOCKET, name) as admin:
        with pytest.raises(psycopg.errors.SyntaxError):
            admin.execute(f"SELEKT '{NAME}', '{PHONE}', '{IDENTITY}', '{TICKET}', '{CODE}'")
        admin.execute(f"SELECT pg_sleep(0), '{NAME}'")
        shown = {key: admin.execute(f"SHOW {key}").fetchone() for key in embedded.QUIET}
    assert {key: value for key, (value,) in shown.items()} == embedded.QUIET
    with log.open("rb") as file:
        file.seek(before)
        assert_clean(file.read().decode("utf-8", "replace"))


def test_a_loud_database_is_quiet_again_after_the_next_start() -> None:
    name = settings.DATABASES["default"]["NAME"]
    with embedded.superuser(SOCKET) as admin:
        admin.execute("ALTER SYSTEM SET log_min_duration_sample = 60000")
        admin.execute("SELECT pg_reload_conf()")
    embedded.ensure_database(SOCKET, name)
    with embedded.superuser(SOCKET) as admin:
        assert admin.execute("SHOW log_min_duration_sample").fetchone() == ("-1",)


def test_what_ends_a_thread_goes_through_the_log(
    monkeypatch: pytest.MonkeyPatch, streams: tuple[io.StringIO, io.StringIO]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.guard_services()

    def fall() -> None:
        raise ValueError(NAME)

    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()
    text = streams[0].getvalue()
    assert_clean(text)
    assert "ended by an error" in text
    assert "in fall" in text


def test_what_the_web_server_says_of_an_error_is_one_line(streams: tuple[io.StringIO, io.StringIO]) -> None:
    logging.getLogger("_granian").propagate = True
    record = logging.LogRecord("_granian", 40, "x", 1, f"callable raised\nValueError: {NAME}", (), None)
    assert logs.message_of(record) == "callable raised"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("tel 139-1234-5678.", "tel …."),
        ("86 139 1234 5678", "86 …"),
        ("0575-83012345", "…"),
        ("330683 19900307 123x", "…"),
        ("6222021234567890123", "…"),
        (
            "event 20260930160000 of 2026-09-30, MQ-2026-000123-7",
            "event 20260930160000 of 2026-09-30, MQ-2026-000123-7",
        ),
        ("GET /m/abc-D_1/photos?x=1 HTTP/1.1", "GET /m/…/photos?… HTTP/1.1"),
    ],
)
def test_numbers_and_links_are_blotted_out(text: str, left: str) -> None:
    assert logs.blot(text) == left

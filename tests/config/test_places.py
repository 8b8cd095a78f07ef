"""A command in a wrong folder makes nothing; what it has started it stops; what serves is said and stopped."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from typer.testing import CliRunner

from minqing.config import cli, cluster, embedded, joining
from minqing.config.cli import doctor, up
from minqing.config.env import env
from minqing.config.joining import joined, leave
from minqing.config.locks import InUse, held, in_use
from minqing.config.processes import REFUSED, UP_LOCK, Busy, Unfit
from minqing.config.restore import UNFINISHED
from minqing.core.version import own_version
from tests.config.test_output import commands
from tests.embedded import ROOT, VAR

pytestmark = [pytest.mark.fault(135), pytest.mark.xdist_group("cluster")]


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """As in the wrong folder: nobody has begun a county there."""
    monkeypatch.setenv("MINQING_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("MINQING_PGDATA")
    env.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    env.cache_clear()


ASKED = [
    ("migrate",), ("status",), ("stop",), ("keys", "check"), ("keys", "accept", "seal_key"), ("journal", "seal"),
    ("journal", "verify"), ("operator", "shen"), ("password", "shen"), ("figures", "check"), ("points", "verify"),
    ("partners", "list"), ("notify", "parked"), ("django", "check"), ("doctor", "--settle", "x"),
    ("backup", "county.age", "--to", "age1ax3wtv9dzehltn3fuqp9zj3tszn5ssn2exu0jehq4llw74py49yqsgsdjk"),
]  # fmt: skip


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_a_command_in_a_wrong_folder_makes_nothing_and_says_where_it_looked(
    nowhere: Path, words: tuple[str, ...]
) -> None:
    assert any(words[: len(one)] == one for one in commands(cli.app))
    done = CliRunner().invoke(cli.app, [*words])
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert f"There is no county in {nowhere / 'var' / 'pg'}" in done.stderr
    assert "MINQING_VAR" in done.stderr
    assert list(nowhere.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"), [(["pages"], 2), (["pages", "--scale", "none"], 2), (["matters", "--sizes", "none"], 2)]
)
def test_what_only_measures_leaves_nothing_in_a_folder_that_is_no_county_s(
    tmp_path: Path, words: list[str], code: int
) -> None:
    """By a process of its own: what is lent is given back at its end."""
    here, lent = tmp_path / "here", tmp_path / "lent"
    for one in (here, lent):
        one.mkdir(mode=0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MINQING_", "DATABASE_", "PORT"))}
    own |= {"PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(lent), "MINQING_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "minqing", "bench", *words], env=own, cwd=here, capture_output=True, text=True,
        check=False, timeout=240,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert [*here.iterdir()] == []
    assert [path.name for path in lent.iterdir() if path.name.startswith("minqing-")] == []


def test_the_doctor_makes_nothing_either(nowhere: Path) -> None:
    found = doctor.examine()
    assert [one.seen for one in found if not one.well and one.name == "database server"] == [
        f"no county in {nowhere / 'var' / 'pg'}"
    ]
    assert list(nowhere.iterdir()) == []


@pytest.mark.parametrize("left", ["keys.json", "files", "imports", ".restore-unfinished"])
def test_no_empty_county_is_begun_where_one_was(nowhere: Path, left: str) -> None:
    """Its disk is not mounted, its settings are not read, or its restore was killed."""
    (nowhere / "var" / left).mkdir(parents=True)
    done = CliRunner().invoke(cli.app, ["init"])
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert f"{left} of a county in {nowhere / 'var'}, and no database in {nowhere / 'var' / 'pg'}" in done.stderr
    assert "MINQING_PGDATA" in done.stderr
    assert [one.name for one in (nowhere / "var").iterdir()] == [left]


def test_up_listens_where_the_file_of_settings_says_unless_it_is_told_otherwise(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "var").mkdir()
    (nowhere / "var" / "minqing.env").write_text("PORT=8123\n")
    monkeypatch.delenv("PORT", raising=False)
    asked: list[int] = []

    def no_more(port: int, seconds: float) -> None:
        asked.append(port)
        raise typer.Exit(1)

    monkeypatch.setattr(up, "wait_for_port", no_more)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        CliRunner().invoke(cli.app, ["up"])
        monkeypatch.setenv("PORT", "8124")
        env.cache_clear()
        CliRunner().invoke(cli.app, ["up"])
        CliRunner().invoke(cli.app, ["up", "--port", "8125"])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert asked == [8123, 8124, 8125]


@pytest.mark.parametrize(
    ("error", "code"),
    [(Unfit("Not the key."), REFUSED), (Busy("Held."), 2), (psycopg.OperationalError("away"), 2)],
    ids=["a person must act", "passes by itself", "the database is not there yet"],
)
@pytest.mark.parametrize("words", [("up",), ("worker",)], ids=" ".join)
def test_what_serves_says_whether_another_start_may_go_better(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], error: Exception, code: int
) -> None:
    """Systemd starts again all but what it is told: a refusal repeated every five seconds holds the lock meanwhile."""

    def refuse(**_words: object) -> None:
        raise error

    monkeypatch.setattr(up, "ready", refuse)
    monkeypatch.setattr(up, "port_in_use", lambda _port: False)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        done = CliRunner().invoke(cli.app, [*words])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (done.exit_code, str(error) in done.stderr) == (code, True), done.output
    assert not in_use(nowhere / "var" / UP_LOCK)


@pytest.mark.parametrize(
    ("left", "code"), [("keys.json", 2), (UNFINISHED, REFUSED)], ids=["a disk comes late", "a restore was killed"]
)
def test_a_start_before_the_disk_of_the_database_is_there_is_tried_again(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, left: str, code: int
) -> None:
    (nowhere / "var" / left).mkdir(parents=True)
    monkeypatch.setattr(up, "port_in_use", lambda _port: False)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        done = CliRunner().invoke(cli.app, ["up"])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (done.exit_code, "and no database in" in done.stderr) == (code, True), done.output
    assert not (nowhere / "var" / "pg").exists()


def test_who_only_asks_whether_a_lock_is_held_keeps_nobody_from_taking_it(tmp_path: Path) -> None:
    lock = tmp_path / UP_LOCK
    with lock.open("a") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        timer = threading.Timer(0.2, fcntl.flock, (asking, fcntl.LOCK_UN))
        timer.start()
        with held(lock):
            assert in_use(lock)
        timer.join()
        fcntl.flock(asking, fcntl.LOCK_SH)
        with pytest.raises(InUse), held(lock):
            pytest.fail("another one has it")


# a server for as long as it is needed

# files by which these tests hold a lock as other processes would
OPENED: list[int] = []


@pytest.fixture(scope="module")
def pgdata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("place") / "pg"
    embedded.ensure_database(embedded.start(made), "minqing")
    shutil.copy(VAR / "keys.json", made.parent)
    cluster.stop(made)
    yield made
    cluster.stop(made)


@pytest.fixture
def leaving(monkeypatch: pytest.MonkeyPatch, pgdata: Path) -> Iterator[list[Any]]:
    """What would be done at the end of each process."""
    told: list[Any] = []
    monkeypatch.setattr(joining.atexit, "register", lambda *words: told.append(words[1:]))
    monkeypatch.setattr(joining, "_joined", {})
    # the server of the tests has connections of its own
    monkeypatch.setattr(joining, "let_go", lambda: None)
    yield told
    for one in OPENED:
        with contextlib.suppress(OSError):
            os.close(one)
    OPENED.clear()
    cluster.stop(pgdata)


def begin(pgdata: Path, *, stays: bool = False) -> None:
    """As another process does."""
    joining._joined.clear()
    joined(pgdata, pgdata.parent / UP_LOCK, stays=stays)
    OPENED.append(joining._joined[pgdata])


def end(leaving: list[Any], which: int = 0) -> None:
    words = leaving.pop(which)
    leave(*words)
    OPENED.remove(words[0])
    os.close(words[0])


def runs(pgdata: Path) -> bool:
    return embedded.running(pgdata) is not None


def test_who_is_last_to_need_it_stops_what_a_command_started(pgdata: Path, leaving: list[Any]) -> None:
    begin(pgdata)
    begin(pgdata)
    assert (runs(pgdata), len(leaving)) == (True, 2)
    end(leaving)
    assert runs(pgdata), "the second is at it still"
    end(leaving)
    assert not runs(pgdata)
    begin(pgdata)
    words = leaving[0]
    leave(*words[:-1], os.getpid() + 1)
    assert runs(pgdata), "a process that was made of it"


def test_what_was_there_before_or_serves_goes_on(pgdata: Path, leaving: list[Any]) -> None:
    embedded.start(pgdata)
    begin(pgdata)
    end(leaving)
    assert runs(pgdata), "it ran before"
    cluster.stop(pgdata)
    begin(pgdata)
    with held(pgdata.parent / UP_LOCK):
        end(leaving)
    assert runs(pgdata), "it is served from by now"
    begin(pgdata, stays=True)
    begin(pgdata)
    end(leaving)
    assert runs(pgdata), "what serves has taken it over"


def test_nobody_s_connection_is_cut_off(pgdata: Path, leaving: list[Any]) -> None:
    begin(pgdata)
    found = embedded.running(pgdata)
    assert found is not None
    with psycopg.connect(host=found.folder, user=embedded.SUPERUSER, dbname="postgres", application_name="psql"):
        end(leaving)
        assert runs(pgdata)


def test_a_command_leaves_no_server_running(pgdata: Path) -> None:
    """For real, also where it is refused for what it finds: the database has no tables."""
    own = {name: value for name, value in os.environ.items() if name not in {"MINQING_PGDATA", "MINQING_DB_NAME"}}
    own |= {"PYTHONPATH": str(ROOT / "src"), "MINQING_VAR": str(pgdata.parent), "PGAPPNAME": ""}
    done = subprocess.run(
        [sys.executable, "-m", "minqing", "journal", "seal"], env=own, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Run: minqing migrate" in done.stderr) == (2, True), done.stderr
    assert not runs(pgdata)
    assert (pgdata.parent / "pg.users").read_text().isdigit(), "it was this command that started it"


def test_nothing_that_serves_is_said_and_nothing_is_stopped(pgdata: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINQING_VAR", str(pgdata.parent))
    monkeypatch.delenv("MINQING_PGDATA")
    env.cache_clear()
    try:
        told = CliRunner().invoke(cli.app, ["status"])
        assert (told.exit_code, told.stdout.splitlines()) == (
            1, [f"Minqing {own_version()}: not serving", f"Data: {pgdata.parent}", "Database: not running"]
        )  # fmt: skip
        assert CliRunner().invoke(cli.app, ["stop"]).stdout == f"Nothing ran with the data in {pgdata.parent}.\n"
        embedded.start(pgdata)
        assert CliRunner().invoke(cli.app, ["stop"]).stdout == "Stopped.\n"
        assert not runs(pgdata)
    finally:
        monkeypatch.undo()
        env.cache_clear()


def test_the_version_is_told() -> None:
    told = CliRunner().invoke(cli.app, ["--version"])
    assert (told.exit_code, told.stdout) == (0, f"minqing {own_version()}\n")

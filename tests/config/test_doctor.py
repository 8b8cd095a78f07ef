"""``minqing doctor`` as the operator sees it: what is wrong, and the words that mend it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import typer
from django.db import connection, transaction
from pydantic import SecretStr

from minqing.config import embedded
from minqing.config.backup_schedule import name_at
from minqing.config.cli import doctor, doctor_backups, doctor_replication
from minqing.config.cli.doctor import examine, settled
from minqing.config.cli.doctor_replication import SAFE, acknowledged, standbys
from minqing.config.env import KEYS, env
from minqing.config.processes import Unfit
from minqing.core import indexes
from minqing.core.actor import Actor
from minqing.core.clock import local_date, now
from minqing.core.health import Finding
from minqing.core.models import Timekeeping
from minqing.core.timekeeping import note_time
from minqing.journal.models import Event
from minqing.journal.sealing import seal_new
from minqing.journal.seals import sign, signing_key
from minqing.journal.services import record
from tests.architecture.of_rooms import brought
from tests.embedded import ROOT, SOCKET, VAR, drop

# what the machine of the tests may lack; the others are the database's
MACHINE = {"disk", "text layout for PDF", "Chinese font", "font for rare characters", "pages"}
# and their county, which holds nothing
MACHINE |= {"setting up"}
# what the house looks at by itself, in this order; then come the rooms
OF_HOUSE = [
    "database server",
    "database",
    "tables",
    "keys of this database",
    "setting up",
    "way to the database",
    "what is acknowledged",
    "standbys",
    "address",
    "clock",
    "backups",
    "moments",
    "drill",
    "worker",
    "jobs",
    "periodic jobs",
]
EMPTY = f"{os.environ['MINQING_DB_NAME']}_empty"
CANARY = "canary-Zt8Q-secret"


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")


@pytest.fixture
def empty_database() -> Iterator[str]:
    """One with its roles and nothing else, as before the first migration."""
    drop(EMPTY)
    embedded.ensure_database(SOCKET, EMPTY)
    yield EMPTY
    drop(EMPTY)


def named(findings: list[Finding], name: str) -> Finding:
    (found,) = (one for one in findings if one.name == name)
    return found


def unwell(findings: list[Finding]) -> set[str]:
    return {one.name for one in findings if not one.well} - MACHINE


def run(**variables: str) -> subprocess.CompletedProcess[str]:
    """The command itself, in a process of its own with those variables."""
    return subprocess.run(
        [sys.executable, "-m", "minqing", "doctor"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | variables,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def line(told: str, name: str) -> str:
    """The line of one finding and the line after it, where its mend is."""
    lines = told.splitlines()
    (at,) = (number for number, one in enumerate(lines) if one[2:].strip().startswith(name))
    return "\n".join(lines[at : at + 2])


def a_worker(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s)", [timedelta(seconds=seconds_ago)]
        )


@pytest.mark.django_db
@pytest.mark.fault(53)
@pytest.mark.parametrize("value", ["local", "remote_write", "off", "on", "remote_apply"])
def test_what_is_answered_before_it_is_safe_is_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """By the session's own settings, wherever they come from: address, role, database or server."""
    own = env().model_copy(update={"database_url": SecretStr("x")})
    monkeypatch.setattr(doctor_replication, "env", lambda: own)
    monkeypatch.setattr(doctor_replication, "SAFE", {"synchronous_commit": SAFE["synchronous_commit"]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', %s, true)", [value])
    found = acknowledged()
    assert (found.well, f"synchronous_commit={value}" in found.seen) == (
        (True, False) if value in {"on", "remote_apply"} else (False, True)
    )


@pytest.mark.django_db
@pytest.mark.fault(51)
def test_a_leader_of_several_servers_without_a_standby_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (standbys().well, standbys().seen) == (True, "none: there is one server")
    monkeypatch.setitem(connection.settings_dict, "HOST", "pg1,pg2,pg3")
    found = standbys()
    assert (found.well, found.seen) == (False, "none is connected; the leader waits for none of them")
    assert "patronictl list" in found.mend


@pytest.mark.django_db
def test_everything_of_the_tests_database_is_well_but_for_the_worker() -> None:
    findings = examine()
    seen = [one.name for one in findings][6:]
    assert seen[: len(OF_HOUSE)] == OF_HOUSE
    assert sorted(seen[len(OF_HOUSE) :]) == sorted(brought("FINDINGS")), "each room's matrix says what it looks at"
    assert unwell(findings) == {"worker"}
    assert named(findings, "worker").seen == "0 running, 0 failed jobs"


@pytest.mark.django_db
def test_a_worker_that_beats_is_well_and_one_that_went_silent_is_not() -> None:
    a_worker(600)
    assert unwell(examine()) == {"worker"}
    a_worker(5)
    assert unwell(examine()) == set()


@pytest.mark.django_db
def test_a_finding_that_is_not_well_is_printed_with_its_mend_and_the_exit_code_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as left:
        doctor.doctor()
    assert left.value.exit_code == 1
    told = capsys.readouterr()
    assert told.err == "", "what was asked for is on stdout"
    assert "✗" in line(told.out, "worker")
    assert "→ Run: minqing up (or minqing worker" in line(told.out, "worker")
    assert "✓" in line(told.out, "tables")
    assert "→" not in line(told.out, "tables")


@pytest.mark.django_db
def test_with_nothing_wrong_there_is_no_mend_and_no_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_worker(5)
    findings = [one for one in examine() if one.name not in MACHINE]
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    doctor.doctor()
    told = capsys.readouterr().out
    # nobody can say of the copies from here, none was tried, and no moments are kept
    assert (told.count("✓"), len(re.findall(r"(?m)^ *–", told))) == (len(findings) - 3, 3)
    # what is not known may be made so
    unknown = [one for one in findings if not one.known and one.mend]
    assert told.count("→") == len(unknown) <= 3
    assert "backups" in {one.name for one in unknown}


SENTENCES = Finding("disk", False, "0.1 GiB free in /var/lib/minqing", "Move the folder with MINQING_VAR. " * 9)


@pytest.mark.fault(140)
def test_advice_is_whole_on_a_narrow_terminal_and_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for terminal in ("", "1"):
        monkeypatch.setenv("FORCE_COLOR", terminal) if terminal else monkeypatch.delenv("FORCE_COLOR", raising=False)
        doctor.tell_findings([SENTENCES])
        told = capsys.readouterr()
        words = re.sub(r"\x1b\[[0-9;]*m", "", told.out)
        assert (told.err, "…" in words, words.count("MINQING_VAR")) == ("", False, 9)
        assert all(len(one) <= 60 for one in words.splitlines()) == bool(terminal)


@pytest.mark.fault(140)
@pytest.mark.django_db
def test_a_program_reads_the_same_in_every_language_and_a_person_one_language_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = {}
    for code in ("en", "zh-hans"):
        monkeypatch.setenv("MINQING_LANG", code)
        with pytest.raises(typer.Exit) as left:
            doctor.doctor(json=True)
        assert left.value.exit_code == 1
        read[code] = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert read["en"].keys() == read["zh-hans"].keys()
    assert not read["zh-hans"]["worker"]["well"]
    assert read["zh-hans"]["worker"]["mend"].startswith("Run: minqing up")
    assert [name for name in read["en"] if re.search("[\u4e00-\u9fff]", name)] == []
    with pytest.raises(typer.Exit):
        doctor.doctor()
    told = [one for one in capsys.readouterr().out.splitlines() if one[2:3].strip()]
    assert [one for one in told if not re.search("[\u4e00-\u9fff]", one[:30])] == []


@pytest.mark.django_db
def test_a_backup_is_told_by_its_day_and_missed_after_a_week() -> None:
    assert not doctor_backups.backups().known
    by = Actor.system("minqing backup")
    for days, well in ((8, False), (6, True)):
        record(type="config.backup.made", subject="backup:1", by=by, at=now() - timedelta(days=days))
        found = doctor_backups.backups()
        assert (found.well, found.mend) == (well, "Run: minqing backup FILE")
        assert found.seen == f"last made on {local_date(now() - timedelta(days=days))}"


@pytest.mark.django_db
def test_none_each_night_is_missed_once_the_county_is_two_days_old(monkeypatch: pytest.MonkeyPatch) -> None:
    nightly = env().model_copy(update={"minqing_backup_folder": Path("/mnt/elsewhere")})
    monkeypatch.setattr(doctor_backups, "env", lambda: nightly)
    assert (doctor_backups.backups().well, doctor_backups.backups().known) == (True, False), "nothing happened yet"
    for days, well in ((1, True), (3, False)):
        began = Event(recorded_at=now() - timedelta(days=days))
        monkeypatch.setattr(doctor_backups, "first_event", lambda began=began: began)
        found = doctor_backups.backups()
        assert (found.well, found.known, found.mend) == (well, not well, "Run: minqing backup")


@pytest.mark.django_db
def test_those_of_the_nights_are_looked_for_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That one was made says nothing of where it is now."""
    nightly = env().model_copy(update={"minqing_backup_folder": tmp_path / "kept"})
    monkeypatch.setattr(doctor_backups, "env", lambda: nightly)
    record(type="config.backup.made", subject="backup:1", by=Actor.system("minqing backup"))
    assert "is not there. Make it, or mount the disk" in doctor_backups.backups().seen
    (tmp_path / "kept").mkdir()
    seen = []
    for days in (None, 3, 1):
        if days is not None:
            (tmp_path / "kept" / name_at(now() - timedelta(days=days))).touch()
        found = doctor_backups.backups()
        seen.append((found.well, found.seen.partition(" in ")[0], found.mend))
    mend = "Run: minqing backup"
    assert seen == [
        (False, "There is no backup", mend),
        (False, f"last made on {local_date(now() - timedelta(days=3))}", mend),
        (True, f"last made on {local_date(now() - timedelta(days=1))}", mend),
    ]


def test_keys_that_others_may_read_are_reported_with_the_command_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{}")
    monkeypatch.setenv("MINQING_VAR", str(tmp_path))
    env.cache_clear()
    try:
        for mode, well in [(0o600, True), (0o400, True), (0o640, False), (0o604, False), (0o644, False)]:
            path.chmod(mode)
            found = doctor.keys_safe()
            assert found.well is well, oct(mode)
            assert found.mend == f"Run: chmod 600 {path}"
    finally:
        monkeypatch.undo()
        env.cache_clear()
    assert env().var == VAR


def an_event(recorded: str) -> None:
    """As the journal holds it some time later; the database sets the moment itself, whatever a writer sends."""
    with embedded.superuser(SOCKET, os.environ["MINQING_DB_NAME"]) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "INSERT INTO journal_event (id, seq, tx, recorded_at, type, source, subject, at, actor, purpose, data) "
            "SELECT gen_random_uuid(), nextval('journal_event_number'), pg_current_xact_id()::text::bigint, "
            "now() + %(recorded)s::interval, 'test.happened', '/minqing', 'test', now(), 'system:test', '', '{}'",
            {"recorded": recorded},
        )


def test_an_event_that_nobody_sealed_for_hours_is_reported_until_it_is_sealed(committed: None) -> None:
    an_event("-2 minutes")
    assert named(examine(), "journal") == Finding("journal", True, "sealed", "Run: minqing journal seal")
    an_event("-2 hours")
    found = named(examine(), "journal")
    assert (found.well, found.seen) == (False, "1 events not sealed for more than an hour")
    with transaction.atomic():
        seal_new()
    assert named(examine(), "journal").well


def test_a_week_in_which_nothing_happened_lacks_no_seal(committed: None) -> None:
    an_event("-7 days")
    with transaction.atomic():
        made = seal_new()
    assert made is not None
    made.sealed_at -= timedelta(days=7)
    sign(made, signing_key())
    with embedded.superuser(SOCKET, os.environ["MINQING_DB_NAME"]) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "UPDATE journal_seal SET sealed_at = %s, digest = %s, signature = %s",
            [made.sealed_at, made.digest, made.signature],
        )
    assert named(examine(), "journal").well


def test_a_clock_behind_the_last_event_is_reported(committed: None) -> None:
    an_event("1 minute")
    assert named(examine(), "clock").well, "machines differ by seconds"
    an_event("1 hour")
    found = named(examine(), "clock")
    assert (found.well, found.seen[:41]) == (False, "behind the last event in the journal, of ")
    assert "timedatectl" in found.mend
    # it was ahead, and is right now
    assert settled("clock").startswith("The clock is believed")
    assert named(examine(), "clock").well
    assert settled("clock") == "Nothing is odd about the clock."
    an_event("2 hours")
    assert not named(examine(), "clock").well


def test_a_clock_that_leapt_is_reported_until_the_operator_says_that_it_is_right(committed: None) -> None:
    note_time()
    Timekeeping.objects.update(seen_at=now() - timedelta(days=3))
    for _noted in range(2):
        found = named(examine(), "clock")
        assert (found.well, found.seen[:11]) == (False, "leapt from ")
        assert "minqing doctor --settle clock" in found.mend
        note_time()
    settled("clock")
    assert named(examine(), "clock").well


@pytest.mark.parametrize(
    "fault", [psycopg.OperationalError("role may not log in"), FileNotFoundError("ca.pem"), OSError()]
)
def test_what_a_check_asks_by_itself_and_does_not_get_is_a_finding(committed: None, fault: Exception) -> None:
    def asks() -> Finding:
        raise fault

    (found,) = doctor.looked_at("standbys", asks)
    assert (found.well, found.mend) == (False, "")
    assert str(fault) in found.seen


def test_what_is_settled_is_a_job_or_the_clock(committed: None) -> None:
    with pytest.raises(Unfit, match="There is no job abc"):
        settled("abc")
    assert settled("journal.seal") == "0 failed jobs of journal.seal were seen to."


def test_an_empty_database_has_migrations_to_run(empty_database: str) -> None:
    done = run(MINQING_DB_NAME=empty_database)
    assert done.returncode == 1
    told = line(done.stdout, "tables")
    assert "migrations to run" in told
    assert "→ Run: minqing migrate" in told
    assert "Traceback" not in done.stderr
    assert "worker" not in done.stdout, "what the tables would tell is left out"


def test_a_server_that_is_not_running_is_reported_and_not_started(tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("18\n")
    done = run(MINQING_VAR=str(tmp_path), MINQING_PGDATA=str(tmp_path / "pg"))
    assert done.returncode == 1
    told = line(done.stdout, "database server")
    assert "✗" in told
    assert "not running" in told
    assert "→ Run: minqing up" in told
    assert [path.name for path in (tmp_path / "pg").iterdir()] == ["PG_VERSION"]


def test_a_database_that_is_not_there_is_told_in_one_line() -> None:
    done = run(MINQING_DB_NAME="mq_ops_no_such_database")
    assert done.returncode == 1
    assert "→ Check DATABASE_URL, then: minqing up" in line(done.stdout, "database  ")
    assert "Traceback" not in done.stderr


def test_a_database_of_ones_own_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    given = {f"MINQING_{name.upper()}": "ab" * 32 for name in KEYS}
    done = run(DATABASE_URL=f"postgresql://app:{CANARY}@127.0.0.1:1/county", MINQING_VAR=str(tmp_path), **given)
    assert done.returncode == 1
    assert "your own (DATABASE_URL)" in done.stdout
    assert "✗" in line(done.stdout, "database  ")
    assert CANARY not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_an_app_that_owns_its_tables_could_step_over_the_walls(django_db_setup: None) -> None:
    given = {f"MINQING_{name.upper()}": "ab" * 32 for name in KEYS}
    name = os.environ["MINQING_DB_NAME"]
    owner = f"postgresql://{embedded.OWNER}@/{name}?host={SOCKET.folder}"
    done = run(DATABASE_URL=owner, **given)
    assert done.returncode == 1
    told = line(done.stdout, "rights of the app")
    assert "owns the tables or bypasses their walls" in told
    assert "OWNER_DATABASE_URL" in told


@pytest.mark.django_db
def test_a_database_whose_search_cannot_use_its_index_is_told_the_command(django_db_setup: None) -> None:
    name = connection.settings_dict["NAME"]
    with embedded.superuser(SOCKET, name) as admin:
        admin.execute(indexes.LEAKPROOF.replace("LEAKPROOF", "NOT LEAKPROOF"))
        try:
            found = named(examine(), "search of matters")
        finally:
            admin.execute(indexes.LEAKPROOF)
    assert not found.well
    assert indexes.LEAKPROOF in found.mend
    assert named(examine(), "search of matters").well

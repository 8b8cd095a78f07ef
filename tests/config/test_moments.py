"""Any moment of the last days is put together again: of a real server, by the commands an operator has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from minqing.config import cluster, embedded, wal_archive
from minqing.config.archives import identities_in, new_identity, recipients_of, unpack
from minqing.config.backup import back_up
from minqing.config.cli import doctor_backups
from minqing.config.cli.backup import moment_in
from minqing.config.env import env
from minqing.config.processes import Unfit
from minqing.config.recovery import chain_to, refuse_a_gap, refuse_another_postgresql, stays_inside
from minqing.config.restore import Stage, loaded
from minqing.config.wal_archive import (
    copy_is_due,
    keep_moments,
    keep_now,
    lay_aside_ahead,
    oldest_needed,
    refuse_a_part,
    segment_name,
)
from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI, now
from minqing.journal.sealing import seal_new
from minqing.journal.services import record
from minqing.privacy.key_prints import note_prints
from tests.config.test_backup import manifest_of
from tests.embedded import ROOT, VAR

pytestmark = pytest.mark.fault(128)
NOON = datetime(2026, 11, 30, 12, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
DRILLS = "SELECT data FROM journal_event WHERE type = 'config.drill.made'"


class County:
    """A county of its own in a folder, and its commands."""

    def __init__(self, folder: Path, key: Path, backups: Path) -> None:
        folder.mkdir()
        shutil.copy(VAR / "keys.json", folder)
        self.folder, self.key, self.backups = folder, key, backups
        own = {name: value for name, value in os.environ.items() if name != "MINQING_PGDATA"}
        self.environment = own | {
            "PYTHONPATH": str(ROOT / "src"), "MINQING_VAR": str(folder), "MINQING_BACKUP_MOMENTS": "7",
            "MINQING_BACKUP_FOLDER": str(backups), "MINQING_BACKUP_KEY": key.read_text().split()[1],
        }  # fmt: skip

    @property
    def pgdata(self) -> Path:
        return self.folder / "pg"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "minqing", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=300)

    def done(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def connect(self) -> psycopg.Connection:
        return embedded.superuser(cluster.start(self.pgdata), env().minqing_db_name)

    def write(self, name: str) -> datetime:
        """A row and a picture. Returns a moment after it."""
        (self.folder / "files").mkdir(exist_ok=True)
        (self.folder / "files" / name).write_text(name)
        with self.connect() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS notes (name text)")
            connection.execute("INSERT INTO notes VALUES (%s)", [name])
            (moment,) = connection.execute("SELECT clock_timestamp()").fetchone() or (NOON,)
        return moment

    def notes(self) -> list[str]:
        with self.connect() as connection:
            return [row[0] for row in connection.execute("SELECT name FROM notes ORDER BY name")]


@pytest.fixture
def county(committed: None, tmp_path: Path) -> Iterator[County]:
    key, backups = tmp_path / "key", tmp_path / "backups"
    new_identity(key)
    backups.mkdir()
    note_prints(using="owner")
    record(type="test.thing.done", subject="thing:before", by=Actor.system("test"))
    seal_new()
    public = recipients_of(key.read_text().split()[1])
    manifest = back_up(tmp_path / "first.age", public, env())
    stage = Stage(tmp_path / "stage", tmp_path / "stage")
    stage.files.mkdir(mode=0o755)
    unpack(tmp_path / "first.age", identities_in(key), stage.files)
    with loaded(manifest, stage, env().minqing_db_name):
        pass
    made = County(tmp_path / "var", key, backups)
    stage.pgdata.rename(made.pgdata)
    yield made
    for pgdata in tmp_path.glob("*/pg"):
        cluster.stop(pgdata)


@pytest.mark.xdist_group("cluster")
def test_a_county_is_put_back_to_a_moment(county: County, tmp_path: Path) -> None:
    county.write("a")
    county.done("backup", "--moment")
    moment = county.write("b")
    county.write("c")
    county.done("backup", "--moment")
    county.write("d")
    county.done("backup", str(tmp_path / "nightly.age"))
    drilled = county.run("drill", str(tmp_path / "nightly.age"), "--key", str(county.key))
    told = drilled.stdout + drilled.stderr
    assert len(re.findall(r": the county was there again after \d+ seconds", told)) == 2, told
    assert told.count("✓ journal") == 2, "the backup's, and that of the last moment"
    with county.connect() as connection:
        (noted,) = connection.execute(DRILLS).fetchone() or ({},)
    assert {*noted} == {"seconds", "moment", "moment_seconds", "well", "wrong"}
    names = sorted(one.name.split(".")[1] for one in county.backups.glob("*.age"))
    assert names == ["base", "wal", "wal"], "one copy, and the log since"
    assert not list(county.folder.glob(".backup-*")), "nothing is left open on the disk"
    opened = tmp_path / "opened"
    for file in county.backups.glob("*.age"):
        opened.mkdir()
        unpack(file, identities_in(county.key), opened)
        assert not [one for one in opened.rglob("*") if "keys" in one.name]
        shutil.rmtree(opened)

    cluster.stop(county.pgdata)
    shutil.rmtree(county.folder)

    again = County(tmp_path / "again", county.key, county.backups)
    said = again.done("restore", str(county.backups), "--at", moment.isoformat(), "--key", str(county.key))
    assert "✓ journal: " in said, "the record was proved before anything has its place"
    assert again.notes() == ["a", "b"]
    assert (again.folder / "files" / "b").read_text() == "b"
    assert sorted(one.name for one in again.folder.iterdir() if not one.name.startswith(".")) == [
        "files", "keys.json", "pg", "pg.lock", "settings.env",
    ]  # fmt: skip
    with again.connect() as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        assert connection.execute("SELECT count(*) FROM pg_replication_slots").fetchone() == (0,)
        (line,) = connection.execute("SELECT timeline_id FROM pg_control_checkpoint()").fetchone() or (0,)
    # the next in line would be that of every other one that goes on from the same copy, and phones would see no change
    assert line > 2
    # it begins with a copy of its own
    again.done("backup", "--moment")
    assert len({one.name.split("-")[2] for one in county.backups.glob("*.base.age")}) == 2


def file_of(folder: Path, moment: datetime, kind: str, life: str = "aaaa") -> Path:
    path = folder / f"minqing-00000000-{life}-{moment:%Y-%m-%d-%H%M%S}.{kind}.age"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("moment", "copy", "pieces"),
    [
        (NOON, 0, [0, 5]),
        (NOON + 4 * MINUTE, 0, [0, 5]),
        # what happened in the very moment is in the piece after it
        (NOON + 5 * MINUTE, 0, [0, 5, 10]),
        (NOON + 21 * MINUTE, 20, [20, 25]),
        (NOON - MINUTE, None, []),
        (NOON + 25 * MINUTE, None, []),
    ],
)
def test_a_moment_takes_the_copy_before_it_and_the_log_until_after_it(
    tmp_path: Path, moment: datetime, copy: int | None, pieces: list[int]
) -> None:
    for minutes, kind in ((0, "base"), (20, "base"), *((one, "wal") for one in (0, 5, 10, 20, 25))):
        file_of(tmp_path, NOON + minutes * MINUTE, kind)
    (tmp_path / "minqing-00000000-aaaa-2026-11-30-0030.age").touch()
    if copy is None:
        with pytest.raises(Unfit, match="kept: 2026-11-30 12:00:00 – 2026-11-30 12:25:00"):
            chain_to(moment, tmp_path)
        return
    chain = chain_to(moment, tmp_path)
    assert chain.copy.name.endswith(f"{NOON + copy * MINUTE:%H%M%S}.base.age")
    assert [one.name[-14:-8] for one in chain.pieces] == [f"{NOON + one * MINUTE:%H%M%S}" for one in pieces]


def test_of_several_lives_at_one_moment_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="holds nothing of which a moment could be put together"):
        chain_to(NOON, tmp_path)
    copies = [file_of(tmp_path, NOON, "base", life) for life in ("aaaa", "bbbb")]
    for life in ("aaaa", "bbbb"):
        file_of(tmp_path, NOON + MINUTE, "wal", life)
    with pytest.raises(Unfit, match="Name one of: minqing-00000000-aaaa"):
        chain_to(NOON, tmp_path)
    assert [chain_to(NOON, one).copy for one in copies] == copies
    with pytest.raises(Unfit, match="There is no file"):
        chain_to(NOON, tmp_path / "mistyped")
    with pytest.raises(Unfit, match=f"restore {tmp_path} --at TIME"):
        refuse_a_part(copies[0])
    refuse_a_part(tmp_path / "minqing-00000000-aaaa-2026-11-30-1200.age")


def test_what_would_lie_outside_is_not_laid_out_whichever_python_reads_it() -> None:
    """Filters came with Python 3.11.4, and Debian 12 has 3.11.2."""
    for name, inside in (("base/1", True), ("/etc/passwd", False), ("base/../../x", False)):
        assert stays_inside(tarfile.TarInfo(name)) is inside
    link = tarfile.TarInfo("base/2")
    link.type = tarfile.SYMTYPE
    assert not stays_inside(link)


def test_a_missing_piece_is_told_before_anything_is_replayed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, tmp_path)
    for folder in ("pg", "wal"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pg" / "backup_label").write_text(
        "START WAL LOCATION: 0/FE000028 (file 0000000100000000000000FE)\nCHECKPOINT LOCATION: 0/FE000080\n"
    )
    for number in (0xFD, 0xFE, 0xFF, 0x100, 0x101):
        (tmp_path / "wal" / f"{segment_name(1, number)}.gz").touch()
    refuse_a_gap(NOON, stage)
    (tmp_path / "wal" / "000000010000000100000000.gz").unlink()
    with pytest.raises(Unfit, match="12:00:00 1 segments are missing, the first 000000010000000100000000"):
        refuse_a_gap(NOON, stage)
    # as where the copy's own first one is not there
    for path in (tmp_path / "wal").iterdir():
        path.unlink()
    with pytest.raises(Unfit, match="1 segments are missing, the first 0000000100000000000000FE"):
        refuse_a_gap(NOON, stage)


def test_a_copy_is_made_each_week_in_a_night_and_the_one_before_the_days_stays() -> None:
    night = NOON.replace(hour=2)
    assert copy_is_due({}, NOON)
    for age, at, due in ((5, night, False), (6, night, True), (6, NOON, False), (8, NOON, True)):
        assert copy_is_due({at - timedelta(days=age): Path("x")}, at) is due
    copies = [NOON - timedelta(days=days) for days in (21, 14, 7)]
    for days, first in ((30, 21), (15, 21), (14, 14), (1, 7)):
        assert oldest_needed(copies, NOON - timedelta(days=days)) == NOON - timedelta(days=first)
    assert oldest_needed([], NOON) is None


def test_where_none_are_kept_it_is_said_and_a_time_is_read_as_the_countys(db: None) -> None:
    with pytest.raises(Unfit, match="Set MINQING_BACKUP_MOMENTS"):
        keep_now(env())
    own = env().model_copy(update={"database_url": SecretStr("x"), "minqing_backup_moments": 7})
    with pytest.raises(Unfit, match=r"of your own are kept by what archives its log"):
        keep_now(own)
    assert keep_moments(0) == ""
    assert moment_in("") is None
    assert moment_in("2026-11-30 12:00") == NOON
    assert moment_in("2026-11-30T04:00:00Z") == NOON.astimezone(UTC)
    with pytest.raises(Unfit, match="“yesterday” is no time"):
        moment_in("yesterday")
    with pytest.raises(Unfit, match="PostgreSQL 17, and this is 18: take Minqing 0"):
        refuse_another_postgresql(manifest_of(postgresql=17))


def test_the_doctor_says_from_when_to_when(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = env().model_copy(update={"minqing_backup_moments": 7, "minqing_backup_folder": tmp_path})
    assert not doctor_backups.moments().known
    monkeypatch.setattr(doctor_backups, "env", lambda: told)
    assert (doctor_backups.moments().well, doctor_backups.moments().seen) == (False, "none")
    copy = wal_archive.name_at(now() - timedelta(days=2), "base")
    (tmp_path / copy).touch()
    for hours, well in ((3, False), (1, True)):
        (tmp_path / wal_archive.name_at(now() - timedelta(hours=hours), "wal")).touch()
        assert doctor_backups.moments().well is well
    # what was kept while the clock was ahead is not the newest, and goes out of the way of what comes now
    for kind in ("base", "wal"):
        (tmp_path / wal_archive.name_at(now() + timedelta(days=400), kind)).touch()
    before = doctor_backups.moments().seen
    assert "2028" not in before
    assert [lay_aside_ahead(tmp_path), lay_aside_ahead(tmp_path)] == [2, 0]
    assert (doctor_backups.moments().seen, len([*tmp_path.iterdir()])) == (before, 5)

"""A backup of the county while it runs, and a county out of it: whole and as it was, or refused in a sentence."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.db import transaction
from pydantic import SecretStr
from typer.testing import CliRunner

from minqing.config import archives, backup, backup_schedule, cluster, disks, drill, embedded, looking
from minqing.config import restore as restore_module
from minqing.config.archives import MANIFEST, Manifest, identities_in, new_identity, pack, recipients_of, unpack
from minqing.config.backup import back_up
from minqing.config.backup_schedule import back_up_each_night, copy_mark, county_mark, name_at, newest_in, staying
from minqing.config.cli import app, doctor_backups
from minqing.config.cli import backup as command
from minqing.config.cli.backup import refuse_other_servers
from minqing.config.drill import rehearse
from minqing.config.env import Env, env
from minqing.config.looking import look_into
from minqing.config.processes import Unfit
from minqing.config.restore import (
    alone,
    called_as_there,
    compare,
    go_on_from,
    refuse_what_does_not_fit,
    refuse_what_is_there,
    refuse_without_keys,
    restore,
)
from minqing.core import compatibility
from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI, now
from minqing.journal.models import Event
from minqing.journal.queries import newest_of
from minqing.journal.sealing import seal_new
from minqing.journal.services import record
from minqing.privacy.key_prints import note_prints, noted_prints, own_prints
from tests.cast import Cast
from tests.embedded import PGDATA, ROOT, SOCKET, VAR

pytestmark = pytest.mark.fault(128)
PICTURE = b"\xff\xd8" + os.urandom(200_000)
OTHER = "ab" * 32
PUBLIC = "age1ax3wtv9dzehltn3fuqp9zj3tszn5ssn2exu0jehq4llw74py49yqsgsdjk"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "backup-key"
    new_identity(path)
    return path


@pytest.fixture(scope="module")
def public(key: Path) -> str:
    return key.read_text().split()[1]


def place_of(var: Path) -> Env:
    """Settings with the tests' own server and other files."""
    return env().model_copy(update={"minqing_var": var})


def empty_place(var: Path) -> Env:
    var.mkdir()
    shutil.copy(VAR / "keys.json", var)
    return env().model_copy(update={"minqing_var": var, "minqing_pgdata": None})


def manifest_of(**values: Any) -> Manifest:
    told = {"made_at": "2026-09-30T08:00:00+00:00", "version": "0.1.0", "generation": 1, "postgresql": 18}
    told |= {"transaction": 1, "migrations": [], "keys": {}, "tables": {}, "seal": []}
    return Manifest(**(told | values))


# the whole way


@pytest.mark.xdist_group("cluster")
def test_a_county_comes_back_as_it_was_while_it_went_on(
    committed: None, tmp_path: Path, key: Path, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the command, with a server of its own; what was written after the moment of the backup is not in it."""
    by = Actor.system("test")
    note_prints(using="owner")
    record(type="test.thing.done", subject="thing:before", by=by)
    seal, there = seal_new(), Event.objects.count()
    assert seal is not None
    from_var = tmp_path / "from"
    (from_var / "files" / "aa").mkdir(parents=True)
    (from_var / "files" / "aa" / "one.jpg").write_bytes(PICTURE)

    def dump_later(*words: Any) -> None:
        record(type="test.thing.done", subject="thing:after", by=by)
        dump(*words)

    # of one that was killed while it made one
    (from_var / ".backup-killed").mkdir()
    (from_var / ".backup-killed" / "database.dump").write_bytes(PICTURE)
    dump, file = backup.dump, tmp_path / "county.age"
    monkeypatch.setattr(backup, "dump", dump_later)
    made = back_up(file, recipients_of(public), place_of(from_var))
    assert (made.tables["public.journal_event"], Event.objects.count()) == (there, there + 1)
    left = sorted(path.name for path in from_var.iterdir())
    assert left == [".backup.lock", "files"], "nothing is left open on the disk"
    assert not any(PICTURE[:64] in path.read_bytes() for path in tmp_path.glob("*.*"))

    place = empty_place(tmp_path / "to")
    own = {name: value for name, value in os.environ.items() if name != "MINQING_PGDATA"}
    own |= {"PYTHONPATH": str(ROOT / "src"), "MINQING_VAR": str(place.var)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "minqing", *words]
        return subprocess.run(command, env=own, capture_output=True, text=True, check=False, timeout=300)

    try:
        done = run("restore", str(file), "--key", str(key))
        assert done.returncode == 0, done.stderr
        assert f"{made.rows} rows in {len(made.tables)} tables, 3 files, all as they were" in done.stdout
        assert "✓ journal: " in done.stdout, "the record was proved before anything has its place"
        assert {path.name for path in place.var.iterdir()} == {
            ".restore.lock", "files", "keys.json", "pg", "settings.env"
        }  # fmt: skip
        assert (place.var / "files" / "aa" / "one.jpg").read_bytes() == PICTURE
        # seals name transactions: of a server that counted anew they would be of none that has begun
        done = run("journal", "verify", "--known", f"{seal.number}:{seal.digest}")
        assert (done.returncode, "Unchanged" in done.stdout) == (0, True), done.stdout + done.stderr
        # each command has stopped the server that it started
        assert embedded.running(place.pgdata) is None
        found = embedded.start(place.pgdata)
        with embedded.superuser(found, place.minqing_db_name) as connection:
            (number,) = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone() or (0,)
            assert number > made.transaction
            kept = connection.execute("SELECT subject FROM journal_event WHERE subject LIKE 'thing:%'").fetchall()
            assert kept == [("thing:before",)]
        with (
            psycopg.connect(
                host=found.folder, port=found.port, user=embedded.APP, dbname=place.minqing_db_name
            ) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("UPDATE journal_event SET type = 'x'")
        done = run("restore", str(file), "--key", str(key))
        assert (done.returncode, "is there already" in done.stderr) == (2, True), done.stderr
    finally:
        cluster.stop(place.pgdata)


# what the file is


@pytest.fixture
def contents(tmp_path: Path) -> Path:
    folder = tmp_path / "contents"
    (folder / "files").mkdir(parents=True)
    (folder / "database.dump").write_bytes(PICTURE)
    (folder / "files" / "one.jpg").write_bytes(b"one")
    return folder


@pytest.fixture
def packed(contents: Path, tmp_path: Path, public: str) -> Path:
    """A file as a backup makes it."""
    file = tmp_path / "county.age"
    named = [(name, contents / name) for name in ("database.dump", "files/one.jpg", "files/erased.jpg")]
    made = pack(file, manifest_of(), named, recipients_of(public))
    assert sorted(made.contents) == ["database.dump", "files/one.jpg"], "what is erased meanwhile is left out"
    return file


def flipped(at: int) -> Callable[[bytes], bytes]:
    return lambda whole: whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a byte in the middle": (flipped(100_000), "is damaged"),
    "a byte at the end": (flipped(-1), "is damaged"),
    "a byte of what names the key": (flipped(60), "is not encrypted for this key"),
    "cut": (lambda whole: whole[:-3000], "is damaged"),
    "cut between two pieces": (lambda whole: whole[: len(whole) // 65552 * 65552 - 65552], "is damaged"),
    "empty": (lambda _whole: b"", "is not encrypted for this key, or is no backup"),
    "something else": (lambda _whole: b"PK\x03\x04" * 100, "is not encrypted for this key, or is no backup"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_file_that_is_not_as_it_was_written_is_refused(packed: Path, key: Path, tmp_path: Path, name: str) -> None:
    change, sentence = DAMAGED[name]
    packed.write_bytes(change(packed.read_bytes()))
    with pytest.raises(Unfit, match=sentence) as refused:
        unpack(packed, identities_in(key), tmp_path / "out")
    assert "nothing was changed" in str(refused.value)


def test_another_key_opens_nothing(packed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    new_identity(other)
    with pytest.raises(Unfit, match="is not encrypted for this key"):
        unpack(packed, identities_in(other), tmp_path / "out")


def packed_anew(packed: Path, key: Path, public: str, change: Callable[[dict[str, bytes]], Any]) -> None:
    """As by somebody who has the public key: encrypted well, with other contents."""
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(packed.read_bytes(), identities_in(key)))) as tar:
        found = {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]
    change(found)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, value in found.items():
            member = tarfile.TarInfo(name)
            member.size = len(value)
            tar.addfile(member, io.BytesIO(value))
    packed.write_bytes(pyrage.encrypt(out.getvalue(), recipients_of(public)))


def told_otherwise(found: dict[str, bytes], **values: Any) -> None:
    found[MANIFEST] = json.dumps(json.loads(found[MANIFEST]) | values).encode()


OTHERWISE: dict[str, tuple[Callable[[dict[str, bytes]], Any], str]] = {
    "nothing else": (lambda found: None, ""),
    "a file is missing": (lambda found: found.pop("files/one.jpg"), r"lacks 1 files .* the first files/one.jpg"),
    "a file is another": (lambda found: found.update({"files/one.jpg": b"two"}), "not as they were, the first files/"),
    "a file came in": (lambda found: found.update({"keys.json": b"{}"}), "do not belong to it, the first keys.json"),
    "a file outside": (lambda found: found.update({"../keys.json": b"{}"}), "is damaged"),
    "a file at the root": (lambda found: found.update({"/tmp/keys.json": b"{}"}), "is damaged"),  # noqa: S108
    "no list": (lambda found: found.pop(MANIFEST), "is damaged"),
    "a list of something else": (lambda found: found.update({MANIFEST: b"[1]"}), "is damaged"),
    "a list of later software": (lambda found: told_otherwise(found, format=2), r"made by newer software \(0.1.0\)"),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_does_not_agree_with_its_list_is_refused(
    packed: Path, key: Path, public: str, tmp_path: Path, name: str
) -> None:
    change, sentence = OTHERWISE[name]
    packed_anew(packed, key, public, change)
    out = tmp_path / "out"
    if not sentence:
        assert unpack(packed, identities_in(key), out).contents["files/one.jpg"].size == 3
        return
    with pytest.raises(Unfit, match=sentence):
        unpack(packed, identities_in(key), out)
    assert not (tmp_path / "keys.json").exists()


def test_what_comes_out_of_it_is_for_its_owner_alone(packed: Path, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = os.umask(0o022)
    try:
        unpack(packed, identities_in(key), out)
    finally:
        os.umask(before)
    modes = {one.relative_to(out).as_posix(): one.stat().st_mode & 0o777 for one in out.rglob("*")}
    assert modes == {"files": 0o700, "files/one.jpg": 0o600, "database.dump": 0o600, "manifest.json": 0o600}


def test_an_archive_that_may_not_be_read_is_not_said_to_be_damaged(
    packed: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path, *_words: Any) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    identities = identities_in(key)
    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(Unfit, match=r"cannot be read: Permission denied\. Nothing was changed"):
        unpack(packed, identities, tmp_path / "out")


def test_a_mistyped_key_is_no_failed_drill(
    db: None, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill, "refuse_without_room", lambda _needed, _folder: None)
    with pytest.raises(Unfit, match="cannot be read: No such file"):
        rehearse(packed, tmp_path / "mistyped", env())
    assert newest_of("config.drill.made") is None


def test_a_backup_is_whole_or_not_there(
    contents: Path, tmp_path: Path, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_values: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives, "add", full)
    target = tmp_path / "out" / "county.age"
    target.parent.mkdir()
    with pytest.raises(Unfit, match="cannot be written: No space left on device"):
        pack(target, manifest_of(), [("database.dump", contents / "database.dump")], recipients_of(public))
    assert list(target.parent.iterdir()) == []


def test_public_and_secret_keys_are_told_apart_and_the_secret_one_is_for_its_owner(key: Path, public: str) -> None:
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Unfit, match="cannot be written: File exists"):
        new_identity(key)
    for wrong, sentence in (
        ("", "minqing keys backup FILE"),
        ("age1xyz", "is no public key"),
        (OTHER, "no public key"),
    ):
        with pytest.raises(Unfit, match=sentence):
            recipients_of(wrong)
    gone, marked, public_one = key.with_name("gone"), key.with_name("marked"), key.with_name("public")
    with pytest.raises(Unfit, match=r"gone cannot be read: No such file or directory\."):
        identities_in(gone)
    public_one.write_text(public)
    with pytest.raises(Unfit, match="holds no secret key"):
        identities_in(public_one)
    # as an editor on Windows saves it
    marked.write_text(key.read_text(), encoding="utf-8-sig")
    assert len(identities_in(marked)) == 1
    assert len(recipients_of(f"{public}, {public}")) == 2


def test_no_key_no_password_and_no_place_is_told_with_the_settings() -> None:
    secrets = {
        "minqing_field_key": OTHER,
        "minqing_smtp_password": "canary",
        "database_url": "postgresql://u:canary@h/d",
    }
    told = backup.told_settings(Env(minqing_origin="https://minqing.example", minqing_var=Path("/srv/x"), **secrets))
    assert "MINQING_ORIGIN=https://minqing.example\n" in told
    assert not [one for one in (OTHER, "canary", "/srv/x") if one in told]


def test_settings_are_read_again_as_they_were(tmp_path: Path) -> None:
    """Those that are JSON too, which were told in a form in which no command could start."""
    by_hand = {
        "minqing_mail_from": "民情 <minqing@county.gov.cn>",
        "minqing_open311_contact": r"O'Neil #2 \\a",
        "minqing_backup_key": "",
        "minqing_demo": True,
        "minqing_backup_folder": Path("/mnt/a b"),
        "minqing_aliyun_templates": {"matters.done": "SMS_1 #'\\"},
        "minqing_wechat_templates": {"matters.done": {"id": "x", "data": {"thing1": "题"}}},
    }
    told = backup.told_settings(Env(**by_hand))  # type: ignore[arg-type]
    (tmp_path / "settings.env").write_text(told, encoding="utf-8")
    again = Env(_env_file=tmp_path / "settings.env", _env_file_encoding="utf-8")  # type: ignore[call-arg]
    made = Env(**by_hand)  # type: ignore[arg-type]
    assert {name: getattr(again, name) for name in by_hand} == {name: getattr(made, name) for name in by_hand}


# what it must fit


def test_older_software_and_other_keys_are_refused(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    note_prints(using="owner")
    prints = {name: sorted(told) for name, told in noted_prints().items()}
    fits = manifest_of(keys=prints, migrations=[["org", "0001_initial"], ["an_app_that_is_gone", "0001_initial"]])
    refuse_what_does_not_fit(fits)
    for name in own_prints():
        with pytest.raises(Unfit, match=f"not the keys with which the backup was written: {name}"):
            refuse_what_does_not_fit(replace(fits, keys=prints | {name: ["00000000"]}))
    with pytest.raises(Unfit, match="which is older"):
        refuse_what_does_not_fit(replace(fits, migrations=[["org", "9999_later"]]))
    monkeypatch.setattr(compatibility, "GENERATION", 0)
    with pytest.raises(Unfit, match="which is older"):
        refuse_what_does_not_fit(fits)


def test_tables_and_the_last_seal_are_those_that_were_named() -> None:
    told = manifest_of(tables={"public.a": 1, "public.b": 2}, seal=[7, "aa"])
    compare(told, {"public.a": 1, "public.b": 2}, [7, "aa"])
    for tables in ({"public.a": 1}, {"public.a": 1, "public.b": 1}, {"public.a": 1, "public.b": 2, "public.c": 0}):
        with pytest.raises(Unfit, match=r"1 tables have not the rows .* the first public\.[bc]"):
            compare(told, tables, [7, "aa"])
    with pytest.raises(Unfit, match="last seal"):
        compare(told, told.tables, [6, "aa"])


def test_a_place_that_holds_something_or_has_no_keys_is_refused(tmp_path: Path) -> None:
    place = empty_place(tmp_path / "var")
    refuse_what_is_there(place)
    refuse_without_keys(place)
    (place.var / "files").mkdir()
    with pytest.raises(Unfit, match="is there already"):
        refuse_what_is_there(place)
    (place.var / "keys.json").unlink()
    with pytest.raises(Unfit, match="A backup holds no keys"):
        refuse_without_keys(place)
    assert PGDATA.exists()
    with pytest.raises(Unfit, match=r"test-pg.* is there already"):
        refuse_what_is_there(place_of(tmp_path / "other"))


@pytest.mark.xdist_group("cluster")
def test_what_is_refused_late_leaves_nothing_behind(packed: Path, key: Path, tmp_path: Path) -> None:
    """Its database cannot be read: by then it was decrypted, and a server was made for it."""
    place = empty_place(tmp_path / "var")
    with pytest.raises(Unfit, match=r"PostgreSQL's pg_restore failed"):
        restore(packed, key, place)
    assert sorted(path.name for path in place.var.iterdir()) == [".restore.lock", "keys.json"]


def test_a_second_one_waits_and_one_that_was_broken_off_is_named(packed: Path, key: Path, tmp_path: Path) -> None:
    place = empty_place(tmp_path / "var")
    with alone(place), pytest.raises(Unfit, match="Another restore or drill works in"):
        restore(packed, key, place)
    for name in (".restore-unfinished", "files"):
        (place.var / name).mkdir()
    with pytest.raises(Unfit, match=r"broken off near its end\. Remove \.restore-unfinished, files there"):
        refuse_what_is_there(place)


@pytest.mark.django_db
def test_nothing_is_begun_for_which_the_disk_is_too_small(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.refuse_without_room(0, tmp_path)
    with pytest.raises(Unfit, match=r"GiB free, 1048576\.0 GiB needed\. Free some space"):
        backup.refuse_without_room(2**50, tmp_path)
    # a drill leaves the county as much as it needs to go on
    monkeypatch.setattr(drill, "LEAST_DISK", 2**50)
    with pytest.raises(Unfit, match=r"GiB free, 1048\d\d\d\.\d GiB needed\. Free some space"):
        drill.rehearse(tmp_path / "county.age", key, env())


def test_a_restore_beside_the_data_is_not_begun_without_room_for_it(
    packed: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = empty_place(tmp_path / "var")
    monkeypatch.setattr(disks, "free_below", lambda _folder: 0)
    with pytest.raises(Unfit, match=r"var: 0\.0 GiB free, .* Free some space there; nothing was changed\."):
        restore(packed, key, place, only_check=True)
    assert [path.name for path in place.var.iterdir()] == ["keys.json"]
    monkeypatch.setenv("MINQING_VAR", str(place.var))
    monkeypatch.delenv("MINQING_PGDATA")
    monkeypatch.setattr(command, "env", lambda: place)
    words = ["restore", str(packed), "--key", str(key), "--check"]
    refused = CliRunner().invoke(app, words)
    assert (refused.exit_code, "add --although-unsafe" in refused.stderr) == (2, True), refused.output
    unpacked: list[Path] = []

    def no_more(archive: Path, *_words: Any) -> None:
        unpacked.append(archive)
        raise Unfit("enough")

    monkeypatch.setattr(restore_module, "unpack", no_more)
    assert "enough" in CliRunner().invoke(app, [*words, "--although-unsafe"]).stderr
    assert unpacked == [packed], "whoever knows the disk better goes on"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "pg"
    cluster.make(made)
    yield made
    cluster.stop(made)


@pytest.mark.xdist_group("cluster")
def test_a_new_server_counts_on_from_any_number(fresh: Path) -> None:
    """Numbers go round after 2^32, and half a round is as far as a server looks back."""
    for number in (40_000, 2**30 - 99_999, 2**31 + 5, 2**32 - 2, 3 * 2**32 + 7):
        go_on_from(number, fresh)
        with embedded.superuser(cluster.start(fresh)) as connection:
            (next_one,) = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone() or (0,)
        assert number < next_one < number + 2**32
        cluster.stop(fresh)


def test_a_backup_is_put_together_in_the_server_that_comes_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_other_servers()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
    env.cache_clear()
    try:
        with pytest.raises(Unfit, match="Unset DATABASE_URL"):
            refuse_other_servers()
    finally:
        monkeypatch.undo()
        env.cache_clear()


# a server of one's own


@pytest.fixture
def reader() -> Iterator[str]:
    """A role as the refusal says how to make it."""
    with embedded.superuser(SOCKET) as connection:
        connection.execute("DROP ROLE IF EXISTS minqing_backup")
        connection.execute("CREATE ROLE minqing_backup LOGIN BYPASSRLS")
        connection.execute("GRANT pg_read_all_data TO minqing_backup")
        yield "minqing_backup"
        connection.execute("DROP ROLE minqing_backup")


def own_server(user: str) -> Env:
    told = f"postgresql://{user}@/{env().minqing_db_name}?host={SOCKET.folder}"
    return env().model_copy(update={"database_url": SecretStr("x"), "backup_database_url": SecretStr(told)})


def test_a_server_of_ones_own_is_read_by_a_role_that_sees_every_row_or_not_at_all(
    committed_cast: Cast, reader: str, tmp_path: Path, public: str
) -> None:
    """Through its address alone: nothing of the embedded server is used but its programs."""
    with transaction.atomic():
        committed_cast.household()
    made = back_up(tmp_path / "a.age", recipients_of(public), own_server(reader))
    assert made.tables["public.households_household"] == 1, "no wall hides it"
    assert made.roles == {"owner": embedded.OWNER, "app": embedded.APP}
    for user in (embedded.APP, embedded.OWNER):
        with pytest.raises(Unfit, match=r"may read every row .*BYPASSRLS; GRANT pg_read_all_data"):
            back_up(tmp_path / "b.age", recipients_of(public), own_server(user))
    with pytest.raises(Unfit, match=r"\(BACKUP_DATABASE_URL\)"):
        back_up(tmp_path / "b.age", recipients_of(public), env().model_copy(update={"database_url": SecretStr("x")}))
    record(type="test.thing.done", subject="thing:last", by=Actor.system("test"))
    back_up(tmp_path / "a.age", recipients_of(public), own_server(reader))
    told = f"postgresql://{reader}@/postgres?host={SOCKET.folder}"
    elsewhere = own_server(reader).model_copy(update={"backup_database_url": SecretStr(told)})
    with pytest.raises(Unfit, match="leads to another database than DATABASE_URL"):
        back_up(tmp_path / "b.age", recipients_of(public), elsewhere)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.age"]
    assert not list(VAR.glob(".backup-*"))


@pytest.mark.xdist_group("cluster")
def test_roles_with_other_names_are_ours_again_after_it(fresh: Path) -> None:
    socket = cluster.start(fresh)
    embedded.ensure_database(socket, "minqing")
    with embedded.superuser(socket) as connection:
        for roles in ({"owner": "county_owner", "app": "county_app"}, {"owner": "one", "app": "one"}, {}):
            with called_as_there(connection, roles):
                for name in set(roles.values()):
                    connection.execute(f"CREATE TABLE of_{name} ()")
                    connection.execute(f"ALTER TABLE of_{name} OWNER TO {name}")
        owners = connection.execute("SELECT tablename, tableowner FROM pg_tables WHERE tablename LIKE 'of%' ORDER BY 1")
        assert owners.fetchall() == [
            ("of_county_app", embedded.APP), ("of_county_owner", embedded.OWNER), ("of_one", embedded.OWNER)
        ]  # fmt: skip


# by whom it is looked into


def test_who_looks_into_it_sends_nothing_knows_the_address_and_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The carriers stand in the environment, the address in ``minqing.env``, which is not there."""
    for name, value in (("MINQING_SMTP_HOST", "mail"), ("minqing_mail_from", "a@b.cn"), ("DATABASE_URL", "x")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(looking, "env", lambda: env().model_copy(update={"minqing_origin": "https://minqing.example"}))
    told: dict[str, str] = {}

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        told.update(options["env"])
        return subprocess.CompletedProcess(command, 1, "", "Traceback:\n  in main\nIts port is no number.\n")

    monkeypatch.setattr(looking.subprocess, "run", run)
    with pytest.raises(Unfit, match=r"cannot be looked into: Its port is no number\."):
        look_into(tmp_path / "pg", tmp_path, ())
    assert told["MINQING_ORIGIN"] == "https://minqing.example"
    assert not {"MINQING_SMTP_HOST", "minqing_mail_from", "DATABASE_URL"} & told.keys()
    monkeypatch.undo()
    asked = [sys.executable, "-m", "minqing.config.restored"]
    wrong = subprocess.run(asked, env=told | {"PORT": "no"}, capture_output=True, text=True, check=False)
    assert len(wrong.stderr.splitlines()) == 1, wrong.stderr
    assert wrong.stderr.startswith("PORT: ")


# by itself, each night


def test_all_of_two_days_and_the_last_of_seven_five_weeks_and_twelve_months_stay() -> None:
    day = datetime(2026, 12, 31, 0, 30, tzinfo=SHANGHAI)
    nights = [day - timedelta(days=n) for n in range(500)]
    left = staying([*nights, day - timedelta(minutes=10)])
    assert sorted(left - {day - timedelta(minutes=10)}, reverse=True)[:7] == nights[:7]
    sundays = [one for one in nights if one.isoweekday() == 7][:4]
    ends = [one for one in nights if (one + timedelta(days=1)).day == 1][:12]
    # those of the last two days all stay: one made before a risky step is not lost to the next one
    assert left == {day - timedelta(minutes=10), *nights[:7], *sundays, *ends}
    assert staying(left) == left, "what stays stays until there is another"
    assert day - timedelta(minutes=10) not in staying([*left, day + timedelta(days=3)])


def test_each_night_one_more_is_made_and_what_need_not_stay_goes(
    committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def packed_at_once(target: Path, recipients: Any, settings: Env) -> Manifest:
        target.write_bytes(b"age")
        return manifest_of()

    folder = tmp_path / "kept"
    settings = env().model_copy(update={"minqing_backup_folder": folder, "minqing_backup_key": PUBLIC})
    monkeypatch.setattr(backup_schedule, "env", lambda: settings)
    monkeypatch.setattr(backup_schedule, "back_up", packed_at_once)
    with pytest.raises(Unfit, match=r"is not there\. Make it, or mount the disk"):
        back_up_each_night(0)
    folder.mkdir()
    with pytest.raises(Unfit, match="There is no backup in"):
        newest_in(folder)
    record(type="test.thing.done", subject="thing:first", by=Actor.system("test"))
    before = folder / name_at(now()).replace(f"-{copy_mark()}-", "-0000-")
    before.touch()
    assert newest_in(folder) == before, "just after a restore, that of before it"
    before.unlink()
    neighbours: set[str] = set()
    for n in range(1, 40):
        name = name_at(now() - timedelta(days=n))
        neighbours |= {name.replace(county_mark(), "0123abcd"), name.replace(f"-{copy_mark()}-", "-0000-")}
        (folder / name).touch()
    half = f".{name_at(now() - timedelta(days=9))}.part"
    for other in (*neighbours, "minqing.age", "letters.txt", half):
        (folder / other).touch()
    made = back_up_each_night(0)
    assert newest_in(folder).name == made
    with pytest.raises(Unfit, match="was made in this very minute"):
        back_up_each_night(0)
    found = {one.name for one in folder.iterdir()}
    assert neighbours <= found, "those of another county, and of a copy of this one, are their own"
    names = found - neighbours
    assert {"minqing.age", "letters.txt", made} <= names
    assert not [one for one in names if one.endswith(".part")], "half a one, of a process that was killed"
    assert len(names - {".minqing.lock"}) <= 2 + 7 + 5 + 3
    assert newest_of("config.backup.made") is not None
    monkeypatch.setattr(backup_schedule, "env", lambda: settings.model_copy(update={"minqing_backup_folder": None}))
    assert back_up_each_night(0) == "", "where no folder is named nothing is made"


# the rehearsal


@pytest.mark.xdist_group("cluster")
def test_a_drill_opens_a_household_of_the_newest_backup_and_is_noted(
    committed_cast: Cast, tmp_path: Path, key: Path, public: str
) -> None:
    """With a server of its own, of which nothing is left; the county hears how it went."""
    with transaction.atomic():
        committed_cast.resident(committed_cast.household())
    note_prints(using="owner")
    assert not doctor_backups.drilled().known
    place = env().model_copy(update={"minqing_pgdata": tmp_path / "pg"})
    file = tmp_path / name_at(now())
    (tmp_path / name_at(now() + timedelta(days=1)).replace(county_mark(), "0123abcd")).touch()
    back_up(file, recipients_of(public), env())
    (done,) = rehearse(newest_in(tmp_path), key, place)
    assert [(one.name, one.well, one.seen.split()[-1]) for one in done.found] == [
        ("journal", True, "seals"), ("sign-in page", True, "served"), ("pages of a person", True, "opened")
    ], done.found  # fmt: skip
    assert [one.name for one in tmp_path.iterdir() if one.stat().st_size] == [file.name]
    found = doctor_backups.drilled()
    assert (found.well, f"again after {done.seconds} seconds" in found.seen) == (True, True)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(Unfit, match="is damaged"):
        rehearse(file, key, place)
    assert not doctor_backups.drilled().well

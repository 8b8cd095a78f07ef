"""Software, keys and database belong together: what does not fit is refused before anything is touched."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from django.db import DatabaseError, connections, transaction
from psycopg import errors
from typer.testing import CliRunner

from minqing.config import cli, embedded, preflight
from minqing.config.cli import keys as keys_command
from minqing.config.env import KEYS, KeysMissing, KeysUnfit, env, kept_keys, keys
from minqing.config.key_file import former, former_kept, link_kept
from minqing.config.locks import held
from minqing.config.preflight import check_keys, check_release, note_what_fits, prove_keys
from minqing.config.processes import Unfit
from minqing.core import compatibility
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.models import Release
from minqing.households.models import Resident
from minqing.journal.models import Event
from minqing.journal.sealing import seal_new
from minqing.journal.seals import signing_key
from minqing.journal.services import record
from minqing.privacy.key_prints import digest, exchange_print, note_prints, noted_prints, own_prints, unfit_keys
from minqing.privacy.keys import key_ring
from minqing.privacy.models import KeyPrint
from tests.cast import Cast
from tests.embedded import PGDATA, ROOT, SOCKET, VAR

OTHER = "ab" * 32
CANARY = "canary-Zt8Q-secret"


@pytest.fixture
def given(settings: Any) -> Iterator[dict[str, Any]]:
    """The keys of this process, to be exchanged for others; what was derived from them is forgotten."""
    settings.FIELD_KEYS = dict(settings.FIELD_KEYS)
    for kept in (key_ring, signing_key):
        kept.cache_clear()
    yield settings.FIELD_KEYS
    for kept in (key_ring, signing_key):
        kept.cache_clear()


def use(given: dict[str, Any], **values: Any) -> None:
    given.update(values)
    for kept in (key_ring, signing_key):
        kept.cache_clear()


@pytest.fixture
def noted(committed: None, given: dict[str, Any]) -> dict[str, Any]:
    """A database that says which keys it was written with."""
    note_what_fits()
    assert set(noted_prints()) == set(KEYS)
    return given


@pytest.mark.fault(127)
@pytest.mark.parametrize("name", KEYS)
def test_every_key_that_is_another_one_is_refused_with_what_to_do(noted: dict[str, Any], name: str) -> None:
    check_keys()
    use(noted, **{name: OTHER})
    assert unfit_keys() == [name]
    with pytest.raises(Unfit) as refused:
        check_keys()
    told = str(refused.value)
    assert f"“{name}” in {VAR / 'keys.json'} is not the key of this database" in told
    assert "Put " in told
    assert OTHER not in told
    before = set(KeyPrint.objects.values_list("name", "digest"))
    with pytest.raises(Unfit):
        note_what_fits()
    assert set(KeyPrint.objects.values_list("name", "digest")) == before, "nothing is repaired in silence"


@pytest.mark.fault(127)
def test_a_new_field_key_is_taken_beside_the_former_one_and_both_are_needed_then(noted: dict[str, Any]) -> None:
    former = noted["field_key"]
    use(noted, field_key=OTHER, old_field_keys=[former])
    note_what_fits()
    assert noted_prints()["field_key"] == {digest("field_key", former), digest("field_key", OTHER)}
    for field, old in ((OTHER, []), (former, []), ("cd" * 32, [OTHER])):
        use(noted, field_key=field, old_field_keys=old)
        with pytest.raises(Unfit, match="MINQING_OLD_FIELD_KEYS"):
            check_keys()
    use(noted, field_key=former.upper(), old_field_keys=[OTHER])
    check_keys()


@pytest.mark.fault(142)
@pytest.mark.parametrize(("name", "option"), [("field_key", []), ("index_key", ["--index"])])
def test_a_new_key_is_made_taken_everywhere_and_the_former_one_dropped(
    noted: dict[str, Any],
    committed_cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    option: list[str],
) -> None:
    """By the commands, one after the other, each with the keys that the file holds by then."""
    path, first, run = tmp_path / "keys.json", noted[name], CliRunner().invoke
    path.write_text(json.dumps({one: noted[one] for one in KEYS}))
    monkeypatch.setattr(keys_command, "ready", lambda **_: None)
    monkeypatch.setattr(keys_command, "env", lambda: env().model_copy(update={"minqing_var": tmp_path}))
    with transaction.atomic():
        person = committed_cast.resident(committed_cast.household(), phone="13912345678")
    with held(tmp_path / "up.lock"):
        refused = run(cli.app, ["keys", "new", *option])
    assert (refused.exit_code, "minqing stop" in refused.output) == (2, True), refused.output
    assert kept_keys(path)[name] == first
    made = run(cli.app, ["keys", "new", *option])
    assert made.exit_code == 0, made.output
    second = kept_keys(path)[name]
    assert second != first
    assert (former_kept(path, name), path.stat().st_mode & 0o777) == ([first], 0o600)
    assert second not in made.output
    use(noted, **{name: second, former(name): former_kept(path, name)}, link_key=link_kept(path))
    note_what_fits()
    assert run(cli.app, ["keys", "drop"]).exit_code == 2, "a value still needs it"
    told = run(cli.app, ["keys", "rotate"])
    assert told.exit_code == 0, told.output
    assert ("1 values were written" in told.output, "1 people and reports" in told.output) == (not option, bool(option))
    assert run(cli.app, ["keys", "drop"]).exit_code == 0
    assert (former_kept(path, name), kept_keys(path)[name]) == ([], second)
    # still told by the environment when the tables are brought up to date again
    use(noted, **{former(name): [first]})
    note_what_fits()
    use(noted, **{former(name): []})
    check_keys()
    # that of links stays what it was
    assert link_kept(path) == (first if option else "")
    if option:
        use(noted, link_key="")
        with pytest.raises(Unfit, match="private links and codes that were given out open nothing"):
            check_keys()
    with transaction.atomic(), committed_cast.everything():
        assert Resident.objects.get(pk=person.pk).phone == "13912345678"
    with transaction.atomic():
        told_of = Event.objects.filter(type__startswith="config.key").order_by("seq").values_list("type", flat=True)
        assert list(told_of) == ["config.key.new", "config.key.rotated", "config.key.dropped"]


@pytest.mark.fault(127)
def test_a_seal_key_that_is_gone_is_noticed_and_one_may_be_accepted_on_purpose(
    noted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_command, "ready", lambda **_: None)
    del noted["seal_key"]
    with pytest.raises(Unfit, match="minqing keys accept seal_key"):
        check_keys()
    use(noted, seal_key=OTHER)
    run = CliRunner().invoke
    told = run(cli.app, ["keys", "check"])
    assert told.exit_code == 1
    assert f"✗ “seal_key” in {VAR / 'keys.json'}" in told.stdout
    assert run(cli.app, ["keys", "accept", "field_key"]).exit_code == 2
    assert run(cli.app, ["keys", "accept", "seal_key"]).exit_code == 0
    assert run(cli.app, ["keys", "check"]).exit_code == 0
    assert Event.objects.get(type="config.key.accepted").subject == "key:seal_key"
    with pytest.raises(ValueError, match="cannot be exchanged"):
        exchange_print("index_key", using="owner")


@pytest.mark.fault(127)
def test_a_database_that_says_nothing_yet_is_asked_by_its_rows(committed_cast: Cast, given: dict[str, Any]) -> None:
    """As after the upgrade of one that was made before fingerprints were."""
    account = committed_cast.account("cadre")
    account.phone = "13800138000"
    account.save()
    record(type="test.thing.done", subject="thing:1", by=Actor.system("test"))
    assert seal_new()
    own = dict(given)
    prove_keys()
    for name in ("field_key", "index_key", "seal_key"):
        use(given, **own | {name: OTHER})
        with pytest.raises(Unfit, match=name):
            note_what_fits()
        assert not noted_prints(), name
    use(given, **own)
    note_what_fits()
    assert own_prints() == dict(noted_prints())


@pytest.mark.fault(127)
def test_accepting_one_key_says_nothing_of_the_others(
    committed_cast: Cast, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At an upgrade, with nothing noted yet and two keys that are others."""
    monkeypatch.setattr(keys_command, "ready", lambda **_: None)
    account = committed_cast.account("cadre")
    account.phone = "13800138000"
    account.save()
    own = dict(given)
    use(given, field_key=OTHER, secret_key="S" * 40)
    assert CliRunner().invoke(cli.app, ["keys", "accept", "secret_key"]).exit_code == 0
    assert dict(noted_prints()) == {"secret_key": own_prints()["secret_key"]}
    with pytest.raises(Unfit, match="field_key"):
        note_what_fits()
    assert set(noted_prints()) == {"secret_key"}
    use(given, field_key=own["field_key"])
    note_what_fits()
    assert dict(noted_prints()) == own_prints()


@pytest.mark.fault(127)
def test_a_seal_key_that_was_accepted_before_anything_was_noted_is_not_asked_about_again(
    committed: None, given: dict[str, Any]
) -> None:
    record(type="test.thing.done", subject="thing:1", by=Actor.system("test"))
    assert seal_new()
    del given["seal_key"]
    signing_key.cache_clear()
    with pytest.raises(Unfit, match="seal_key"):
        note_what_fits()
    exchange_print("seal_key", using="owner")
    note_what_fits()
    check_keys()
    use(given, seal_key=OTHER)
    assert unfit_keys() == ["seal_key"], "given up on purpose: a new one is accepted on purpose too"


@pytest.mark.fault(127)
def test_rows_of_a_former_field_key_are_asked_too_and_it_is_noted_with_the_new_one(
    committed_cast: Cast, given: dict[str, Any]
) -> None:
    """Of a database that was made before fingerprints were, and whose newest rows alone are of the new key."""
    former = given["field_key"]
    accounts = sorted((committed_cast.account(one) for one in ("cadre", "clerk")), key=lambda one: one.pk)
    for account, key in zip(accounts, (former, OTHER), strict=True):
        use(given, field_key=key, old_field_keys=[])
        account.phone = "13800138000"
        account.save()
    with pytest.raises(Unfit, match="MINQING_OLD_FIELD_KEYS"):
        note_what_fits()
    use(given, old_field_keys=[former])
    note_what_fits()
    assert noted_prints()["field_key"] == {digest("field_key", former), digest("field_key", OTHER)}
    use(given, old_field_keys=[])
    with pytest.raises(Unfit, match="MINQING_OLD_FIELD_KEYS"):
        check_keys()


@pytest.mark.fault(127)
def test_a_fingerprint_is_short_and_depends_on_the_name() -> None:
    assert len(digest("field_key", OTHER)) == 8
    assert digest("field_key", OTHER) != digest("index_key", OTHER)
    assert digest("field_key", OTHER.upper()) == digest("field_key", OTHER)
    assert digest("secret_key", "S" * 40) != digest("secret_key", "s" * 40)


@pytest.mark.fault(127)
def test_the_app_s_role_cannot_change_what_the_database_says(noted: dict[str, Any]) -> None:
    from django.db.utils import ProgrammingError

    for change in (
        lambda: note_prints(using="default") or KeyPrint.objects.all().delete(),
        Release.objects.all().delete,
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            change()


# before there is a database to ask


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder of keys beside the tests' own server."""
    for name in ("DATABASE_URL", *(f"MINQING_{key.upper()}" for key in KEYS)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MINQING_VAR", str(tmp_path))
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()
    # the other tests go on with those they began with
    keys()


def forget() -> None:
    env.cache_clear()
    keys.cache_clear()


@pytest.mark.fault(127)
def test_new_keys_are_made_for_an_empty_database_and_never_for_one_that_holds_something(
    place: Path, monkeypatch: pytest.MonkeyPatch, django_db_setup: None
) -> None:
    with pytest.raises(KeysMissing, match=r"keys\.json is gone.*Put back your copy"):
        keys()
    assert list(place.iterdir()) == []
    monkeypatch.setenv("MINQING_DB_NAME", "mq_not_there")
    forget()
    assert set(keys()) == set(KEYS)
    assert [one.name for one in place.iterdir()] == ["keys.json"]
    assert not embedded.holds_something(place / "nothing", "minqing")
    (place / "stopped").mkdir()
    (place / "stopped" / "PG_VERSION").touch()
    assert embedded.holds_something(place / "stopped", "minqing"), "it is not known, so it is not risked"
    assert embedded.holds_something(PGDATA, os.environ["MINQING_DB_NAME"].replace("_not_there", "")) in {True, False}


@pytest.mark.fault(127)
@pytest.mark.parametrize("bad", ["abc", "", "g" * 64, OTHER + "00", OTHER[:-2], f" {OTHER[:-1]}", "1" * 63 + "１"])
@pytest.mark.parametrize("name", ["field_key", "index_key", "seal_key", "old_field_keys", "old_index_keys", "link_key"])
def test_a_key_without_the_form_of_one_is_refused_by_its_name(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str, bad: str
) -> None:
    from minqing.config.env import former_keys, link_key

    monkeypatch.setenv("MINQING_DB_NAME", "mq_not_there")
    monkeypatch.setenv(
        f"MINQING_{name.upper()}",
        f"{OTHER},{bad or 'x'}" if name.startswith("old_") else bad or "x" * (name == "link_key"),
    )
    forget()
    read = {
        "old_field_keys": lambda: former_keys("field_key"), "old_index_keys": lambda: former_keys("index_key"),
        "link_key": link_key,
    }.get(name, keys)  # fmt: skip
    with pytest.raises(KeysUnfit, match=f"MINQING_{name.upper()} is no key.*64 hexadecimal") as refused:
        read()
    assert not bad or bad not in str(refused.value).replace("64", "")


@pytest.mark.fault(127)
def test_a_short_secret_of_a_former_release_is_exchanged_by_what_the_refusal_says(
    noted: dict[str, Any], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noted by that release, and refused by this one."""
    KeyPrint.objects.using("owner").filter(name="secret_key").update(digest=digest("secret_key", "short"))
    for name in ("secret_key", "field_key", "index_key"):
        monkeypatch.setenv(f"MINQING_{name.upper()}", "short" if name == "secret_key" else noted[name])
    forget()
    with pytest.raises(KeysUnfit, match=r"MINQING_SECRET_KEY has fewer.*new one.*signs in again.*accept secret_key"):
        keys()
    monkeypatch.setenv("MINQING_SECRET_KEY", OTHER)
    forget()
    use(noted, **keys())
    with pytest.raises(Unfit, match="minqing keys accept secret_key"):
        check_keys()
    monkeypatch.setattr(keys_command, "ready", lambda **_: None)
    assert CliRunner().invoke(cli.app, ["keys", "accept", "secret_key"]).exit_code == 0
    check_keys()


@pytest.mark.fault(127)
def test_a_file_of_keys_that_was_damaged_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    whole = kept_keys(path)
    damaged = {
        "cut": json.dumps(whole)[:-20],
        "empty": "",
        "list": "[]",
        "one lost": json.dumps({name: whole[name] for name in KEYS if name != "index_key"}),
        "short": json.dumps(whole | {"field_key": "abc"}),
        "number": json.dumps(whole | {"index_key": 7}),
        "weak": json.dumps(whole | {"secret_key": "short"}),
    }
    for name, text in damaged.items():
        path.write_text(text)
        with pytest.raises(KeysUnfit, match="Make a new one" if name == "weak" else "Put back"):
            kept_keys(path)
        assert path.read_text() == text, name


# which software


@pytest.mark.fault(138)
def test_software_that_is_older_than_the_database_stays_away(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    check_release()
    note_what_fits()
    assert Release.objects.get().generation == compatibility.GENERATION
    check_release()
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('matters', '9999_later', now())")
    try:
        with pytest.raises(Unfit, match=r"newer software.*9999_later.*nothing was changed"):
            check_release()
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    check_release()
    with monkeypatch.context() as older:
        older.setattr(compatibility, "GENERATION", compatibility.GENERATION - 1)
        with pytest.raises(Unfit, match="generation"):
            check_release()
    Release.objects.using("owner").all().delete()
    check_release()


@pytest.mark.fault(138)
def test_a_package_that_is_older_than_the_database_is_noticed_too_and_a_foreign_app_is_not(db: None) -> None:
    labels = {app for app, _name in compatibility.brought_with()}
    assert {"org", "matters", "axes", "procrastinate", "auth", "account"} <= labels
    assert "somebody_elses" not in labels


def test_its_migrations_are_looked_for_once_however_many_the_database_has(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command begins with it, and every process of a county."""
    looked: list[int] = []
    brought = compatibility.brought_with()
    monkeypatch.setattr(compatibility, "brought_with", lambda: looked.append(1) or brought)
    assert compatibility.made_by_newer() is None
    assert len(looked) == 1


# the command line


@pytest.mark.fault(136)
@pytest.mark.fault(138)
def test_what_can_be_foreseen_is_one_sentence_and_exit_code_2(tmp_path: Path, django_db_setup: None) -> None:
    """Each in a process of its own, against the tests' own server."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MINQING_", "DATABASE_", "PORT"))}
    own |= {"PYTHONPATH": str(ROOT / "src"), "MINQING_PGDATA": str(PGDATA), "MINQING_VAR": str(VAR)}
    own |= {"MINQING_DB_NAME": os.environ["MINQING_DB_NAME"], "MINQING_LANG": "en"}
    given = {f"MINQING_{name.upper()}": OTHER for name in ("secret_key", "field_key", "index_key")}
    cases: dict[str, dict[str, str]] = {
        "keys.json is gone": {"MINQING_VAR": str(tmp_path)},
        "PORT: ": {"PORT": "abc"},
        "MINQING_ORIGIN: ": {"MINQING_ORIGIN": "minqing.example/path"},
        "MINQING_FIELD_KEY is no key": {"MINQING_FIELD_KEY": "abc"},
        "DATABASE_URL must read": {"DATABASE_URL": f"mysql://u:{CANARY}@h/x", **given},
        "The database does not answer": {"DATABASE_URL": f"postgresql://u:{CANARY}@127.0.0.1:1/x", **given},
        'role "nobody" does not exist': {
            "DATABASE_URL": f"postgresql://nobody:{CANARY}@/{own['MINQING_DB_NAME']}?host={SOCKET.folder}", **given
        },
    }  # fmt: skip
    for sentence, variables in cases.items():
        done = subprocess.run(
            [sys.executable, "-m", "minqing", "journal", "seal"], env=own | variables, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), (sentence, done.stderr)
        assert sentence in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert CANARY not in done.stderr


FORESEEN: list[tuple[BaseException, str]] = [
    (errors.LockNotAvailable("canceling statement due to lock timeout"), "Somebody else works on a table"),
    (errors.QueryCanceled("canceling statement due to statement timeout"), "Somebody else works on a table"),
    (errors.InsufficientPrivilege("permission denied for table x"), r"refuses it \(permission denied"),
    (errors.UndefinedTable('relation "x" does not exist'), "not those of this version"),
    (
        errors.StringDataRightTruncation("value too long for type character varying(12)"),
        r"longer than its place \(value",
    ),
    (DomainError("somewhere", "A rule speaks."), "^A rule speaks"),
    (errors.DiskFull("could not extend file"), "disk of the database is full"),
    (errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction"), "it is a standby"),
    (psycopg.OperationalError('password authentication failed for user "minqing_owner"'), "OWNER_DATABASE_URL"),
    (psycopg.OperationalError("FATAL: sorry, too many clients already"), "does not answer"),
    (PermissionError(13, "Permission denied", "/srv/var/keys.json"), r"/srv/var/keys\.json: Permission denied"),
    (OSError(28, "No space left on device"), "No space left on device"),
    (OSError(30, "Read-only file system", "/srv/var/static"), "Read-only file system"),
    (Unfit("One sentence."), "^One sentence"),
]


@pytest.mark.fault(136)
@pytest.mark.parametrize("number", range(len(FORESEEN)), ids=lambda number: type(FORESEEN[number][0]).__name__)
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_stops_a_command_half_way_is_one_sentence_too(number: int, wrapped: bool) -> None:
    """Whatever command it meets; Django wraps what the database says in errors of its own."""
    error, sentence = FORESEEN[number]
    one = typer.Typer(cls=cli.OneSentence, pretty_exceptions_enable=False)

    @one.command()
    def fails() -> None:
        if wrapped and isinstance(error, psycopg.Error):
            raise DatabaseError("in Django's words") from error
        raise error

    # with a second command the first keeps its name
    one.command("other")(lambda: None)
    done = CliRunner().invoke(one, ["fails"])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.output
    assert re.search(sentence, done.stderr)


@pytest.mark.parametrize("error", [OSError(2, "No such file"), ConnectionResetError(104, "reset")])
def test_what_a_mistake_of_ours_may_be_keeps_its_traceback_too(error: OSError) -> None:
    assert cli.sentence_of(error) is None


def test_what_nobody_foresaw_keeps_its_traceback() -> None:
    assert cli.sentence_of(ZeroDivisionError()) is None
    assert preflight.WHAT_TO_DO.keys() == {*KEYS, "link_key"}

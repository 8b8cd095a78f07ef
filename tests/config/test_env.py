"""What the environment sets: keys made once and kept close, a database address taken apart, no secret in an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pydantic import ValidationError

from minqing.config import env as env_module
from minqing.config.database import OF_SEVERAL, databases, from_url
from minqing.config.env import KEYS, LOCAL_SETTINGS, Env, KeysMissing, env, kept_keys, keys
from minqing.config.processes import Unfit
from tests.processes import PATIENCE

CANARY = "canary-Zt8Q-secret"
OWN = f"postgresql://app:{CANARY}@db.example:6432/county"


@pytest.fixture
def read_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., dict[str, str]]]:
    """``read_keys(DATABASE_URL=…)`` reads the keys of a fresh machine with those variables."""
    kept = env(), keys()
    for name in ("DATABASE_URL", "PORT", *(f"MINQING_{key.upper()}" for key in KEYS)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MINQING_VAR", str(tmp_path))

    def read(**variables: str) -> dict[str, str]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        forget()
        return keys()

    yield read
    monkeypatch.undo()
    forget()
    assert (env(), keys()) == kept, "the other tests go on with the keys they began with"


def forget() -> None:
    env.cache_clear()
    keys.cache_clear()


def test_what_is_no_json_is_named(read_keys: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / "minqing.env").write_text(f"MINQING_ALIYUN_TEMPLATES={{'kind': '{CANARY}'}}\n")
    with pytest.raises(Unfit, match=r"^MINQING_ALIYUN_TEMPLATES: must be JSON, in single quotes\. Correct") as told:
        read_keys()
    assert CANARY not in str(told.value)


def test_a_file_of_settings_from_windows_is_read_and_another_encoding_is_said(
    read_keys: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    """Its editor marks the beginning of a file, which made the first setting one that nobody knows."""
    path = tmp_path / "minqing.env"
    path.write_text("MINQING_ORIGIN=https://minqing.example\r\nPORT=8123\r\n", encoding="utf-8-sig")
    read_keys(MINQING_PGDATA=str(tmp_path / "pg"))
    assert (env().origin, env().port) == ("https://minqing.example", 8123)
    path.write_text("# 民情\n", encoding="gbk")
    with pytest.raises(Unfit, match=rf"^{path} is not in UTF-8\. Save it anew"):
        read_keys()


@pytest.mark.parametrize(("by", "sentence"), [(54321, "and this is user 54321"), (os.geteuid(), "check whose it is")])
def test_settings_of_another_user_are_said_to_be_theirs(
    read_keys: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    by: int,
    sentence: str,
) -> None:
    """And not to ask the doctor, who says the same."""
    (tmp_path / LOCAL_SETTINGS).touch()
    with monkeypatch.context() as closed:
        closed.setattr(os, "geteuid", lambda: by)
        closed.setattr(env_module, "Env", Mock(side_effect=PermissionError(13, "Permission denied")))
        with pytest.raises(Unfit, match=sentence):
            read_keys()


def test_keys_are_made_once_for_this_user_alone_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "keys.json"
    made = kept_keys(path)
    # root's database server has a user of its own, who goes through it
    assert path.parent.stat().st_mode & 0o777 == (0o700 if os.geteuid() else 0o711)
    assert set(made) == set(KEYS)
    assert len({bytes.fromhex(value) for value in made.values()}) == len(KEYS)
    assert all(len(bytes.fromhex(value)) == 32 for value in made.values())
    assert path.stat().st_mode & 0o777 == 0o600
    written = path.read_bytes()
    assert kept_keys(path) == made
    assert path.read_bytes() == written
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_code_that_is_looked_at_in_a_folder_without_a_county_keeps_no_keys(read_keys: Any, tmp_path: Path) -> None:
    """By a tool, which loads the settings: it would look as if a county had been there."""
    assert set(read_keys(MINQING_PGDATA=str(tmp_path / "pg"))) == set(KEYS)
    assert list(tmp_path.iterdir()) == []


def test_another_folder_has_other_keys(tmp_path: Path) -> None:
    first, second = kept_keys(tmp_path / "a.json"), kept_keys(tmp_path / "b.json")
    assert not set(first.values()) & set(second.values())


def test_processes_that_start_at_once_on_an_empty_folder_have_the_same_keys(tmp_path: Path) -> None:
    path, go = tmp_path / "keys.json", tmp_path / "go"
    program = (
        "import json, os, sys, pathlib\n"
        "from minqing.config.env import kept_keys\n"
        "print('here', flush=True)\n"
        "while not os.path.exists(sys.argv[2]): pass\n"
        "print(json.dumps(kept_keys(pathlib.Path(sys.argv[1]))))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(path), str(go)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "here\n"
        go.touch()
        read = [json.loads(one.communicate(timeout=PATIENCE)[0]) for one in started]
    finally:
        for one in started:
            one.kill()
            one.wait()
    assert read == [json.loads(path.read_text())] * 4
    assert sorted(one.name for one in tmp_path.iterdir()) == ["go", "keys.json"]


def test_keys_of_the_environment_go_before_those_of_the_folder(read_keys: Any, tmp_path: Path) -> None:
    kept = kept_keys(tmp_path / "keys.json")
    assert read_keys() == kept
    assert read_keys(MINQING_FIELD_KEY="ab" * 32) == kept | {"field_key": "ab" * 32}


def test_a_database_of_its_own_is_refused_without_keys_of_its_own(read_keys: Any, tmp_path: Path) -> None:
    with pytest.raises(KeysMissing) as refused:
        read_keys(DATABASE_URL=OWN, MINQING_INDEX_KEY=CANARY)
    told = str(refused.value)
    assert "MINQING_SECRET_KEY, MINQING_FIELD_KEY:" in told
    assert "MINQING_INDEX_KEY" not in told, "that one is set"
    assert CANARY not in told
    assert list(tmp_path.iterdir()) == [], "no keys were made up for somebody's real data"


def test_a_database_of_its_own_with_its_keys_uses_those_and_makes_none(read_keys: Any, tmp_path: Path) -> None:
    given = {"secret_key": "s" * 40, "field_key": "ab" * 32, "index_key": "cd" * 32}
    assert read_keys(DATABASE_URL=OWN, **{f"MINQING_{name.upper()}": value for name, value in given.items()}) == given
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_named_and_no_value_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINQING_SECRET_KEY", CANARY)
    monkeypatch.setenv("DATABASE_URL", OWN)
    # a value that slipped into the wrong variable
    monkeypatch.setenv("PORT", CANARY)
    with pytest.raises(ValidationError) as refused:
        Env()
    told = f"{refused.value} {refused.value!r}"
    assert "port" in told
    assert CANARY not in told


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ValidationError):
        Env()


def test_secrets_do_not_show_when_the_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["database_url", "owner_database_url", "minqing_old_field_keys", *(f"minqing_{key}" for key in KEYS)]
    for name in names:
        monkeypatch.setenv(name.upper(), OWN)
    settings = Env()
    assert all(getattr(settings, name).get_secret_value() == OWN for name in names)
    assert CANARY not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://app:p%40ss%2Fword@db.example:6432/county", ("app", "p@ss/word", "db.example", "6432", "county")),
        ("postgres://app@db.example/county", ("app", "", "db.example", "", "county")),
        ("postgresql:///county", ("", "", "", "", "county")),
        ("postgresql:///county?host=/run/postgresql", ("", "", "/run/postgresql", "", "county")),
        ("postgresql://app:pw@[::1]:5432/%E5%8E%BF", ("app", "pw", "::1", "5432", "县")),
    ],
)
def test_a_database_address_is_taken_apart(url: str, expected: tuple[str, ...]) -> None:
    found = from_url(url)
    assert tuple(found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected
    assert found["OPTIONS"] == {}


HOSTS = "postgresql://app:p%40ss@pg1.example,pg2.example:6432,[::1]/county"


def test_several_servers_are_those_of_one_database_of_which_the_writing_one_is_asked() -> None:
    found = from_url(HOSTS)
    assert [found[name] for name in ("HOST", "PORT", "PASSWORD", "NAME")] == [
        "pg1.example,pg2.example,::1", "5432,6432,5432", "p@ss", "county"
    ]  # fmt: skip
    assert found["OPTIONS"] == OF_SEVERAL
    assert from_url(f"{HOSTS}?connect_timeout=9")["OPTIONS"] == OF_SEVERAL | {"connect_timeout": "9"}
    assert from_url("postgresql:///county?host=/run/a,/run/b")["OPTIONS"] == OF_SEVERAL


@pytest.mark.fault(53)
@pytest.mark.parametrize(
    ("name", "url", "wrong"),
    [
        ("DATABASE_URL", "postgresql://h/d?options=-c%20synchronous_commit%3Dlocal", "synchronous_commit"),
        ("OWNER_DATABASE_URL", "postgresql://h/d?options=-csynchronous_commit=off", "synchronous_commit"),
        ("DATABASE_URL", f"{HOSTS}?target_session_attrs=any", "read-write"),
        ("DATABASE_URL", "postgresql://h/d?options=-c%20synchronous_commit%3Dremote_apply", ""),
        ("DATABASE_URL", f"{HOSTS}?target_session_attrs=primary", ""),
    ],
)
def test_an_address_by_which_what_was_acknowledged_would_be_lost_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str, wrong: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://h/d")
    monkeypatch.setenv(name, url)
    with pytest.raises(Unfit, match=f"^{name} .*{wrong}") if wrong else nullcontext():
        databases(Env())


def test_options_of_the_address_go_to_the_driver() -> None:
    found = from_url("postgresql://app@db.example/county?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem")
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}


@pytest.mark.parametrize("url", ["mysql://app@db.example/county", "county", ""])
def test_another_kind_of_address_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with postgresql://") as refused:
        from_url(url)
    assert not url or url not in str(refused.value)


def test_app_and_owner_connect_each_with_their_own_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db.example/county?sslmode=require")
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://owner@db.example/county?options=-c%20statement_timeout%3D0")
    found = databases(Env())
    assert [found[alias]["USER"] for alias in ("default", "owner")] == ["app", "owner"]
    assert found["default"]["OPTIONS"] == {"sslmode": "require", "prepare_threshold": None}
    assert found["default"]["ATOMIC_REQUESTS"] is True
    assert found["owner"]["OPTIONS"] == {"options": "-c statement_timeout=0 -c lock_timeout=2s"}


def test_without_an_owner_role_migrations_use_the_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db.example/county")
    monkeypatch.delenv("OWNER_DATABASE_URL", raising=False)
    assert databases(Env())["owner"]["USER"] == "app"

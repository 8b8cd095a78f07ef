"""``minqing init``: a county from an empty folder, each step once, and what is lacking said in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner, Result

from minqing.config import env as env_module
from minqing.config.cli import app, init
from minqing.config.cli.doctor import looked_at
from minqing.config.cli.doctor_setup import setting_up
from minqing.config.env import Env, env
from minqing.core.sheets import read_rows
from minqing.org import commands
from minqing.org.models import Account, Area, Post
from tests.cast import Cast

pytestmark = [pytest.mark.fault(133), pytest.mark.fault(134)]


@pytest.fixture
def begin(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """In a folder of its own, on the tests' database."""
    monkeypatch.setattr(init, "env", cache(lambda: env().model_copy(update={"minqing_var": tmp_path})))
    monkeypatch.setattr(init, "ready", lambda *, makes: None)
    monkeypatch.setattr(commands, "ready", lambda: None)
    return lambda *words: CliRunner().invoke(app, ["init", "--tables", str(tmp_path / "tables"), *words])


def test_a_county_is_begun_in_one_call_and_a_second_one_changes_nothing(
    begin: Callable[..., Result], tmp_path: Path
) -> None:
    told = ("--origin", "https://minqing.example/", "--county", "甲县", "--code", "330000")
    told += ("--operator", "shen", "--name", "沈工")
    done = begin(*told)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "minqing.env").read_text() == "MINQING_ORIGIN=https://minqing.example\n"
    assert (tmp_path / "minqing.env").stat().st_mode & 0o777 == 0o600
    assert [(one.code, one.name, one.level) for one in Area.objects.all()] == [("330000", "甲县", "city")]
    assert [(one.username, one.name) for one in Account.objects.all()] == [("shen", "沈工")]
    tables = sorted(one.name for one in (tmp_path / "tables").iterdir())
    assert tables == ["1-areas.xlsx", "2-units.xlsx", "3-staff.xlsx", "4-households.xlsx"]
    assert "户" in "".join(read_rows(tmp_path / "tables" / "4-households.xlsx").headings), "in the county's language"
    assert "Next: Areas" in done.stdout
    assert "minqing import areas" in done.stdout
    # the password is a line of its own: it opens the operator's room
    (password,) = [one for one in done.stdout.splitlines() if one and " " not in one]
    client = Client()
    client.post("/accounts/login/", {"login": "shen", "password": password})
    changed = {"oldpassword": password, "password1": "my-own-pass-phrase", "password2": "my-own-pass-phrase"}
    assert client.post("/accounts/password/change/", changed, follow=True).redirect_chain[-1] == ("/operator/", 302)
    (tmp_path / "tables" / "1-areas.xlsx").write_text("filled in")
    again = begin(*told[2:])
    assert again.exit_code == 0, again.output
    assert (Area.objects.count(), Account.objects.count(), Post.objects.count()) == (1, 1, 1)
    assert (tmp_path / "tables" / "1-areas.xlsx").read_text() == "filled in"
    assert password not in again.stdout


def test_what_is_not_said_is_left_for_later_and_asked_again(begin: Callable[..., Result], tmp_path: Path) -> None:
    """Nobody sits at the keyboard of a test."""
    done = begin()
    assert done.exit_code == 0, done.output
    for option in ("--origin", "--county … --code", "--operator"):
        assert f"later, with minqing init {option} …" in done.stdout
    assert (Area.objects.count(), Account.objects.count()) == (0, 0)
    assert not (tmp_path / "minqing.env").exists()
    for code in ("33", "33000a", "3300000", "３３００００"):
        wrong = begin("--county", "甲县", "--code", code)
        assert (wrong.exit_code, "it has six digits" in wrong.stderr) == (2, True), wrong.output
    assert not Area.objects.exists()
    wrong = begin("--origin", "minqing.example/path")
    assert (wrong.exit_code, "https://minqing.county.gov.cn" in wrong.stderr) == (2, True), wrong.output


def test_what_would_not_be_in_force_or_cannot_be_written_is_no_success(
    begin: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINQING_ORIGIN", "https://minqing.example")
    wrong = begin("--origin", "http://10.1.2.3:8000")
    assert (wrong.exit_code, "https://minqing.example" in wrong.stderr) == (2, True), wrong.output
    assert not (tmp_path / "minqing.env").exists()
    assert begin("--origin", "https://minqing.example").exit_code == 0
    (tmp_path / "closed").touch()
    wrong = begin("--tables", str(tmp_path / "closed" / "tables"))
    assert (wrong.exit_code, "--tables" in wrong.stderr) == (2, True), wrong.output


def test_what_a_county_lacks_is_told_in_the_order_in_which_one_needs_the_other(cast: Cast) -> None:
    (found,) = looked_at("setting up", setting_up)
    assert (found.well, found.page) == (False, "intake:list")
    assert "Households –" in found.seen
    assert found.mend.startswith("Next: Households.")
    cast.household()
    (found,) = looked_at("setting up", setting_up)
    assert found.well
    assert "–" not in found.seen


def test_what_init_was_told_is_read_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "minqing.env").write_text("MINQING_ORIGIN=https://kept.example\n")
    monkeypatch.setenv("MINQING_VAR", str(tmp_path))
    read: Callable[[], Env] = env_module.env.__wrapped__
    assert read().origin == "https://kept.example"
    monkeypatch.setenv("MINQING_ORIGIN", "https://said.example")
    assert read().origin == "https://said.example"

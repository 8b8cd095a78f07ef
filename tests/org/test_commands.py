"""``minqing operator`` and ``minqing password``."""

from __future__ import annotations

import pytest
from django.test import Client
from typer.testing import CliRunner

from minqing.config.cli import app
from minqing.org import commands
from minqing.org.models import Account
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django is up already in a test."""
    monkeypatch.setattr(commands, "ready", lambda: None)


def run(*words: str, typed: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), input=typed)
    return result.exit_code, result.stdout


def test_the_first_operator_is_made_on_the_command_line(db: None) -> None:
    code, printed = run("operator", "admin", "--make")
    assert code == 0
    client = Client()
    sent = {"login": "admin", "password": printed.strip(), "next": "/operator/"}
    assert client.post("/accounts/login/", sent)["Location"] == "/operator/"
    # what was printed was seen by somebody: nothing opens before it is one's own
    assert client.get("/operator/")["Location"] == "/accounts/password/change/"
    own = "a-pass-phrase-of-my-own"
    changed = {"oldpassword": printed.strip(), "password1": own, "password2": own}
    assert client.post("/accounts/password/change/", changed).status_code == 302
    assert client.get("/operator/").status_code == 200


def test_a_password_is_typed_twice_and_not_shown(cast: Cast) -> None:
    code, printed = run("password", "cadre", typed="another-pass-phrase\nanother-pass-phrase\n")
    assert code == 0
    assert "another" not in printed
    account = Account.objects.get(username="cadre")
    assert account.check_password("another-pass-phrase")
    assert account.must_change_password


def test_a_weak_password_and_an_unknown_user_are_refused(cast: Cast) -> None:
    assert run("password", "cadre", typed="short\nshort\n")[0] == 1
    assert run("password", "nobody", "--make")[0] == 1

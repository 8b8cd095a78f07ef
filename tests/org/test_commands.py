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


@pytest.mark.fault(133)
def test_the_first_operator_is_made_on_the_command_line_and_comes_to_the_operator_s_room(db: None) -> None:
    """As the printed words say it: sign in at the address, follow where one is led."""
    code, printed = run("operator", "admin", "--name", "沈工", "--make")
    assert code == 0
    client = Client()
    assert client.post("/accounts/login/", {"login": "admin", "password": printed.strip()})["Location"] == "/"
    # what was printed was seen by somebody: nothing opens before it is one's own
    assert client.get("/")["Location"] == "/accounts/password/change/"
    own = "a-pass-phrase-of-my-own"
    changed = {"oldpassword": printed.strip(), "password1": own, "password2": own}
    led = client.post("/accounts/password/change/", changed, follow=True)
    assert led.redirect_chain == [("/", 302), ("/operator/", 302)]
    assert led.status_code == 200
    # later it is a matter of one's own page
    changed = {"oldpassword": own, "password1": f"{own}-2", "password2": f"{own}-2"}
    assert client.post("/accounts/password/change/", changed)["Location"] == "/me"


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
    assert run("operator", "clark", "--make")[0] == 2
    assert not Account.objects.filter(username="clark").exists()

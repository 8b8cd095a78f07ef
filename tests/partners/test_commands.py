"""``minqing partners``: from nothing to a token that opens, and back."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from minqing.config.cli import app, partners
from minqing.core.errors import DomainError
from minqing.partners.access import identify
from minqing.partners.models import Token
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django is up already in a test."""
    monkeypatch.setattr(partners, "ready", lambda: None)


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["partners", *words])
    return result.exit_code, result.stdout, result.stderr


def test_a_partner_is_added_given_a_token_listed_and_shut_out(cast: Cast) -> None:
    assert run("add", "hotline", "--name", "12345热线", "--area", "T1", "--unit", "U2")[0] == 0
    code, printed, _told = run("token", "hotline", "--scope", "matters:report", "--scope", "open311")
    assert code == 0
    assert identify(printed.strip(), address="").scopes == {"matters:report", "open311"}
    key = str(Token.objects.get().id)
    assert key[:8] in run("list")[2]
    assert run("revoke", key)[0] == 0
    with pytest.raises(DomainError):
        identify(printed.strip(), address="")


def test_what_is_not_known_is_said(cast: Cast) -> None:
    run("add", "hotline", "--name", "12345热线", "--area", "T1")
    for words in (
        ("add", "x", "--name", "x", "--area", "nowhere"),
        ("add", "x", "--name", "x", "--area", "T1", "--unit", "nobody"),
        ("token", "nobody", "--scope", "open311"),
        ("token", "hotline", "--scope", "everything"),
        ("token", "hotline", "--scope", "open311", "--rate", "0"),
        ("revoke", "nothing"),
    ):
        code, printed, told = run(*words)
        assert (code, printed) == (1, ""), words
        assert told.strip()

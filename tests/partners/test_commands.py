"""``minqing partners``: from nothing to a token that opens, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from minqing.config.cli import app
from minqing.core import clock
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.partners import commands
from minqing.partners.access import identify
from minqing.partners.models import Delivery, Token
from minqing.partners.queries import partner_by_code
from tests.cast import Cast
from tests.partners.conftest import endpoint_of
from tests.partners.receiver import Receiver


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django is up already in a test."""
    monkeypatch.setattr(commands, "ready", lambda: None)


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["partners", *words])
    return result.exit_code, result.stdout, result.stderr


def test_a_partner_is_added_given_a_token_listed_and_shut_out(cast: Cast) -> None:
    assert run("add", "hotline", "--name", "12345热线", "--area", "T1", "--unit", "U2")[0] == 0
    code, printed, _told = run("token", "hotline", "--scope", "matters:report", "--scope", "open311")
    assert code == 0
    assert identify(printed.strip(), address="").scopes == {"matters:report", "open311"}
    key = str(Token.objects.get().id)
    assert key in run("list")[1]
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


def test_secret_mapping_endpoint_dead_and_replay(cast: Cast, tmp_path: Path, receiver: Receiver) -> None:
    run("add", "hotline", "--name", "12345热线", "--area", "T1")
    assert run("secret", "hotline")[1].startswith("whsec_")
    table = tmp_path / "table.yaml"
    good = "data: {text: content, area: {always: V1}}"
    for text, code in (
        (good, 0),
        ("data: {colour: x}", 1),
        ("[", 1),
        ("- a", 1),
    ):
        table.write_text(text, encoding="utf-8")
        assert run("mapping", "hotline", str(table))[0] == code, text
    partner = partner_by_code("hotline")
    assert partner is not None
    assert partner.mapping == good, "a bad one changes nothing"
    assert run("endpoint", "hotline", "https://127.0.0.1/")[0] == 1
    one = endpoint_of(partner, receiver.url)
    row = Delivery.objects.create(
        endpoint=one, event=new_id(), type="cn.minqing.matter.received", sequence=1, body={}, state="dead",
        next_at=clock.now(), queued_at=clock.now(), status=500,
    )  # fmt: skip
    code, printed, told = run("dead")
    # at the 80 columns of a pipe: whole, and on stdout alone
    assert (code, told) == (0, "")
    assert str(row.id) in printed
    assert run("replay", str(row.id))[0] == 0
    row.refresh_from_db()
    assert row.state == "queued"
    Delivery.objects.update(state="dead")
    assert "1 are sent again" in run("replay", "--all", "hotline")[2]
    Delivery.objects.update(state="dead")
    assert run("settle", str(row.id))[0] == 0
    row.refresh_from_db()
    assert row.state == "settled"
    assert [run("settle", one)[0] for one in ("nothing", str(new_id()))] == [1, 1]
    assert run("replay", "nothing")[0] == 1
    assert run("replay", str(new_id()))[0] == 1

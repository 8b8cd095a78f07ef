"""``minqing points verify`` names what was changed behind the ledger's back, and the day."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.utils import translation
from typer.testing import CliRunner

from minqing.config import embedded
from minqing.config.cli import app
from minqing.core.clock import today
from minqing.points.checks import kept
from minqing.points.queries.verifying import verify
from tests.embedded import SOCKET
from tests.points.ledgers import Ledger, holds

pytestmark = [pytest.mark.case("B35"), pytest.mark.fault(83)]


def tampered(*statements: str) -> None:
    """As the superuser, with triggers off: nobody else can."""
    with embedded.superuser(SOCKET, os.environ["MINQING_DB_NAME"]) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


LAST = "(SELECT max(id) FROM points_transfer)"
COPY = (
    "INSERT INTO points_transfer (request, debit_id, credit_id, amount, code, about, posted_at) "
    f"SELECT request, debit_id, credit_id, amount, code, about, posted_at FROM points_transfer WHERE id = {LAST}"
)
# what is done → what is told of it; {last} is the number of the last transfer
DONE: dict[str, tuple[str, list[str]]] = {
    "changed": (
        f"UPDATE points_transfer SET amount = 50 WHERE id = {LAST}",
        ["Transfer {last} of {day} is not what the journal holds.", "Account {ann} is kept as 25", "Account {shop} is"],
    ),
    "added": (COPY, ["Transfer {next} of {day} was asked for by nobody.", "Account {ann} is kept as 25"]),
    "removed": (f"DELETE FROM points_transfer WHERE id = {LAST}", ["Transfer {last} of {day} was removed."]),
    "forgotten": (
        f"DELETE FROM points_request WHERE id = (SELECT request FROM points_transfer WHERE id = {LAST})",
        ["Transfer {last} of {day} was asked for by nobody.", "and its event in the journal do not agree"],
    ),
    "untold": ("DELETE FROM journal_event WHERE type LIKE 'points.transfers%'", ["in the journal do not agree"]),
    "richer": (
        "UPDATE points_balance SET posted = posted + 7 WHERE account_id = {ann}",
        ["Account {ann} is kept as 32, and its transfers give 25.", "All accounts together hold 7 instead of nothing."],
    ),
    "unkept": (
        "ALTER TABLE points_transfer DISABLE TRIGGER made",
        ["The database no longer keeps points_transfer.made."],
    ),
}  # fmt: skip


@pytest.fixture
def restored(committed_ledger: Ledger) -> Iterator[Ledger]:
    yield committed_ledger
    tampered("ALTER TABLE points_transfer ENABLE TRIGGER made")


@pytest.mark.parametrize("what", DONE)
def test_it_names_what_was_done(restored: Ledger, what: str) -> None:
    ledger = restored
    (last,) = ledger.post(("ann", "shop", 5)).ids
    names = ledger.accounts | {"last": last, "next": last + 1, "day": today()}
    assert holds()
    statement, told = DONE[what]
    tampered(statement.format(**names))
    with translation.override("en"):
        found = verify()
    for sentence in told:
        assert any(sentence.format(**names) in one for one in found), (sentence, found)


def test_the_command_tells_and_ends_with_a_code(committed_ledger: Ledger) -> None:
    well = CliRunner().invoke(app, ["points", "verify"])
    assert (well.exit_code, "As it was written: 1 transfers between 8 accounts" in well.output) == (0, True)
    assert kept().well
    tampered("UPDATE points_balance SET posted = 1 WHERE floored AND NOT appended AND posted = 0")
    ill = CliRunner().invoke(app, ["points", "verify"])
    assert (ill.exit_code, "Account" in ill.output) == (1, True)
    assert not kept().well

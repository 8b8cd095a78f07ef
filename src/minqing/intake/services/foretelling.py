"""What a table of the county's own settings would change: stored as if, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from minqing.core.actor import Actor
from minqing.intake.kinds import Row, Table
from minqing.intake.services.reading import Reading
from minqing.privacy.access import acting_as

# changes told one by one
MOST_TOLD: Final = 50


def try_rows(table: Table, rows: Sequence[Row], by: Actor) -> None:
    """Sets what each row would do, and the problem of one that would be refused. Nothing of it stays."""
    right = [row for row in rows if not row.problems]
    with transaction.atomic(), acting_as(by):
        table.store(right)
        transaction.set_rollback(True)


def changes_of(reading: Reading, rows: Sequence[Row]) -> dict[str, object]:
    """How many rows would be new, changed or as before, and the first of those that do something."""
    told = [row for row in rows if row.outcome in {"created", "updated"}]
    called = reading.kind.called
    return {
        "created": sum(row.outcome == "created" for row in rows),
        "updated": sum(row.outcome == "updated" for row in rows),
        "unchanged": sum(row.outcome == "unchanged" for row in rows),
        "rows": [[row.number, reading.shown(called, row), row.outcome] for row in told[:MOST_TOLD]],
    }

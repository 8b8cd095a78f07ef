"""Rows of an operator's tables, checked and stored as an import does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from minqing.core.actor import Actor
from minqing.demo.staff import Cells
from minqing.intake.kinds import Row, Table, TableKind
from minqing.intake.storage.seen_keys import seen
from minqing.journal.services import record

ACTOR = "demo"
# rows of the organisation that are stored together
PIECE = 100


class NotARow(RuntimeError):
    """A made-up row that an import would refuse: a mistake of this room."""


def store(kind: TableKind, cells: Sequence[Cells], by: Actor) -> None:
    """A whole table in small pieces."""
    with seen() as book:
        table = kind.open(by, book)
        for start in range(0, len(cells), PIECE):
            put(table, kind, cells[start : start + PIECE], by)


@transaction.atomic
def put(table: Table, kind: TableKind, cells: Iterable[Cells], by: Actor) -> None:
    """Rows checked and stored; one event."""
    empty = {column.name: "" for column in kind.columns}
    rows = []
    for number, cell in enumerate(cells, 1):
        row = Row(number, ())
        table.check(row, empty | cell)
        rows.append(row)
    stored = table.store(rows)
    wrong = next((row for row in rows if row.problems), None)
    if wrong or stored.created != len(rows):
        raise NotARow(f"{kind.code}: {stored}, {wrong and {name: str(it) for name, it in wrong.problems.items()}}")
    record(type=kind.event, subject="demo", by=by, data={"created": stored.created})

"""The dry run: a table is read from its first row to its last, and nothing of it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.sheets import MarkedRow, write_marked_up
from minqing.intake import storage
from minqing.intake.enums import RunMove, RunState
from minqing.intake.kinds import KINDS, Row, Table, TableKind
from minqing.intake.models import ImportRun
from minqing.intake.rules import may_bring
from minqing.intake.services.foretelling import changes_of, try_rows
from minqing.intake.services.reading import BATCH, Reading, open_run
from minqing.intake.services.receiving import RUNS
from minqing.intake.storage.seen_keys import seen
from minqing.journal.services import Json
from minqing.privacy.access import acting_as

SHOWN_PROBLEMS = 50
MESSAGE_CHARACTERS = 300
NAMED_ROWS = 20
Progress = Callable[[int], None]


@dataclass
class Tally:
    """What a pass has counted so far."""

    total: int = 0
    wrong: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    remarks: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    warned: Counter[str] = field(default_factory=Counter)
    changes: dict[str, object] = field(default_factory=dict)
    sum: int = 0

    def count(self, reading: Reading, row: Row) -> None:
        self.total += 1
        for name, sentence in row.remarks.items():
            self.remark(reading.heading(name), str(sentence), row.number)
        if not row.problems:
            self.warned.update(row.warned)
            self.sum += reading.kind.seconded(row) if reading.kind.seconded else 0
        else:
            self.wrong += 1
            if len(self.problems) < SHOWN_PROBLEMS:
                self.problems.extend(reading.problems_of(row)[: SHOWN_PROBLEMS - len(self.problems)])

    def remark(self, heading: str, sentence: str, row: int) -> None:
        """Kept as far as it is told."""
        if (heading, sentence) not in self.remarks and len(self.remarks) >= SHOWN_PROBLEMS:
            return
        rows = self.remarks.setdefault((heading, sentence), [])
        if len(rows) <= NAMED_ROWS:
            rows.append(row)

    def told(self) -> list[str]:
        """A line for each thing that was remarked, with the rows that it is about."""
        return [
            _("%(column)s, rows %(rows)s: %(text)s") % {"column": column, "rows": row_numbers(rows), "text": text}
            for (column, text), rows in self.remarks.items()
        ]


def told_of_repeated(reading: Reading) -> list[str]:
    if not reading.repeated:
        return []
    sentence = _("Rows %(rows)s hold the headings once more. They are not read.")
    return [sentence % {"rows": row_numbers(reading.repeated)}]


def row_numbers(rows: list[int]) -> str:
    more = ["…"] if len(rows) > NAMED_ROWS else []
    return _(", ").join([*map(str, rows[:NAMED_ROWS]), *more])


def check_run(*, run: ImportRun, by: Actor, progress: Progress | None = None) -> ImportRun:
    """Check every row as ``by``; sets counts, the first problems and the marked-up workbook.

    A file that cannot be read ends as ``REFUSED`` with a sentence. Calling it again checks again.
    """
    run.refresh_from_db()
    kind = KINDS.of(run.kind)
    show = progress or (lambda rows: storage.show_progress(run.id, rows))
    with translation.override(run.language):
        try:
            may_bring(by, kind.roles).require()
            move, found = RunMove.CHECK, look_through(run, kind, by, show)
        except DomainError as error:
            move, found = RunMove.REFUSE, {"message": str(error.sentence)[:MESSAGE_CHARACTERS]}
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(id=run.id)
        if run.state == RunState.CHECKING:
            storage.remove(run.marked)
            RUNS.finish(run, move, by=by, at=clock.now(), data=counted(run, found), **found)
        elif found.get("marked"):
            # somebody else checked it meanwhile
            storage.remove(found["marked"])
    storage.end_progress(run.id)
    return run


def look_through(run: ImportRun, kind: TableKind, by: Actor, show: Progress) -> dict[str, Any]:
    reading = open_run(run, kind, by)
    mapping = reading.mapping()
    ImportRun.objects.filter(id=run.id, state=RunState.CHECKING).update(mapping=mapping)
    reading.require_columns()
    tally = Tally()
    marked = storage.fresh_name(".xlsx")
    with seen() as book:
        table = kind.opened(by, book)
        # the writer pulls row by row: what has been read is either counted or on disk
        rows = wrong_rows(reading, table, tally, by, show)
        write_marked_up(storage.path_of(marked), reading.sheet.headings, rows)
    if not tally.wrong:
        storage.remove(marked)
    return {
        "message": "",
        "layout": reading.layout(),
        "mapping": mapping
        | {
            "warnings": [*mapping["warnings"], *told_of_repeated(reading), *tally.told()],
            "warned": dict(tally.warned),
            "changes": tally.changes,
        }
        | ({"sum": tally.sum} if kind.seconded else {}),
        "marked": marked if tally.wrong else "",
        "total_rows": tally.total,
        "problem_rows": tally.wrong,
        "problems": tally.problems,
    }


def wrong_rows(reading: Reading, table: Table, tally: Tally, by: Actor, show: Progress) -> Iterator[MarkedRow]:
    for batch in reading.batches():
        check_batch(reading, table, batch, by)
        # a longer table may lean on rows above that are not stored as yet
        if reading.kind.rows and not tally.total and len(batch) < BATCH:
            try_rows(table, batch, by)
            tally.changes = changes_of(reading, batch)
        for row in batch:
            tally.count(reading, row)
            if row.problems:
                errors, problem = reading.by_place(row)
                yield MarkedRow(row.cells, errors, problem)
        show(tally.total)


def check_batch(reading: Reading, table: Table, batch: list[Row], by: Actor) -> None:
    """Problems of each row in itself and against the file before it, then against the database."""
    for row in batch:
        reading.check(table, row)
    look_at(table, batch, by)


def look_at(table: Table, batch: list[Row], by: Actor) -> None:
    """Problems that the database tells. A row is checked before, once: checked again it is a double of itself."""
    # one with a problem too, as far as it could be read: all that is wrong with it is told at once
    known = [row for row in batch if row.data is not None]
    if known:
        with transaction.atomic(), acting_as(by):
            table.look(known)


def counted(run: ImportRun, found: dict[str, Any]) -> dict[str, Json]:
    return {
        "rows": found.get("total_rows", run.total_rows),
        "wrong": found.get("problem_rows", run.problem_rows),
    }

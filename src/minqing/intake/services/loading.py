"""The real run: rows are checked once more and stored, all or none, or those that are right.

The valid rows go in batch by batch, each in a transaction that also moves ``done_rows``: a worker killed half-way
is followed by one that goes on behind the last batch, and no row is stored twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, ProgrammingError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, DomainError
from minqing.core.retry import once_more
from minqing.intake import storage
from minqing.intake.enums import Mode, RunMove, RunState
from minqing.intake.kinds import KINDS, Row, Stored, Table, TableKind
from minqing.intake.models import ImportRun
from minqing.intake.queries import is_alone, locked_run
from minqing.intake.rules import may_bring, may_load
from minqing.intake.services.checking import MESSAGE_CHARACTERS, SHOWN_PROBLEMS, Progress, Tally, look_at
from minqing.intake.services.layouts import remember
from minqing.intake.services.reading import Reading, open_run
from minqing.intake.services.receiving import RUNS
from minqing.intake.storage.seen_keys import seen
from minqing.journal.services import Json, record
from minqing.privacy.access import acting_as

REFUSALS = (IntegrityError, DataError, ProgrammingError)
NOT_PRIVILEGED = "42501"
MEANWHILE = _("Another table brought this row in at the same moment. It is stored, once.")


class NotAll(Conflict):
    """A load of all rows or none met a row that is not right."""

    default_code = "not_all"
    default_sentence = _(
        "Nothing was loaded: a row is refused that seemed right when the table was checked. See the problems below."
    )


class Elsewhere(Conflict):
    """Another process loads this run: it is left alone."""

    default_code = "loaded_elsewhere"
    default_sentence = _("This table is already being loaded. Please wait for it to end.")


@transaction.atomic
def ask_to_load(*, run: ImportRun, mode: Mode, by: Actor, choice: str = "") -> bool:
    """Set the run to loading; ``False`` where it is loading or loaded in this way already.

    ``choice`` is the code of one of the kind's options; anything else is the first of them.
    """
    run = locked_run(by, run.id)
    kind = KINDS.of(run.kind)
    may_bring(by, kind.roles).require()
    if run.state in {RunState.LOADING, RunState.DONE} and run.mode == mode:
        return False
    wrong, alone = run.problem_rows, is_alone(run)
    may_load(state=RunState(run.state), mode=mode, total=run.total_rows, wrong=wrong, alone=alone).require()
    # the rest of a load that was cut off is taken as its beginning was
    taken = run.choice if run.done_rows else kind.choice.taken(choice) if kind.choice else ""
    told: dict[str, Json] = {"mode": str(mode), **({"choice": taken} if taken else {})}
    RUNS.finish(run, RunMove.LOAD, by=by, at=clock.now(), data=told, mode=mode, message="", choice=taken)
    remember(run, by)
    return True


def load_run(*, run: ImportRun, by: Actor, progress: Progress | None = None) -> ImportRun:
    """Load a run whose state is loading, from ``done_rows`` on. Returns it as it then stands."""
    kind = KINDS.of(run.kind)
    run.refresh_from_db()
    if run.state != RunState.LOADING:
        return run
    show = progress or (lambda rows: storage.show_progress(run.id, rows))
    with translation.override(run.language):
        try:
            may_bring(by, kind.roles).require()
            # all or none: one transaction around all batches
            with transaction.atomic() if run.mode == Mode.ALL else nullcontext():
                Load(run, kind, by, show).work()
        except Elsewhere:
            pass
        except NotAll as error:
            stop(run, RunMove.TURN_BACK, error, by)
        except DomainError as error:
            stop(run, RunMove.BREAK_OFF, error, by)
    storage.end_progress(run.id)
    run.refresh_from_db()
    return run


def stop(run: ImportRun, move: RunMove, error: DomainError, by: Actor) -> None:
    values: dict[str, object] = {"message": str(error.sentence)[:MESSAGE_CHARACTERS]}
    if tally := error.data.get("tally"):
        values |= {"problem_rows": max(tally.wrong, 1), "problems": tally.problems}
    with transaction.atomic():
        row = RUNS.lock(run.id)
        # else it ended meanwhile, or another stopped it
        if RUNS.target(row, move):
            RUNS.finish(row, move, by=by, at=clock.now(), data={"code": error.code}, **values)


@dataclass
class Load:
    """One working through of a file."""

    run: ImportRun
    kind: TableKind
    by: Actor
    show: Progress
    tally: Tally = field(default_factory=Tally)

    def work(self) -> None:
        reading = open_run(self.run, self.kind, self.by)
        reading.require_columns()
        with seen() as book:
            table = self.kind.opened(self.by, book, self.run.choice)
            for batch in reading.batches():
                skipped = self.skip(reading, table, batch)
                if fresh := batch[skipped:]:
                    self.load(reading, table, fresh)
                self.show(self.tally.total)
        self.finish()

    def skip(self, reading: Reading, table: Table, batch: list[Row]) -> int:
        """Rows that an earlier attempt has done: only remembered, so that later doubles of them are found."""
        count = min(len(batch), max(self.run.done_rows - self.tally.total, 0))
        for row in batch[:count]:
            reading.check(table, row)
        self.tally.total += count
        return count

    def load(self, reading: Reading, table: Table, batch: list[Row]) -> None:
        for row in batch:
            reading.check(table, row)
        checked = [{**row.problems} for row in batch]

        def attempt() -> Tally:
            for row, problems in zip(batch, checked, strict=True):
                row.problems = {**problems}
            return self.load_checked(reading, table, batch)

        # what was counted counts once it is stored
        self.tally = once_more(attempt)

    def load_checked(self, reading: Reading, table: Table, batch: list[Row]) -> Tally:
        """Look at the database and store, in one transaction; returns what has been counted with this batch."""
        with transaction.atomic(), acting_as(self.by):
            run = self.lock(done=self.tally.total)
            look_at(table, batch, self.by)
            right = [row for row in batch if not row.problems]
            stored = store_all(table, right, self.kind)
            tally = deepcopy(self.tally)
            for row in batch:
                tally.count(reading, row)
            if tally.wrong and run.mode == Mode.ALL:
                raise NotAll(tally=tally)
            refused = [row for row in batch if row.problems and (row in right or is_new(run, row))]
            run.problems = [*(p for row in refused for p in reading.problems_of(row)), *run.problems][:SHOWN_PROBLEMS]
            run.problem_rows += len(refused)
            run.done_rows += len(batch)
            run.created_rows += stored.created
            run.updated_rows += stored.updated
            run.unchanged_rows += stored.unchanged
            run.save()
            self.run = run
            self.tell(stored)
        return tally

    def lock(self, *, done: int) -> ImportRun:
        """The run's row, locked; whoever finds that another process was here first lets that one go on."""
        run = ImportRun.objects.select_for_update().get(id=self.run.id)
        if run.done_rows != done or run.state != RunState.LOADING:
            raise Elsewhere
        return run

    def tell(self, stored: Stored) -> None:
        if stored.created or stored.updated:
            data = {"created": stored.created, "updated": stored.updated, "to_row": self.run.done_rows}
            record(type=self.kind.event, subject=f"import:{self.run.id}", by=self.by, data=data)

    def finish(self) -> None:
        with transaction.atomic():
            run = self.lock(done=self.tally.total)
            at = clock.now()
            data: dict[str, Json] = {
                "created": run.created_rows,
                "updated": run.updated_rows,
                "unchanged": run.unchanged_rows,
                "rows": run.done_rows,
            }
            RUNS.finish(run, RunMove.FINISH, by=self.by, at=at, data=data, finished_at=at)


def is_new(run: ImportRun, row: Row) -> bool:
    """Whether the dry run had nothing against the row, as far as its problems are kept."""
    known = {one["row"] for one in run.problems}
    return len(known) >= run.problem_rows and row.number not in known


def store_all(table: Table, rows: Sequence[Row], kind: TableKind) -> Stored:
    """Store ``rows``. Where the database refuses, halve until the row is found that it refuses.

    That is what meets a number that is in use in an area the actor cannot see, and what another table has brought in
    at the same moment: such a row is named and hinders no other.
    """
    if not rows:
        return Stored()
    try:
        with transaction.atomic():
            return table.store(rows)
    except (*REFUSALS, Conflict) as error:
        if isinstance(error, Conflict) and error.code != "not_stored":
            raise
        if isinstance(error, ProgrammingError) and getattr(error.__cause__, "sqlstate", "") != NOT_PRIVILEGED:
            raise
        if len(rows) == 1:
            return second_look(table, rows, kind)
    middle = len(rows) // 2
    stored = store_all(table, rows[:middle], kind)
    stored.add(store_all(table, rows[middle:], kind))
    return stored


def second_look(table: Table, rows: Sequence[Row], kind: TableKind) -> Stored:
    """One row that was refused: where it can be seen by now, somebody else was quicker; else it is out of sight."""
    try:
        with transaction.atomic():
            stored = table.store(rows)
    except (*REFUSALS, Conflict):
        rows[0].problems[""] = kind.taken
        return Stored()
    if not stored.updated:
        rows[0].problems[""] = MEANWHILE
        return Stored()
    return stored

"""A person says which sheet is read, in which row its headings stand, and which column is which."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from minqing.core.actor import Actor
from minqing.intake import storage
from minqing.intake.enums import RunState, Way
from minqing.intake.kinds import kind_of
from minqing.intake.models import ImportRun
from minqing.intake.queries import locked_run, sheets_in
from minqing.intake.rules import columns_wrong, may_bring, may_lay_out, may_take_columns
from minqing.journal.services import record

CLEARED = ("state", "sheet", "layout", "message", "marked", "total_rows", "problem_rows", "problems", "mapping")


@transaction.atomic
def lay_out(*, run: ImportRun, sheet: str, heading_row: int, columns: Mapping[str, int] | None, by: Actor) -> bool:
    """Back to checking, read so; ``False`` where it is being checked so already. What was found before is gone.

    ``columns``: field → place; without them the headings alone say it, whatever the office did last time.
    ``heading_row`` 0: where they seem to stand.
    """
    run = locked_run(by, run.id)
    kind = kind_of(run.kind)
    may_bring(by, kind.roles).require()
    way = Way.HEADINGS if columns is None else Way.PERSON
    layout = {"heading_row": heading_row, "columns": dict(columns or {}), "by": str(way)}
    if run.state == RunState.CHECKING and (run.sheet, run.layout) == (sheet, layout):
        return False
    may_lay_out(state=RunState(run.state), kept=bool(run.stored), sheet=sheet, sheets=sheets_in(run)).require()
    if columns is not None:
        may_take_columns(columns_wrong(columns, kind.columns)).require()
    # the row names it until then
    transaction.on_commit(partial(storage.remove, run.marked))
    run.state, run.sheet, run.layout, run.message, run.marked = RunState.CHECKING, sheet, layout, "", ""
    run.total_rows, run.problem_rows, run.problems = 0, 0, []
    run.mapping = {"sheet": sheet, "sheets": run.mapping.get("sheets", [])}
    run.save(update_fields=CLEARED)
    # the name of a sheet may be anybody's, a heading too
    record(type="intake.run.laid_out", subject=f"import:{run.id}", by=by, data={"kind": run.kind, "by": str(way)})
    return True

"""A person takes another sheet of the workbook than the one whose headings fit."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from minqing.core.actor import Actor
from minqing.intake import storage
from minqing.intake.enums import RunState
from minqing.intake.kinds import kind_of
from minqing.intake.models import ImportRun
from minqing.intake.queries import locked_run
from minqing.intake.rules import may_bring, may_take_sheet
from minqing.journal.services import record


@transaction.atomic
def take_sheet(*, run: ImportRun, sheet: str, by: Actor) -> bool:
    """Back to checking, with ``sheet``; ``False`` where it is being checked already. What was found before is gone."""
    run = locked_run(by, run.id)
    may_bring(by, kind_of(run.kind).roles).require()
    if run.state == RunState.CHECKING and run.sheet == sheet:
        return False
    sheets = run.mapping.get("sheets", [])
    may_take_sheet(state=RunState(run.state), kept=bool(run.stored), sheet=sheet, sheets=sheets).require()
    # the row names it until then
    transaction.on_commit(partial(storage.remove, run.marked))
    run.state, run.sheet, run.message, run.marked = RunState.CHECKING, sheet, "", ""
    run.total_rows, run.problem_rows, run.problems = 0, 0, []
    run.mapping = {"sheet": sheet, "sheets": sheets}
    run.save(update_fields=["state", "sheet", "message", "marked", "total_rows", "problem_rows", "problems", "mapping"])
    # the name of a sheet may be anybody's
    record(type="intake.run.sheet_taken", subject=f"import:{run.id}", by=by, data={"kind": run.kind})
    return True

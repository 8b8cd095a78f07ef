"""A person says which sheet is read, in which row its headings stand, and which column is which."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.intake import storage
from minqing.intake.enums import RunMove, RunState, Way
from minqing.intake.kinds import KINDS
from minqing.intake.models import ImportRun
from minqing.intake.queries import locked_run, sheets_in
from minqing.intake.rules import columns_wrong, may_bring, may_lay_out, may_take_columns
from minqing.intake.services.receiving import RUNS
from minqing.journal.services import Json

CLEARED: Final[Mapping[str, object]] = {"message": "", "marked": "", "total_rows": 0, "problem_rows": 0, "problems": []}


@transaction.atomic
def lay_out(*, run: ImportRun, sheet: str, heading_row: int, columns: Mapping[str, int] | None, by: Actor) -> bool:
    """Back to checking, read so; ``False`` where it is being checked so already. What was found before is gone.

    ``columns``: field → place; without them the headings alone say it, whatever the office did last time.
    ``heading_row`` 0: where they seem to stand.
    """
    run = locked_run(by, run.id)
    kind = KINDS.of(run.kind)
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
    mapping = {"sheet": sheet, "sheets": run.mapping.get("sheets", [])}
    # the name of a sheet may be anybody's, a heading too
    told: dict[str, Json] = {"by": str(way)}
    RUNS.finish(
        run, RunMove.LAY_OUT, by=by, at=clock.now(), data=told, sheet=sheet, layout=layout, mapping=mapping, **CLEARED
    )
    return True

"""Background jobs of table imports: check, load, and forget old files."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Refused
from minqing.core.outage import passes
from minqing.intake.enums import RunMove, RunState
from minqing.intake.kinds import actor_for
from minqing.intake.models import ImportRun
from minqing.intake.services import check_run, forget_old_files, load_run
from minqing.intake.services.loading import stop

BROKEN_OFF = _("The work was broken off by a fault. Try again, and tell the operator if it happens once more.")


# one statement, one moment: a run and its job are made together, and a run ends before its job does. What the command
# line brings in has no job
LEFT = """
SELECT run.* FROM intake_importrun run WHERE run.state IN ('checking', 'loading') AND run.by IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs job WHERE job.task_name IN ('intake.check', 'intake.load')
                AND job.status IN ('todo', 'doing') AND job.args ->> 'run' = run.id::text)
"""


# a worker does four jobs at once: whatever tables are brought, notices, deliveries and ladder go on beside them
LANES: Final = 2


def lane(run: ImportRun) -> str:
    """The lock of a table's jobs: those of one table are done one after the other, and at most two tables at once."""
    return f"intake:{run.id.int % LANES}"


@app.task(name="intake.check")
def check_table(run: str) -> None:
    """The dry run of one table. Repeating it checks again."""
    work(UUID(run), RunState.CHECKING)


@app.task(name="intake.load")
def load_table(run: str) -> None:
    """Load one checked table; after a kill the next attempt goes on behind the last stored batch."""
    work(UUID(run), RunState.LOADING)


def work(id: UUID, state: RunState) -> None:
    run = ImportRun.objects.filter(id=id, state=state).first()
    if run is None:
        return
    by = actor_for(run.by, run.post)
    if by is None:
        gone = Refused("post_ended", _("Your post has ended or your account is closed, so nothing was done."))
        stop(run, RunMove.BREAK_OFF, gone, Actor.system("intake"))
        return
    try:
        (check_run if state is RunState.CHECKING else load_run)(run=run, by=by)
    except Exception as error:
        # a fault of ours: the page must not wait for ever; the queue logs what it was, and runs again what passes
        if not passes(error):
            stop(run, RunMove.BREAK_OFF, Conflict("broken_off", BROKEN_OFF), by)
        raise


@app.periodic(cron="40 3 * * *")
@app.task(name="intake.forget")
def forget_files(timestamp: int) -> None:
    """Every night."""
    forget_old_files(by=Actor.system("intake.forget"))


@app.periodic(cron="*/5 * * * *")
@app.task(name="intake.abandoned", queueing_lock="intake.abandoned", pass_context=False)
def settle_abandoned(timestamp: int) -> int:
    """Tell the page of a table whose job was given up, as after it killed its worker five times. Returns how many."""
    left = list(ImportRun.objects.raw(LEFT))
    for run in left:
        stop(run, RunMove.BREAK_OFF, Conflict("broken_off", BROKEN_OFF), Actor.system("intake"))
    return len(left)


def ask_to_check(run: ImportRun) -> None:
    check_table.configure(lock=lane(run)).defer(run=str(run.id))


def ask_for_load(run: ImportRun) -> None:
    load_table.configure(lock=lane(run)).defer(run=str(run.id))

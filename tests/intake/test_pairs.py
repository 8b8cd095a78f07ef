"""Two at one table that was brought, in both orders. What two loads do to the same rows: tests/matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.imports import HOUSEHOLDS
from minqing.households.models import Household
from minqing.intake import services, storage
from minqing.intake.enums import Mode
from minqing.intake.models import ColumnMemory, ImportRun
from minqing.journal.models import Event
from tests.intake.conftest import csv_file, person
from tests.pairs import Pair, Refusal, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def brought(stage: Stage, n: int) -> ImportRun:
    path = csv_file(storage.folder() / f"{new_id()}.csv", [person(n)])
    values = {"id": new_id(), "kind": HOUSEHOLDS.code, "chunks": [path.read_bytes()], "name": path.name}
    run, _made = stage.done("clerk", services.receive_table, **values)
    return run


def outside(service: Any, **values: Any) -> Callable[[], Any]:
    """A job opens its own transactions."""
    return lambda: service(**values)


def checked(stage: Stage, n: int) -> ImportRun:
    return services.check_run(run=brought(stage, n), by=stage.actor("clerk"))


@SCENES.of(jobs=["intake.check"])
def one_table_checked_twice_from_the_queue(stage: Stage) -> Pair:
    run = brought(stage, 4)

    def look(*_ends: Any) -> None:
        run.refresh_from_db()
        assert (run.state, run.total_rows) == ("checked", 1)

    call = job("intake.check", run=str(run.pk))
    return Pair(call, call, look)


def loading(stage: Stage) -> ImportRun:
    with transaction.atomic(), stage.cast.everything():
        n = 100 + Household.objects.count()
    run = checked(stage, n)
    stage.done("clerk", services.ask_to_load, run=run, mode=Mode.VALID)
    return run


@SCENES.of(jobs=["intake.load"])
def one_table_loaded_twice_from_the_queue(stage: Stage) -> Pair:
    run = loading(stage)

    def look(*_ends: Any) -> None:
        run.refresh_from_db()
        assert (run.state, run.created_rows + run.updated_rows) == ("done", 1)

    call = job("intake.load", run=str(run.pk))
    return Pair(call, call, look)


@SCENES.of(jobs=["intake.load", "intake.abandoned"])
def taken_for_abandoned_while_it_is_loaded(stage: Stage) -> Pair:
    """Its job was deferred and is done by a worker whose row of the queue is gone."""
    run = loading(stage)

    def look(*_ends: Any) -> None:
        run.refresh_from_db()
        assert run.state in {"done", "failed"}
        assert (
            not Event.objects.filter(subject=f"import:{run.pk}", type="intake.run.stopped").exists()
            or run.state == "failed"
        )

    return Pair(job("intake.load", run=str(run.pk)), job("intake.abandoned"), look)


@SCENES.of(jobs=["intake.abandoned"])
def an_abandoned_table_is_settled_by_two(stage: Stage) -> Pair:
    run = loading(stage)

    def look(*_ends: Any) -> None:
        run.refresh_from_db()
        assert run.state == "failed"

    call = job("intake.abandoned")
    return Pair(call, call, look)


@SCENES.of(jobs=["intake.forget"])
def files_forgotten_while_a_table_is_brought(stage: Stage) -> Pair:
    old = checked(stage, 5)
    with transaction.atomic():
        ImportRun.objects.filter(pk=old.pk).update(made_at=clock.now() - timedelta(days=400))
    path = csv_file(storage.folder() / f"{new_id()}.csv", [person(6)])
    values = {"id": new_id(), "kind": HOUSEHOLDS.code, "chunks": [path.read_bytes()], "name": path.name}

    def look(_forgotten: Any, received: Any) -> None:
        assert (storage.folder() / received[0].stored).exists()
        old.refresh_from_db()
        assert old.stored == ""

    return Pair(job("intake.forget"), stage.call("clerk", services.receive_table, **values), look)


@SCENES.of(services.check_run)
def one_table_checked_by_two_jobs(stage: Stage) -> Pair:
    run, clerk = brought(stage, 1), stage.actor("clerk")

    def look(*_ends: Any) -> None:
        run.refresh_from_db()
        assert (run.state, run.total_rows) == ("checked", 1)

    call = outside(services.check_run, run=run, by=clerk)
    return Pair(call, call, look)


@SCENES.of(services.ask_to_load)
def loading_asked_for_twice(stage: Stage) -> Pair:
    call = stage.call("clerk", services.ask_to_load, run=checked(stage, 2), mode=Mode.ALL)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [False, True]

    return Pair(call, call, look)


@SCENES.of(services.lay_out)
def columns_told_twice(stage: Stage) -> Pair:
    run = checked(stage, 9)
    values = {"run": run, "sheet": run.sheet, "heading_row": 1, "columns": run.layout["columns"]}
    call = stage.call("clerk", services.lay_out, **values)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [False, True]

    return Pair(call, call, look)


@SCENES.of(services.ask_to_load)
def two_tables_with_the_same_headings_are_remembered_as_one(stage: Stage) -> Pair:
    runs = []
    for n in (7, 8):
        run = checked(stage, n)
        values = {"run": run, "sheet": run.sheet, "heading_row": 1, "columns": run.layout["columns"]}
        stage.done("clerk", services.lay_out, **values)
        runs.append(services.check_run(run=run, by=stage.actor("clerk")))
    calls = [stage.call("clerk", services.ask_to_load, run=run, mode=Mode.ALL) for run in runs]

    def look(*ends: Any) -> None:
        assert ends == (True, True)
        assert ColumnMemory.objects.count() == 1

    return Pair(*calls, look)


@SCENES.of(services.load_run)
def one_table_loaded_by_two_jobs(stage: Stage) -> Pair:
    with transaction.atomic(), stage.cast.everything():
        n = 100 + Household.objects.count()
    run, clerk = checked(stage, n), stage.actor("clerk")
    stage.done("clerk", services.ask_to_load, run=run, mode=Mode.VALID)

    def look(*_ends: Any) -> None:
        run.refresh_from_db()
        assert run.created_rows + run.updated_rows == 1

    call = outside(services.load_run, run=run, by=clerk)
    return Pair(call, call, look)


@SCENES.of(services.forget_old_files)
def old_files_forgotten_by_two_jobs(stage: Stage) -> Pair:
    run = checked(stage, 3)
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(made_at=clock.now() - timedelta(days=400))
    call = outside(services.forget_old_files, by=stage.actor("system"))

    def look(*ends: Any) -> None:
        assert not any(isinstance(end, Refusal) for end in ends)

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)

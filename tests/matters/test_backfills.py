"""What an upgrade gives to rows of before, while the process of the old version still works on them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import F

from minqing.core import clock
from minqing.deadlines.models import LadderStep, Norm
from minqing.journal.models import Event
from minqing.matters.enums import ClockKind, State
from minqing.matters.migrations import _batches
from minqing.matters.models import Clock, Matter
from tests.cast import Cast

pytestmark = pytest.mark.fault(125)
ASSIGN, FINISH = "0025_backfill_assign", "0022_backfill_clocks"
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


class AsThen:
    """Today's tables as those upgrades knew them: norms and the ladder were of matters, and a way was a mechanism."""

    def get_model(self, room: str, name: str) -> Any:
        if name == "LadderStep":
            return LadderStep
        return NormThen if name == "Norm" else apps.get_model(room, name)


class NormThen:
    class objects:  # as a manager is called
        @staticmethod
        def using(alias: str) -> Any:
            return Norm.objects.using(alias).annotate(mechanism=F("way"))


def backfill(name: str) -> None:
    module = import_module(f"minqing.matters.migrations.{name}")
    try:
        with connections["owner"].schema_editor(atomic=False) as editor:
            module.backfill(AsThen(), editor)
    finally:
        connections["owner"].close()


def beside(work: Callable[[], Any], change: Callable[[], Any]) -> None:
    """``change`` is committed as soon as ``work`` waits for it."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)

    other = threading.Thread(target=run)
    with transaction.atomic():
        change()
        other.start()
        until = time.monotonic() + 20
        with connection.cursor() as cursor:
            while other.is_alive() and time.monotonic() < until:
                cursor.execute(BLOCKED)
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.02)
    other.join(30)
    assert errors == []


def clocks_of(cast: Cast, one: Matter) -> list[tuple[str, bool]]:
    with transaction.atomic(), cast.everything():
        return [(row.kind, row.stopped_at is None) for row in Clock.objects.filter(matter=one).order_by("id")]


@pytest.mark.parametrize(
    ("name", "before", "after"), [(ASSIGN, State.RECEIVED, State.ASSIGNED), (FINISH, State.ASSIGNED, State.FINISHED)]
)
def test_what_moves_on_while_the_upgrade_runs_keeps_what_the_move_gave_it(
    committed_cast: Cast, name: str, before: State, after: State
) -> None:
    cast, due = committed_cast, clock.now() + timedelta(days=9)
    with transaction.atomic(), cast.everything():
        one, other = (cast.matter(state=before, lead_unit=cast.bureau, due_at=None) for _ in range(2))
        Clock.objects.all().delete()

    def moves() -> None:
        with cast.everything():
            Matter.objects.filter(pk=one.pk).update(state=after, due_at=due, finished_at=clock.now())

    beside(lambda: backfill(name), moves)
    with transaction.atomic(), cast.everything():
        found = Matter.objects.get(pk=one.pk)
    assert (found.due_at, clocks_of(cast, one)) == (due, [])
    assert len(clocks_of(cast, other)) == 1
    assert [event.data["matters"] for event in Event.objects.filter(type="matters.clocks.backfilled")] == [
        [str(other.pk)]
    ]


@pytest.mark.parametrize(("name", "kind", "state"), [(ASSIGN, "assign", "received"), (FINISH, "finish", "accepted")])
def test_a_clock_that_was_stopped_beside_one_of_another_kind_is_not_taken_for_a_running_one(
    committed_cast: Cast, name: str, kind: str, state: str
) -> None:
    cast, now = committed_cast, clock.now()
    with transaction.atomic(), cast.everything():
        one = cast.matter(state=state, lead_unit=cast.bureau, due_at=now)
        Clock.objects.all().delete()
        for kept, stopped in ((kind, now), (ClockKind.LEGAL.value, None)):
            Clock.objects.create(matter=one, kind=kept, started_at=now, target="5d", stopped_at=stopped)
    backfill(name)
    assert clocks_of(cast, one) == [(kind, False), ("legal", True), (kind, True)]
    backfill(name)
    assert len(clocks_of(cast, one)) == 3


def test_each_piece_is_a_transaction_with_an_event(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_batches, "BATCH", 2)
    cast = committed_cast
    with transaction.atomic(), cast.everything():
        for _ in range(3):
            cast.matter()
        Clock.objects.all().delete()
    backfill(ASSIGN)
    told = Event.objects.filter(type="matters.clocks.backfilled").order_by("seq")
    assert [len(event.data["matters"]) for event in told] == [2, 1]

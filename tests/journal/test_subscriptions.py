"""Subscribers: every event at least once, in order, whatever fails."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app as queue
from typer.testing import CliRunner

from minqing.core import clock
from minqing.journal import commands
from minqing.journal.models import Event, Parked, Position, Seal
from minqing.journal.notify_listener import follow
from minqing.journal.queries import parked
from minqing.journal.services import record
from minqing.journal.subscriptions import BATCH, TRIES, deliver, deliver_all, retry_parked, subscribe
from minqing.journal.tasks import seal
from tests.journal.conftest import ACTOR, Write, settle
from tests.journal.test_sealing import INSERT

pytestmark = pytest.mark.usefixtures("registry")


class Refusing:
    """A handler that cannot take events marked as bad."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.mended = False

    def __call__(self, event: Event) -> None:
        if event.data.get("bad") and not self.mended:
            raise ValueError("a name that must not be kept")
        self.seen.append(event.data["n"])


def no_pause() -> None:
    Position.objects.update(retry_at=clock.now() - timedelta(seconds=1))


def test_each_event_once_and_in_order(write: Write) -> None:
    took = Refusing()
    subscribe("taker", ["test.*"], took)
    write(3)
    assert (deliver_all(), deliver_all()) == (3, 0)
    write(2)
    write(1, type="other.thing.done")
    assert deliver_all() == 2
    assert took.seen == [0, 1, 2, 0, 1]


def test_more_than_a_batch_is_taken_in_several(write: Write) -> None:
    took = Refusing()
    subscribe("taker", ["test.thing.done"], took)
    write(BATCH + 1)
    assert (deliver("taker"), deliver("taker"), deliver("taker")) == (BATCH, 1, 0)
    assert took.seen == list(range(BATCH + 1))


def test_an_event_that_commits_late_is_not_passed_over(write: Write, others: psycopg.Connection) -> None:
    subjects: list[str] = []
    subscribe("taker", [], lambda event: subjects.append(event.type))
    others.execute(INSERT, [uuid4()])
    write(1, settled=False)
    assert deliver_all() == 0
    others.commit()
    settle()
    assert deliver_all() == 2
    assert subjects == ["other.thing.done", "test.thing.done"]


def test_position_and_work_are_one(write: Write) -> None:
    """A crash after the handler, before the commit: the handler's rows are gone with the position."""
    subscribe("taker", ["test.*"], lambda event: record(type="echo.made", subject="x", by=ACTOR) and None)
    write(1)
    with contextlib.suppress(KeyboardInterrupt), transaction.atomic():
        assert deliver("taker") == 1
        raise KeyboardInterrupt
    assert not Event.objects.filter(type="echo.made").exists()
    assert deliver_all() == 1
    assert Event.objects.filter(type="echo.made").count() == 1


def test_two_processes_do_not_deliver_the_same(write: Write) -> None:
    took = Refusing()
    subscribe("taker", [], took)
    assert deliver("taker") == 0
    write(1)
    other: list[int] = []

    def deliver_too() -> None:
        other.append(deliver("taker"))
        connection.close()

    with transaction.atomic():
        assert deliver("taker") == 1
        thread = threading.Thread(target=deliver_too)
        thread.start()
        thread.join(1)
        waited = thread.is_alive()
    thread.join(10)
    assert (other, took.seen) == ([0], [0])
    assert not waited


@pytest.mark.fault(47)
def test_a_poison_event_is_parked_and_others_go_on(write: Write) -> None:
    took = Refusing()
    subscribe("taker", [], took)
    write(1)
    (bad,) = write(1, bad=True)
    write(1)
    assert deliver_all() == 1
    for _ in range(TRIES - 2):
        assert deliver_all() == 0, "not before the pause is over"
        no_pause()
        assert deliver_all() == 0
    no_pause()
    assert deliver_all() == 2
    assert took.seen == [0, 0]
    (laid,) = parked()
    assert (laid.subscriber, laid.event_id, laid.error) == ("taker", bad.id, "builtins.ValueError")
    took.mended = True
    retry_parked(laid)
    assert (took.seen, Parked.objects.count()) == ([0, 0, 0], 0)


def test_a_name_belongs_to_one_handler() -> None:
    handler = Refusing()
    subscribe("taker", [], handler)
    subscribe("taker", [], handler)
    with pytest.raises(ValueError, match="two subscribers"):
        subscribe("taker", [], Refusing())


def test_a_transaction_notifies_once_and_after_its_commit(empty: None, others: psycopg.Connection) -> None:
    others.autocommit = True
    others.execute("LISTEN minqing_journal")
    with transaction.atomic():
        for n in range(3):
            record(type="test.thing.done", subject="thing:1", by=ACTOR, data={"n": n})
        assert list(others.notifies(timeout=0.2)) == []
    assert len(list(others.notifies(timeout=1))) == 1


def test_an_undone_part_of_a_transaction_does_not_silence_the_rest(empty: None, others: psycopg.Connection) -> None:
    others.autocommit = True
    others.execute("LISTEN minqing_journal")
    with transaction.atomic():
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            record(type="test.thing.done", subject="thing:1", by=ACTOR)
            raise ZeroDivisionError
        record(type="test.thing.done", subject="thing:2", by=ACTOR)
    assert len(list(others.notifies(timeout=1))) == 1


def test_a_follower_wakes_by_itself(write: Write) -> None:
    arrived, stop = threading.Event(), threading.Event()
    subscribe("taker", [], lambda event: arrived.set())
    thread = threading.Thread(target=follow, kwargs={"stop": stop})
    thread.start()
    try:
        until = time.monotonic() + 40
        # other databases' transactions may hold up the first one; the next notification brings both
        while not arrived.wait(0.5) and time.monotonic() < until:
            write(1)
        assert arrived.is_set()
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_a_worker_runs_the_journals_jobs_as_the_apps_role(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    # the worker's own threads would keep their connections beyond the test
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    write(2)
    seal.defer(timestamp=0)
    worker_app = queue.with_connector(queue.connector.get_worker_connector())
    worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'journal.seal' ORDER BY id LIMIT 1"
        )
        assert cursor.fetchone() == ("succeeded",)
    assert Seal.objects.get().size == 2


def test_periodic_jobs_are_registered() -> None:
    tasks = {task.task.name: task.cron for task in queue.periodic_registry.periodic_tasks.values()}
    assert tasks["journal.seal"] == "* * * * *"
    assert tasks["journal.deliver"] == "* * * * * */30"


def test_events_stay_json(write: Write) -> None:
    (event,) = write(1, text="民情")
    assert json.dumps(Event.objects.get(id=event.id).data, ensure_ascii=False) == '{"n": 0, "text": "民情"}'


def test_the_operator_hands_on_what_was_parked_once_its_cause_is_mended(write: Write) -> None:
    took = Refusing()
    subscribe("taker", ["test.*"], took)
    write(1, bad=True)
    for _try in range(TRIES):
        deliver("taker")
        no_pause()
    failed = CliRunner().invoke(commands.app, ["retry"])
    assert (failed.exit_code, parked().count()) == (1, 1)
    assert "a name that must not be kept" not in failed.output
    took.mended = True
    assert CliRunner().invoke(commands.app, ["retry"]).exit_code == 0
    assert (parked().count(), took.seen) == (0, [0])

"""Two workers see to the queue itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from minqing.config.stalled_jobs import pick_up_stalled, picked_up
from minqing.core import clock
from minqing.core.models import Timekeeping
from minqing.core.timekeeping import NAME
from minqing.journal.models import Event
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(46), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def asked(sql: str, *values: Any) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def doing(*, heard: str) -> int:
    (worker,) = asked(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", heard
    )
    (id,) = asked(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
        "VALUES ('default', 'partners.send', 'doing', %s) RETURNING id", worker,
    )  # fmt: skip
    return int(id)


def state(id: int) -> Any:
    return asked("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", id)


@SCENES.of(jobs=["config.note_time"])
def two_workers_note_that_the_clock_leapt(stage: Stage) -> Pair:
    before = clock.now() - timedelta(days=9)
    with transaction.atomic():
        Timekeeping.objects.update_or_create(
            pk=NAME, defaults={"seen_at": before, "lived_until": None, "leapt_at": None}
        )

    def look(*ends: Any) -> None:
        assert sorted(ends) == ["", "leapt"]
        with transaction.atomic():
            assert Timekeeping.objects.get().lived_until == before
            assert Event.objects.filter(type="config.clock.leapt").count() == 1

    call = job("config.note_time")
    return Pair(call, call, look)


@SCENES.of(jobs=["config.pick_up_stalled"])
def a_dead_workers_job_is_picked_up_by_two(stage: Stage) -> Pair:
    id = doing(heard="1 hour")

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]
        assert state(id) == ("todo", 1)

    call = job("config.pick_up_stalled")
    return Pair(call, call, look)


@SCENES.of(jobs=["config.forget_jobs"])
def old_jobs_are_forgotten_by_two(stage: Stage) -> Pair:
    (id,) = asked(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
        "VALUES ('default', 'partners.send', 'succeeded') RETURNING id"
    )
    asked(
        "INSERT INTO procrastinate_events (job_id, type, at) "
        "VALUES (%s, 'succeeded', now() - interval '90 days') RETURNING id", id,
    )  # fmt: skip

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]
        assert state(id) is None

    call = job("config.forget_jobs")
    return Pair(call, call, look)


@SCENES.of(jobs=["config.back_up"])
def no_backup_is_made_twice_where_no_folder_is_named(stage: Stage) -> Pair:
    """Where one is, the second waits for the first (test_backup.py)."""

    def look(*ends: Any) -> None:
        assert ends == ("", "")

    call = job("config.back_up")
    return Pair(call, call, look)


@SCENES.of(jobs=["config.keep_moments"])
def no_moment_is_kept_twice_where_none_are(stage: Stage) -> Pair:
    """Where they are, the second waits for the first."""

    def look(*ends: Any) -> None:
        assert ends == ("", "")

    call = job("config.keep_moments")
    return Pair(call, call, look)


def test_what_a_living_worker_has_begun_meanwhile_is_left_to_it(stage: Stage) -> None:
    """One looks which jobs are dead; another picks it up, and a third begins it; only then comes the first to it."""
    id = doing(heard="0 seconds")
    assert not picked_up(id)
    assert state(id) == ("doing", 0)
    assert pick_up_stalled() == 0


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)

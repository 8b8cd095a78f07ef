"""Periodic jobs: by whose clock they run, and what is told of their last success."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from croniter import croniter
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from minqing.config import jobs
from minqing.config.cli import doctor_jobs
from minqing.config.rooms import rooms
from minqing.config.tasks import forget_jobs
from minqing.core import clock

PERIODIC = {one.task.name: one for one in app.periodic_registry.periodic_tasks.values()}
MIDNIGHT = datetime(2026, 3, 2, tzinfo=clock.SHANGHAI)


def succeeded(task: str, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, 'succeeded') "
            "RETURNING id",
            [task],
        )
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'succeeded', %s)",
            [cursor.fetchone()[0], at],
        )


@pytest.mark.fault(85)
def test_what_runs_once_a_day_runs_in_the_countys_night() -> None:
    """As the queue itself reckons it, for every periodic job there is."""
    deferrer = PeriodicDeferrer(app.periodic_registry)
    day = {name: [] for name in PERIODIC}
    for name, one in PERIODIC.items():
        since, until = int(MIDNIGHT.timestamp()), (MIDNIGHT + timedelta(days=1)).timestamp()
        for stamp in deferrer.get_timestamps(one, since, until):
            day[name].append(datetime.fromtimestamp(stamp, clock.SHANGHAI))
            if len(day[name]) > 2:
                break
    daily = {name: times[0] for name, times in day.items() if len(times) == 1}
    assert {"matters.call_backs", "partners.sweep", "notify.sweep", "intake.forget"} <= set(daily)
    assert {name: at for name, at in daily.items() if at.hour >= 6} == {}
    # what the first look of a fresh worker finds is of the same clock
    fresh = [stamp for one in PERIODIC.values() for stamp in deferrer.get_timestamps(one, None, MIDNIGHT.timestamp())]
    assert len(fresh) == len([one for one in PERIODIC if one not in daily])


@pytest.mark.fault(85)
def test_a_night_that_was_missed_is_made_good_at_the_next_start() -> None:
    deferrer = PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
    noon = (MIDNIGHT + timedelta(hours=12)).timestamp()
    assert {one.task.name for one, _stamp in deferrer.get_previous_tasks(noon)} == set(PERIODIC)


@pytest.mark.fault(66)
@pytest.mark.django_db
def test_doctor_and_healthz_tell_of_every_periodic_job_when_it_last_succeeded(client: Client) -> None:
    now = clock.now()
    for name in PERIODIC:
        succeeded(name, now - timedelta(days=3))
        succeeded(name, now - timedelta(seconds=3))
    told = doctor_jobs.periodic()
    assert told.well
    assert told.seen == f"{len(PERIODIC)} jobs, each on time"
    lines = client.get("/healthz").content.decode().splitlines()
    assert lines[0] == "ok"
    stamp = f"{(now - timedelta(seconds=3)).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
    assert lines[1:] == [f"{name} {stamp}" for name in sorted(PERIODIC)]


@pytest.mark.fault(66)
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PERIODIC))
def test_each_is_named_once_its_time_went_by_without_a_success(name: str, client: Client) -> None:
    now = clock.now()
    last = croniter(PERIODIC[name].cron, (now - jobs.GRACE).astimezone(clock.SHANGHAI)).get_prev(datetime)
    for other in PERIODIC:
        succeeded(other, now if other != name else last - timedelta(seconds=1))
    told = doctor_jobs.periodic()
    assert not told.well
    assert f"({name} 20" in told.seen
    assert "," not in told.seen
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content.decode().splitlines()[0]) == (200, "late")
    # done again, and all is well
    succeeded(name, now)
    assert doctor_jobs.periodic().well


@pytest.mark.fault(66)
@pytest.mark.django_db
def test_before_the_first_run_nothing_is_late_and_later_everything_that_never_ran(client: Client) -> None:
    assert doctor_jobs.periodic().well
    succeeded("journal.seal", clock.now() - timedelta(days=2))
    assert {one.name for one in jobs.last_runs() if one.late} == set(PERIODIC)
    assert "partners.send –" in doctor_jobs.periodic().seen


@pytest.mark.django_db
def test_jobs_that_ended_long_ago_are_forgotten_and_the_last_days_kept() -> None:
    now = clock.now()
    for days in (1, 5):
        succeeded("journal.seal", now - timedelta(days=days))
    assert forget_jobs(0) == 1
    (run,) = (one for one in jobs.last_runs() if one.name == "journal.seal")
    assert run.succeeded == now - timedelta(days=1)


def test_the_operator_reads_of_every_job_what_it_is_for() -> None:
    ours = {name for name in app.tasks if not name.startswith("tests.") and "builtin" not in name}
    assert {name for name in ours if jobs.called(name) == name} == set()
    said = {name for room in rooms() for name in room.jobs} | set(jobs.OWN)
    assert said == ours, "gone, or without words"

"""The job queue: what runs beside the rooms' own periodic jobs, and how a worker comes to know them all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate import App

from minqing.config.backup_schedule import back_up_each_night
from minqing.config.stalled_jobs import OnceMore, pick_up_stalled
from minqing.config.wal_archive import keep_moments

# jobs that ended are kept this long, the failed ones longer: for the doctor and for whoever looks for a cause
KEPT_HOURS = 72
FAILED_KEPT_HOURS = 24 * 30


def on_app_ready(app: App) -> None:
    """Called by procrastinate once Django's apps are loaded."""
    from minqing.config import jobs
    from minqing.config.registration import register

    register()
    for name, cron, priority, work in (
        ("config.note_time", "* * * * *", 50, keep_time),
        ("config.pick_up_stalled", "* * * * * */10", 100, pick_up_stalled),
        ("config.forget_jobs", "10 4 * * *", 0, forget_jobs),
        # before the night's other work, and whole by the time of an upgrade in the morning
        ("config.back_up", "30 0 * * *", 0, back_up_each_night),
        ("config.keep_moments", "*/5 * * * *", 0, keep_moments),
    ):
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, priority=priority, pass_context=False)(work))
    jobs.count_in_the_countys_time(app.periodic_registry)
    for task in app.tasks.values():
        task.retry_strategy = task.retry_strategy or OnceMore()


def keep_time(timestamp: int) -> str:
    """Note how far time has come. Returns what is odd about it, else nothing.

    Events: ``config.clock.leapt``, ``.set_back``, ``.believed``.
    """
    from minqing.core.actor import Actor
    from minqing.core.timekeeping import note_time
    from minqing.journal.services import record

    with transaction.atomic():
        change = note_time()
        if change:
            record(type=f"config.clock.{change}", subject="clock", by=Actor.system("config.note_time"))
    return change or ""


def forget_jobs(timestamp: int) -> int:
    """Delete jobs that ended long ago, with their events. Returns how many."""
    gone = 0
    for statuses, hours in ((["succeeded"], KEPT_HOURS), (["failed", "cancelled", "aborted"], FAILED_KEPT_HOURS)):
        gone += forget(statuses, hours)
    return gone


FORGET = """
DELETE FROM procrastinate_jobs WHERE status = ANY(%s::procrastinate_job_status[]) AND id IN (
    SELECT job_id FROM procrastinate_events GROUP BY job_id HAVING max(at) < %s)
"""


def forget(statuses: list[str], hours: int) -> int:
    from minqing.core.timekeeping import lived_now

    parameters: list[Any] = [statuses, lived_now() - timedelta(hours=hours)]
    with connection.cursor() as cursor:
        cursor.execute(FORGET, parameters)
        return int(cursor.rowcount)

"""The job queue: what runs beside the rooms' own periodic jobs, and how a worker comes to know them all."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError, connection, transaction
from procrastinate import App

logger = logging.getLogger(__name__)

# a job whose worker died this often is what kills it
MOST_ATTEMPTS = 5
# a worker says every HEARTBEAT seconds that it lives; one that was silent this long is dead
HEARTBEAT = 2
SILENT_SECONDS = 15
# jobs that ended are kept this long, the failed ones longer: for the doctor and for whoever looks for a cause
KEPT_HOURS = 72
FAILED_KEPT_HOURS = 24 * 30

# the newest first: of two with one queueing lock it is the one whose success later speaks for both
STALLED = """
SELECT job.id, job.attempts FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - %s * interval '1 second')
ORDER BY job.id DESC
"""
# one with the same queueing lock that waits does the same work, and the queue lets no second one wait
ONE_WAITS = """
UPDATE procrastinate_jobs waiting SET attempts = greatest(waiting.attempts, dead.attempts + 1)
FROM procrastinate_jobs dead
WHERE dead.id = %s AND waiting.status = 'todo' AND waiting.queueing_lock = dead.queueing_lock
"""


def on_app_ready(app: App) -> None:
    """Called by procrastinate once Django's apps are loaded."""
    from minqing.config import jobs, kinds, notices, subscriptions

    subscriptions.connect()
    kinds.register_kinds()
    notices.register_notices()
    for name, cron, priority, work in (
        ("config.pick_up_stalled", "* * * * * */10", 100, pick_up_stalled),
        ("config.forget_jobs", "10 4 * * *", 0, forget_jobs),
    ):
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, priority=priority, pass_context=False)(work))
    jobs.count_in_the_countys_time(app.periodic_registry)


def pick_up_stalled(timestamp: int = 0) -> int:
    """Run jobs again whose worker died in the middle; after :data:`MOST_ATTEMPTS` they are set aside as failed.

    Each by itself: one that cannot be picked up is logged and tried again the next time. Returns how many were seen to.
    """
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [SILENT_SECONDS])
        stalled = cursor.fetchall()
    return sum(picked_up(id, attempts) for id, attempts in stalled)


def picked_up(id: int, attempts: int) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ONE_WAITS, [id])
            if cursor.rowcount or attempts >= MOST_ATTEMPTS:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [id])
            else:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, NULL, NULL, NULL, NULL)", [id])
    except DatabaseError:
        # ended meanwhile, or another of its queueing lock came to wait just now
        logger.warning("the stalled job %s could not be picked up", id, exc_info=True)
        return False
    return True


def forget_jobs(timestamp: int) -> int:
    """Delete jobs that ended long ago, with their events. Returns how many."""
    gone = 0
    for statuses, hours in ((["succeeded"], KEPT_HOURS), (["failed", "cancelled", "aborted"], FAILED_KEPT_HOURS)):
        gone += forget(statuses, hours)
    return gone


FORGET = """
DELETE FROM procrastinate_jobs WHERE status = ANY(%s::procrastinate_job_status[]) AND id IN (
    SELECT job_id FROM procrastinate_events GROUP BY job_id HAVING max(at) < now() - %s * interval '1 hour')
"""


def forget(statuses: list[str], hours: int) -> int:
    parameters: list[Any] = [statuses, hours]
    with connection.cursor() as cursor:
        cursor.execute(FORGET, parameters)
        return int(cursor.rowcount)

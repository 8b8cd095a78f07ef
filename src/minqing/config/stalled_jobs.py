"""Jobs whose worker died in the middle run again, and those whose database went away."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection, transaction
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from minqing.core.outage import passes

logger = logging.getLogger(__name__)

# a job whose worker died this often is what kills it
MOST_DEATHS = 5
# for some eight minutes, each death of its worker counted as one; after that somebody has to see to it
MOST_WAITS = 8
# a worker says every HEARTBEAT seconds that it lives; one that was silent this long is dead
HEARTBEAT = 2
SILENT_SECONDS = 15
# A job counts one attempt for each death of its worker and each wait for the database. The waits are those of its times
# that were set after it first began; a row of a time that was set is written again whenever the waiting job is touched.
WAITS = """
(SELECT count(DISTINCT event.at) FROM procrastinate_events event
 WHERE event.job_id = {job}.id AND event.type = 'scheduled' AND event.id > (
    SELECT min(id) FROM procrastinate_events begun WHERE begun.job_id = {job}.id AND begun.type = 'started'))
"""
STALLED = f"""
SELECT job.id, job.attempts - {WAITS.format(job="job")} FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - %s * interval '1 second')
"""  # noqa: S608  # our own words
# one with the same queueing lock that waits does the same work, and the queue lets no second one wait
ONE_WAITS = f"""
UPDATE procrastinate_jobs waiting SET attempts = greatest(waiting.attempts, %s + 1 + {WAITS.format(job="waiting")})
FROM procrastinate_jobs dead
WHERE dead.id = %s AND waiting.status = 'todo' AND waiting.queueing_lock = dead.queueing_lock
"""  # noqa: S608


class OnceMore(BaseRetryStrategy):
    """What could not work for want of the database or of room on the disk runs again, after a wait that doubles."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= MOST_WAITS or not passes(exception):
            return None
        return RetryDecision(retry_in={"seconds": 2 ** (job.attempts + 1)})


def pick_up_stalled(timestamp: int = 0) -> int:
    """Run jobs again whose worker died in the middle; after :data:`MOST_DEATHS` they are set aside as failed.

    Each by itself: one that cannot be picked up is logged and tried again the next time. Returns how many were seen to.
    """
    with connection.cursor() as cursor:
        # the newest first: of two with one queueing lock it is the one whose success later speaks for both
        cursor.execute(f"{STALLED} ORDER BY job.id DESC", [SILENT_SECONDS])
        stalled = cursor.fetchall()
    return sum(picked_up(id) for id, _deaths in stalled)


def picked_up(id: int) -> bool:
    """Under the row's lock, as another worker may have picked it up meanwhile, and a living one be doing it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{STALLED} AND job.id = %s FOR UPDATE OF job SKIP LOCKED", [SILENT_SECONDS, id])
            found = cursor.fetchone()
            if found is None:
                return False
            deaths = found[1]
            cursor.execute(ONE_WAITS, [deaths, id])
            if cursor.rowcount or deaths >= MOST_DEATHS:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [id])
            else:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, NULL, NULL, NULL, NULL)", [id])
    except DatabaseError:
        # ended meanwhile, or another of its queueing lock came to wait just now
        logger.warning("the stalled job %s could not be picked up", id, exc_info=True)
        return False
    return True

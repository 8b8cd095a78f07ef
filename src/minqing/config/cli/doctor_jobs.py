"""What ``minqing doctor`` says of jobs that fail again and again, or were given up."""

from __future__ import annotations

from collections import Counter

from minqing.config.words import N_, _
from minqing.core.health import Finding, count_finding

# of each task the failures that no later run has made good; the retries of a job that is not done yet
JOBS = """
SELECT task_name, status = 'failed' AS failed, count(*) FROM procrastinate_jobs j
WHERE (status = 'failed' AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs later WHERE later.id > j.id
       AND later.task_name = j.task_name AND later.args - 'timestamp' = j.args - 'timestamp'
       AND later.status = 'succeeded'))
   OR (status IN ('todo', 'doing') AND attempts >= 2)
GROUP BY 1, 2 ORDER BY 1
"""
# the operator has seen to it by other means: the next failure is told again
SETTLE = "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'failed' AND task_name = %s"


def jobs() -> Finding:
    from django.db import connection

    from minqing.config.jobs import called

    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        rows = cursor.fetchall()
    how = {True: _("failed"), False: _("again and again")}
    counts = Counter({f"{called(task)} ({task}, {how[failed]})": count for task, failed, count in rows})
    return count_finding(
        N_("jobs"),
        counts,
        _(
            "These jobs fail. Look in the log for the task's name, mend the cause; the next run then makes it good. If "
            "none will come, “minqing doctor --settle <task>” says that it was seen to."
        ),
    )


def periodic() -> Finding:
    from minqing.config.jobs import called, last_runs

    runs = last_runs()
    late = [one for one in runs if one.late]
    return Finding(
        N_("periodic jobs"),
        not late,
        ", ".join(f"{called(one.name)} ({one.told()})" for one in late)
        or _("{count} jobs, each on time").format(count=len(runs)),
        _(
            "These jobs have not succeeded when they should have (the time is that of their last success). Look "
            "whether the worker runs, and in the log for the job's name."
        ),
    )


def settle_jobs(*, task: str) -> int:
    """Say that the failed jobs of a task were seen to; returns how many. One event tells who did and how many."""
    from django.db import connection, transaction

    from minqing.core.actor import Actor
    from minqing.journal.services import record

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTLE, [task])
        if cursor.rowcount:
            by, data = Actor.system("minqing doctor"), {"jobs": cursor.rowcount}
            record(type="config.jobs.settled", subject=f"task:{task}", by=by, data={**data})
        return int(cursor.rowcount)

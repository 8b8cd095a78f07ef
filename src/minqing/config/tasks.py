"""The job queue: what runs beside the rooms' own periodic jobs, and how a worker comes to know them all."""

from __future__ import annotations

from procrastinate import App
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status

# a job whose worker died this often is what kills it
MOST_ATTEMPTS = 5
# a worker says every ten seconds that it lives
SILENT_SECONDS = 30


def on_app_ready(app: App) -> None:
    """Called by procrastinate once Django's apps are loaded."""
    from minqing.config import kinds, notices, subscriptions

    subscriptions.connect()
    kinds.register_kinds()
    notices.register_notices()
    task = app.task(name="config.pick_up_stalled", queueing_lock="config.pick_up_stalled", pass_context=True)
    app.periodic(cron="* * * * *")(task(pick_up_stalled))


async def pick_up_stalled(context: JobContext, timestamp: int) -> None:
    """Run jobs again whose worker died in the middle; after :data:`MOST_ATTEMPTS` they are set aside as failed."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.attempts >= MOST_ATTEMPTS:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)

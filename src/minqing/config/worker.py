"""The background worker: a procrastinate worker that ends for certain, and takes over from one that was killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from pathlib import Path
from typing import Any, TextIO

from django.db import connection
from procrastinate import App
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from minqing.config.stalled_jobs import HEARTBEAT, SILENT_SECONDS, pick_up_stalled
from minqing.config.worker_card import locked_card, rewrite

# jobs that run side by side: a long import must not hold up what is short
JOBS = 4
# for jobs that do not notice that the database went away, and for taking leave of one that is there again
LOST_SECONDS = 1.0


class Listening(PsycopgConnector):
    """Fails where its listener lost its connection.

    procrastinate's own makes another and says nothing: whether a worker noticed that the database had gone away hung on
    what it was doing at that moment.
    """

    async def _loop_notify(self, *args: Any, **options: object) -> None:
        await super()._loop_notify(*args, **options)
        raise ConnectorException("the listener lost its connection")


class EndingWorker(Worker):
    """Stops within ``grace`` seconds, also when a job's thread hangs, and at once when the database went away.

    A job that is cut off is as one whose worker was killed: it is picked up and runs again.
    """

    def __init__(self, *, app: App, grace: float, card: TextIO | None = None, **options: Any) -> None:
        super().__init__(app=app, shutdown_graceful_timeout=grace, **options)
        self.grace, self.card = grace, card
        # the database went away, and with it what was under way
        self.lost = False

    def stop(self) -> None:
        ending = threading.Timer(self.grace + 1, os._exit, [1])
        ending.daemon = True
        ending.start()
        super().stop()

    def end(self) -> None:
        self.lost = True
        self.stop()

    async def _run_loop(self) -> None:
        if self.card is not None:
            rewrite(self.card, str(self.worker_id))
        await super()._run_loop()

    async def _persist_job_status(self, *args: Any, **options: Any) -> None:
        try:
            await super()._persist_job_status(*args, **options)
        except UniqueViolation:
            # it was to run again, and one of its queueing lock, which does the same work, waits already
            await super()._persist_job_status(*args, **options | {"retry_decision": None})
        except ConnectorException:
            # the database went away under a job, which would be "doing" for as long as this worker lives
            self.end()
            raise

    async def _fetch_and_process_jobs(self) -> None:
        try:
            await super()._fetch_and_process_jobs()
        except ConnectorException:
            self.end()
            raise

    async def _monitor_side_tasks(self, side_tasks: list[asyncio.Task[object]]) -> None:
        await super()._monitor_side_tasks(side_tasks)
        # none of them ends by itself: the listener or the heartbeat lost its connection
        self.end()

    async def _shutdown(self, side_tasks: list[asyncio.Task[object]]) -> None:
        # whatever ended the loop: from here on its time is counted
        self.stop()
        if not self.lost:
            await super()._shutdown(side_tasks)
            return
        # nothing to wait for: another process loads its programs while the database comes back
        if self._running_jobs:
            await asyncio.wait(self._running_jobs, timeout=LOST_SECONDS)
        if self.worker_id is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self.app.job_manager.unregister_worker(self.worker_id), LOST_SECONDS)
        os._exit(1)


def run(*, grace: float, card: Path | None = None) -> None:
    """Work until told to stop.

    ``card``: where a worker of this folder writes which one it is. Of one that was killed it still says so, and its
    jobs are taken over at once; those of a worker elsewhere when it has been silent for a while.
    """
    from procrastinate.contrib.django import app

    with locked_card(card) as file:
        pick_up_stalled()
        connection.close()
        with app.replace_connector(Listening(kwargs=connector_params())):
            asyncio.run(work(app, grace, file))
        if file is not None:
            rewrite(file, "")


async def work(app: App, grace: float, card: TextIO | None) -> None:
    async with app.open_async():
        app.perform_import_paths()
        await EndingWorker(
            app=app,
            grace=grace,
            card=card,
            name="minqing",
            concurrency=JOBS,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=SILENT_SECONDS,
            **app.worker_defaults,
        ).run()

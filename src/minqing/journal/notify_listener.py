"""Telling and hearing that the journal has grown, by PostgreSQL's NOTIFY."""

from __future__ import annotations

import logging
import threading
import time

import psycopg
from django.db import DatabaseError, close_old_connections, connection

from minqing.journal.models import CHANNEL
from minqing.journal.subscriptions import deliver_all, subscriptions

logger = logging.getLogger(__name__)
# how long a listener waits before it looks by itself, in seconds
PATIENCE = 30.0


def follow(*, stop: threading.Event | None = None) -> None:
    """Deliver events as they come, until ``stop`` is set. Survives a restart of the database."""
    stop = stop or threading.Event()
    try:
        while not stop.is_set():
            try:
                listen(stop)
            except (psycopg.Error, DatabaseError) as error:
                logger.warning("the journal's listener lost the database (%s), trying again", type(error).__name__)
                stop.wait(2)
            finally:
                close_old_connections()
    finally:
        # the thread's own; nobody else would close it
        connection.close()


def listen(stop: threading.Event) -> None:
    connection.ensure_connection()
    parameters = connection.get_connection_params()
    # a connection of its own: a notification reaches it while the other one works
    with psycopg.connect(**parameters, autocommit=True) as ears:
        ears.execute(f"LISTEN {CHANNEL}")
        while not stop.is_set():
            deliver_all()
            wait(ears, stop)


def wait(ears: psycopg.Connection, stop: threading.Event) -> None:
    """Until the next notification, :data:`PATIENCE` or ``stop``; those that came together count as one."""
    until = time.monotonic() + PATIENCE
    while not stop.is_set() and time.monotonic() < until:
        if list(ears.notifies(timeout=1.0, stop_after=1)):
            return


def follow_in_background() -> threading.Thread | None:
    """The same beside a worker's jobs, if anyone listens at all."""
    if not subscriptions():
        return None
    thread = threading.Thread(target=follow, name="journal", daemon=True)
    thread.start()
    return thread

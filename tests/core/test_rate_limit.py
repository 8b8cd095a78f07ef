"""A call that had to wait for the bucket of its key."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from minqing.core import clock, rate_limit
from minqing.core.limits import Limit
from minqing.partners.services.tokens import BUCKETS
from tests.cast import Cast

# a full bucket is one drop
LIMIT = Limit("test", 1, timedelta(seconds=1))
KEY = "waiting"


def waiting() -> bool:
    """Whether another session waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(("given", "let_through"), [(False, True), (True, False)])
def test_what_waited_longer_than_the_bucket_needs_to_fill_is_let_through(
    committed_cast: Cast, given: bool, let_through: bool
) -> None:
    """Unless its caller names the moment to go by."""
    answers: list[bool] = []
    at: datetime | None = clock.now() if given else None

    def second() -> None:
        with transaction.atomic():
            answers.append(rate_limit.allow(BUCKETS, KEY, LIMIT, at=at))
        connections.close_all()

    other = threading.Thread(target=second)
    with transaction.atomic():
        assert rate_limit.allow(BUCKETS, KEY, LIMIT, at=clock.now())
        other.start()
        for _n in range(200):
            if waiting():
                break
            time.sleep(0.05)
        # the bucket is full again, and the row is still held
        with connection.cursor() as cursor:
            wait = "SELECT pg_sleep_until(full_at + interval '0.2 s') FROM partners_bucket WHERE key = %s"
            cursor.execute(wait, [KEY])
    other.join()
    assert answers == [let_through]


@pytest.mark.django_db
def test_without_a_moment_the_bucket_gives_its_drops_and_no_more() -> None:
    slow = Limit("test", 3, timedelta(days=1))
    assert [rate_limit.allow(BUCKETS, KEY, slow) for _n in range(5)] == [True, True, True, False, False]
    assert rate_limit.until_next(BUCKETS, KEY, slow) > timedelta(hours=23)

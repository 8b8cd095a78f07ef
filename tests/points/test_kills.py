"""Connections are killed in the middle: who asks again under the same key finds it done, or does it now."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import Error, connections

from minqing.config import embedded
from minqing.points.enums import Outcome
from minqing.points.models import Request, Transfer
from tests.embedded import SOCKET
from tests.points.ledgers import Ledger, holds
from tests.points.test_at_once import at_once

MANY = 100
KILL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = %s AND query LIKE '%%points_post%%' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
"""


@pytest.mark.case("B7")
@pytest.mark.case("B48")
def test_nothing_is_lost_and_nothing_done_twice(committed_ledger: Ledger) -> None:
    ledger, chance = committed_ledger, random.Random(7)
    over, killed, tried = threading.Event(), [0], Counter[str]()

    def until_answered(key: str) -> Any:
        for _try in range(200):
            tried[key] += 1
            try:
                return ledger.post(("issuance", "bo", 2), ("bo", "shop", 1), key=key)
            except Error:
                # what became of it is not known: the same is asked again
                connections["default"].close()
        raise AssertionError("never answered")

    def kill() -> None:
        with embedded.superuser(SOCKET) as connection:
            while not over.wait(chance.uniform(0.03, 0.1)):
                killed[0] += len(connection.execute(KILL, [os.environ["MINQING_DB_NAME"]]).fetchall())

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    answers = at_once([lambda key=f"k{number}": until_answered(key) for number in range(MANY)])
    over.set()
    killer.join(10)
    assert {one.outcome for one in answers} == {Outcome.POSTED}, answers
    assert killed[0]
    assert Request.objects.filter(key__startswith="k").count() == MANY
    assert Transfer.objects.count() == 1 + 2 * MANY
    assert (ledger.has("bo"), ledger.has("shop")) == (MANY, MANY)
    assert len({id for one in answers for id in one.ids}) == 2 * MANY
    assert holds()

"""A made-up county's transfers are of the past; nobody else's are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import translation

from minqing.core import clock
from minqing.points.models import Transfer
from minqing.points.queries import balance_at
from minqing.points.queries.verifying import verify
from minqing.points.services import close_month
from minqing.points.services.history import HOLD, OPEN, past_open, posted_at
from tests.points.ledgers import BY, Ledger, holds

LONG_AGO = timedelta(days=100)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        act()
    return str(caught.value)


def back(ledger: Ledger, days: timedelta) -> None:
    with transaction.atomic(), posted_at(clock.now() - days):
        ledger.post(("ann", "shop", 1))


def test_while_the_past_is_open_a_transfer_is_of_the_moment_that_is_told(committed_ledger: Ledger) -> None:
    ann, moment = committed_ledger.accounts["ann"], clock.now() - LONG_AGO
    with past_open(), translation.override("en"):
        back(committed_ledger, LONG_AGO)
        assert [one for one in verify() if "past" in one] == [f"The past of the ledger is open since {clock.today()}."]
    assert Transfer.objects.order_by("-id")[0].posted_at.date() == moment.date()
    assert balance_at(ann, moment + timedelta(hours=1)) == -1
    committed_ledger.post(("ann", "shop", 1))
    assert Transfer.objects.order_by("-id")[0].posted_at > moment + timedelta(days=99)
    assert holds()


def test_no_transfer_is_dated_back_or_ahead_otherwise(committed_ledger: Ledger) -> None:
    before = Transfer.objects.count()
    assert "past of the ledger is closed" in refused(lambda: back(committed_ledger, LONG_AGO))
    with past_open():
        assert "past of the ledger is closed" in refused(lambda: back(committed_ledger, -LONG_AGO))
        month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
        close_month(month=month, by=BY)
        assert "past of the ledger is closed" in refused(lambda: back(committed_ledger, LONG_AGO))
    assert Transfer.objects.count() == before
    assert holds()


def test_who_was_killed_in_the_middle_leaves_no_open_past(committed_ledger: Ledger) -> None:
    owner = connections["owner"].copy()
    try:
        with owner.cursor() as cursor:
            cursor.execute(OPEN)
        assert "past of the ledger is closed" in refused(lambda: back(committed_ledger, LONG_AGO))
        # and nobody else holds it open
        with connection.cursor() as cursor:
            cursor.execute(HOLD)
        assert "past of the ledger is closed" in refused(lambda: back(committed_ledger, LONG_AGO))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        with past_open():
            back(committed_ledger, LONG_AGO)
    finally:
        with owner.cursor() as cursor:
            cursor.execute("DELETE FROM points_past")
        owner.close()


@pytest.mark.django_db
def test_the_app_cannot_open_the_past_itself() -> None:
    def opened() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO points_past (id) VALUES (1)")

    assert "permission denied" in refused(opened)

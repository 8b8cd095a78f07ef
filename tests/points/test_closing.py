"""A month is closed once it is over and nobody writes into it any more."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from minqing.core import clock
from minqing.core.errors import Invalid
from minqing.journal.models import Event
from minqing.points.models import MonthClose
from minqing.points.queries.verifying import verify
from minqing.points.services import close_month
from tests.points.ledgers import BY, Ledger, holds
from tests.points.test_at_once import at_once
from tests.points.test_verifying import tampered


def this_month() -> date:
    return clock.today().replace(day=1)


def over(month: date) -> datetime:
    return clock.midnight((month + timedelta(days=32)).replace(day=1))


@pytest.mark.django_db
def test_a_trial_balance_is_written_down_once_and_sums_to_nothing(ledger: Ledger) -> None:
    ledger.post(("ann", "shop", 12))
    with pytest.raises(Invalid):
        close_month(month=this_month(), by=BY)
    made = close_month(month=this_month(), by=BY, at=over(this_month()))
    assert made.totals["resident"] == {"given": 30, "taken": 12}
    assert sum(one["given"] - one["taken"] for one in made.totals.values()) == 0
    again = close_month(month=clock.today(), by=BY, at=over(this_month()))
    assert (again.pk, MonthClose.objects.count()) == (made.pk, 1)
    assert Event.objects.get(type="points.month.closed").data == {"totals": made.totals}
    assert holds()
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthClose.objects.update(totals={})


def test_it_waits_for_who_is_just_writing(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    writing = threading.Event()

    def slow() -> None:
        with transaction.atomic():
            ledger.post(("ann", "shop", 12))
            writing.set()
            threading.Event().wait(0.5)

    def close() -> int:
        writing.wait(20)
        return int(close_month(month=this_month(), by=BY, at=over(this_month())).totals["shop"]["given"])

    assert at_once([slow, close]) == [None, 12]
    assert holds()


def test_verify_names_a_month_that_is_not_as_it_was_closed(committed_ledger: Ledger) -> None:
    close_month(month=this_month(), by=BY, at=over(this_month()))
    assert holds()
    committed_ledger.post(("ann", "shop", 1))
    assert len(verify()) == 1
    tampered("DELETE FROM points_monthclose")
    assert holds()

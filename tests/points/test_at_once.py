"""Many connections at the same accounts: nothing lost, nothing double, nobody below nothing, no deadlock."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connections, transaction

from minqing.config import embedded
from minqing.core.errors import SentBefore
from minqing.points.enums import Outcome
from minqing.points.models import Request, Transfer
from minqing.points.services import fold_busy
from tests.embedded import SOCKET
from tests.points.ledgers import BY, Ledger, holds

Work = Callable[[], Any]


def at_once(works: Sequence[Work], *, threads: int = 8) -> list[Any]:
    """What each returns or raises, all begun in the same moment; a thread has one connection."""
    results: list[Any] = [None] * len(works)
    gate = threading.Barrier(min(threads, len(works)))
    waiting = list(enumerate(works))[::-1]
    taking = threading.Lock()

    def run() -> None:
        gate.wait()
        while True:
            with taking:
                if not waiting:
                    break
                number, work = waiting.pop()
            try:
                results[number] = work()
            except Exception as error:  # shown by the assertion
                results[number] = error
        connections["default"].close()

    running = [threading.Thread(target=run, daemon=True) for _number in range(gate.parties)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
        assert not thread.is_alive(), "they wait for each other"
    return results


@pytest.mark.fault(12)
def test_forty_at_once_spend_the_last_points(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    answers = at_once([lambda: ledger.post(("ann", "shop", 5))] * 40)
    assert Counter(one.outcome for one in answers) == {Outcome.POSTED: 6, Outcome.INSUFFICIENT: 34}
    assert (ledger.has("ann"), ledger.has("shop")) == (0, 30)
    assert holds()


@pytest.mark.fault(11)
@pytest.mark.case("B7")
@pytest.mark.case("B48")
def test_forty_with_one_key_do_it_once_and_all_get_its_answer(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    for amount in (15, 100):
        answers = at_once([lambda amount=amount: ledger.post(("ann", "shop", amount), key=f"tap {amount}")] * 40)
        assert len({(one.outcome, one.ids) for one in answers}) == 1
        assert Counter(one.again for one in answers) == {False: 1, True: 39}
    assert (ledger.has("ann"), Transfer.objects.count()) == (15, 2)
    other = at_once(
        [lambda: ledger.post(("ann", "shop", 1), key="k"), lambda: ledger.post(("ann", "shop", 2), key="k")]
    )
    assert sorted(type(one).__name__ for one in other) == ["Answer", "SentBefore"]
    assert holds()


@pytest.mark.case("B48")
def test_any_mix_at_once_ends_without_a_deadlock_and_as_many_rows_as_were_said(committed_ledger: Ledger) -> None:
    ledger, chance = committed_ledger, random.Random(12)
    ledger.post(("issuance", "bo", 40), ("issuance", "feast", 500))
    kinds = [
        ("ann", "bo"), ("bo", "ann"), ("ann", "shop"), ("bo", "barber"), ("shop", "issuance"), ("feast", "ann"),
        ("issuance", "bo"), ("feast", "bo"), ("barber", "issuance"),
    ]  # fmt: skip

    def some() -> Work:
        batch = [(*chance.choice(kinds), chance.randint(1, 9)) for _number in range(chance.randint(1, 6))]
        return lambda: ledger.post(*batch)

    def fold() -> int:
        return fold_busy(by=BY)

    answers = at_once([fold if number % 10 == 0 else some() for number in range(200)])
    wrong = [one for one in answers if isinstance(one, Exception)]
    assert not wrong, wrong[:3]
    posted = [id for one in answers if not isinstance(one, int) for id in one.ids]
    assert len(posted) == len(set(posted)) == Transfer.objects.filter(pk__in=posted).count()
    assert holds()


@pytest.mark.case("B6")
def test_a_fold_leaves_what_commits_late_to_the_next_though_its_number_is_lower(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    begun, fold = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            ledger.post(("ann", "shop", 4))
            begun.set()
            fold.wait(20)

    def early() -> None:
        begun.wait(20)
        ledger.post(("issuance", "bo", 9), ("bo", "shop", 6))
        fold_busy(by=BY)
        assert ledger.has("shop") == 6
        fold.set()

    assert at_once([late, early]) == [None, None]
    assert ledger.has("shop") == 10
    assert fold_busy(by=BY) > 0
    assert ledger.has("shop") == 10
    assert holds()


def test_a_shop_takes_many_at_once_without_one_waiting_for_another(committed_ledger: Ledger) -> None:
    """One has sold and is not done: whoever else sells there at that moment does not stand behind."""
    ledger = committed_ledger
    ledger.post(("issuance", "bo", 9))
    sold, done = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            ledger.post(("ann", "shop", 4))
            sold.set()
            assert done.wait(20), "the other waited for this one"

    def quick() -> None:
        sold.wait(20)
        ledger.post(("bo", "shop", 4))
        done.set()

    assert at_once([slow, quick]) == [None, None]


def test_a_connection_that_is_cut_leaves_nothing_and_its_key_free(committed_ledger: Ledger) -> None:
    ledger = committed_ledger

    def cut() -> None:
        with transaction.atomic():
            ledger.post(("ann", "shop", 4), key="cut")
            raw = connections["default"].connection
            with embedded.superuser(SOCKET) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [raw.info.backend_pid])
            ledger.post(("ann", "shop", 4), key="never")

    (ended,) = at_once([cut])
    assert isinstance(ended, Exception)
    assert (ledger.has("ann"), Request.objects.filter(key="cut").count()) == (30, 0)
    assert ledger.post(("ann", "shop", 4), key="cut")
    assert holds()


def test_two_contents_under_one_key_at_once_leave_one(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    works = [lambda amount=amount: ledger.post(("ann", "shop", amount), key="same") for amount in (1, 2, 3, 4)]
    answers = at_once(works)
    assert Counter(isinstance(one, SentBefore) for one in answers) == {True: 3, False: 1}
    assert Transfer.objects.count() == 2
    assert holds()

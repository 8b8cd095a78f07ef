"""Points held for something: counted, ended once, by the database's clock; and wrong transfers made good."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.points.enums import AccountKind, Code, Outcome
from minqing.points.models import Balance, Hold, HoldEnd, OpenHold, Transfer
from minqing.points.queries import balance_of
from minqing.points.services import Answer, post_hold, post_transfer, reserve, reverse_transfer, sweep_lapsed, void_hold
from minqing.points.services import holds as service
from tests.points.ledgers import BY, Ledger, holds
from tests.points.test_at_once import at_once

SECOND = timedelta(seconds=1)


def hold(
    ledger: Ledger, amount: int, *, who: str = "ann", at: str = "shop", key: str = "", lasting: Any = None
) -> Answer:
    lasting = lasting or timedelta(minutes=5)
    given = {"debit": ledger.accounts[who], "credit": ledger.accounts[at], "amount": amount, "lasting": lasting}
    return reserve(caller="tests", key=key or str(new_id()), about="bottle:1", by=BY, **given)


def end(service: Callable[..., Answer], held: int, *, key: str = "") -> Answer:
    return service(caller="tests", key=key or str(new_id()), hold=held, by=BY)


def posted(held: int, **key: str) -> Answer:
    return end(post_hold, held, **key)


def voided(held: int, **key: str) -> Answer:
    return end(void_hold, held, **key)


def taken_back(ledger: Ledger, transfer: int, *, key: str = "") -> Answer:
    loss = ledger.accounts["loss"]
    return reverse_transfer(
        caller="tests", key=key or str(new_id()), transfer=transfer, loss=loss, by=BY, reason="wrong"
    )


def over() -> None:
    """Until the shortest hold is past, by the clock that counts."""
    time.sleep(1.05)


@pytest.mark.django_db
@pytest.mark.case("B1")
def test_what_is_held_cannot_be_held_or_spent_again(ledger: Ledger) -> None:
    answers = [hold(ledger, 15) for _time in range(3)]
    assert [one.outcome for one in answers] == [Outcome.HELD, Outcome.HELD, Outcome.INSUFFICIENT]
    assert ledger.post(("ann", "shop", 1)).outcome is Outcome.INSUFFICIENT
    held = balance_of(ledger.accounts["ann"])
    assert (held.posted, held.held, held.available) == (30, 30, 0)
    assert all(posted(one.ids[0]) for one in answers[:2])
    assert (ledger.has("ann"), ledger.has("shop")) == (0, 30)
    assert holds()


@pytest.mark.case("B2")
def test_forty_post_one_hold_and_it_is_posted_once(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    (held,) = hold(ledger, 15).ids
    answers = at_once([lambda: posted(held)] * 40)
    assert Counter(one.outcome for one in answers) == {Outcome.POSTED: 1, Outcome.ALREADY_POSTED: 39}
    assert len({one.ids for one in answers}) == 1, "all are told of the one transfer"
    (other,) = hold(ledger, 15).ids
    assert Counter(one.outcome for one in at_once([lambda: posted(other, key="tap")] * 20)) == {Outcome.POSTED: 20}
    assert (ledger.has("ann"), ledger.has("shop"), Transfer.objects.count()) == (0, 30, 3)
    assert holds()


ENDS = {"post": posted, "void": voided}
FIRST = {Outcome.POSTED: Outcome.ALREADY_POSTED, Outcome.VOIDED: Outcome.ALREADY_VOIDED}


@pytest.mark.case("B3")
@pytest.mark.parametrize("at_the_same_time", [False, True])
def test_a_hold_has_one_end_and_the_second_is_told_which(committed_ledger: Ledger, at_the_same_time: bool) -> None:
    ledger = committed_ledger
    for one, other in [(one, other) for one in ENDS for other in ENDS]:
        (held,) = hold(ledger, 1).ids
        works = [lambda held=held, way=way: ENDS[way](held) for way in (one, other)]
        answers = at_once(works) if at_the_same_time else [work() for work in works]
        (won,) = [answer for answer in answers if answer]
        (lost,) = [answer for answer in answers if not answer]
        assert lost.outcome is FIRST[won.outcome]
        assert HoldEnd.objects.get(hold=held).how == won.outcome
    assert not OpenHold.objects.exists()
    refused = hold(ledger, 1000)
    assert (refused.outcome, refused.ids) == (Outcome.INSUFFICIENT, ())
    assert balance_of(ledger.accounts["ann"]).held == 0
    assert holds()


@pytest.mark.fault(13)
@pytest.mark.case("B4")
@pytest.mark.case("B17")
def test_a_hold_ends_by_the_clock_though_nobody_sweeps(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    kept = {way: hold(ledger, 10, lasting=SECOND).ids[0] for way in ("post", "void", "sweep")}
    over()
    # read, before anybody has tidied
    assert (ledger.has("ann"), Balance.objects.get(account=ledger.accounts["ann"]).held) == (30, 30)
    assert posted(kept["post"]).outcome is Outcome.EXPIRED
    assert voided(kept["void"]).outcome is Outcome.EXPIRED
    assert hold(ledger, 30)
    assert [one.how for one in HoldEnd.objects.all()] == ["expired"] * 3
    assert Event.objects.filter(type="points.hold.expired").count() == 3
    assert sweep_lapsed(by=BY) == 0
    assert (ledger.has("shop"), Transfer.objects.count()) == (0, 1)
    assert holds()


@pytest.mark.case("B17")
def test_the_sweep_leaves_no_hold_whose_time_is_over(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    hold(ledger, 10, lasting=SECOND), hold(ledger, 5)
    over()
    assert [sweep_lapsed(by=BY) for _time in range(2)] == [1, 0]
    assert OpenHold.objects.get().amount == 5
    assert holds()


@pytest.mark.django_db
@pytest.mark.case("B5")
def test_what_fell_after_all_is_carried_as_a_loss_and_nobody_falls_below_nothing(ledger: Ledger) -> None:
    (held,) = hold(ledger, 15).ids
    voided(held)
    assert ledger.post(("ann", "barber", 30))
    # the machine is back and says that the bottle fell
    assert posted(held).outcome is Outcome.ALREADY_VOIDED
    assert ledger.post(("loss", "shop", 15, f"points_hold:{held}"))
    assert [ledger.has(one) for one in ("ann", "shop", "loss")] == [0, 15, -15]
    assert holds()


@pytest.mark.django_db
@pytest.mark.case("B7")
def test_a_hold_s_key_has_one_answer(ledger: Ledger) -> None:
    first, again = hold(ledger, 15, key="one"), hold(ledger, 15, key="one")
    assert (first.ids, first.again, again.again) == (again.ids, False, True)
    refused = hold(ledger, 16, key="two")
    ledger.post(("issuance", "ann", 50))
    assert (refused.outcome, hold(ledger, 16, key="two").outcome) == (Outcome.INSUFFICIENT,) * 2
    done = posted(first.ids[0], key="three")
    assert posted(first.ids[0], key="three").ids == done.ids
    assert Hold.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.fault(59)
def test_points_are_held_for_what_is_redeemed_and_for_nothing_else(ledger: Ledger) -> None:
    for credit in ("issuance", "bo", "feast", "breakage"):
        with pytest.raises(IntegrityError), transaction.atomic():
            hold(ledger, 5, at=credit)
    for wrong in ({"amount": 0}, {"amount": 5, "lasting": timedelta(days=90)}):
        with pytest.raises(Invalid):
            hold(ledger, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        posted(999_999)
    for table in ("hold", "holdend", "reversal", "openhold", "delta"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM points_{table}")


@pytest.mark.django_db
@pytest.mark.case("B10")
def test_a_wrong_award_is_made_good_once_and_what_was_spent_is_written_off(ledger: Ledger) -> None:
    ledger.post(("issuance", "feast", 100))
    (award,) = ledger.post(("feast", "bo", 20)).ids
    ledger.post(("bo", "shop", 18))
    answer = taken_back(ledger, award)
    assert (answer.outcome, len(answer.ids)) == (Outcome.REVERSED, 2)
    assert [ledger.has(one) for one in ("bo", "feast", "loss")] == [0, 100, -18]
    again = taken_back(ledger, award)
    assert (again.outcome, again.ids) == (Outcome.ALREADY_REVERSED, ())
    rows = Transfer.objects.filter(reverses=award).order_by("id")
    assert [(one.code, one.amount) for one in rows] == [(Code.CORRECT, 2), (Code.WRITE_OFF, 18)]
    assert holds()


@pytest.mark.django_db
@pytest.mark.case("B10")
@pytest.mark.case("B25")
def test_goods_that_are_returned_are_paid_back_once_also_by_a_shop_that_was_settled_with(ledger: Ledger) -> None:
    (one, other) = ledger.post(("ann", "shop", 15), ("ann", "shop", 10)).ids
    assert taken_back(ledger, one)
    assert (ledger.has("ann"), ledger.has("shop")) == (20, 10)
    assert ledger.post(("shop", "issuance", 10))
    assert taken_back(ledger, other)
    assert [ledger.has(name) for name in ("ann", "shop", "loss")] == [30, 0, -10]
    assert taken_back(ledger, one).outcome is Outcome.ALREADY_REVERSED
    with pytest.raises(IntegrityError), transaction.atomic():
        taken_back(ledger, Transfer.objects.filter(code=Code.SETTLE).get().pk)
    assert holds()


@pytest.mark.django_db
def test_no_points_that_are_held_are_taken_back(ledger: Ledger) -> None:
    (award,) = ledger.post(("issuance", "bo", 20)).ids
    (held,) = hold(ledger, 15, who="bo").ids
    assert taken_back(ledger, award)
    assert [ledger.has(name) for name in ("bo", "loss")] == [0, -15]
    assert posted(held)
    assert ledger.has("shop") == 15
    assert holds()


@pytest.mark.case("B10")
def test_many_take_back_one_transfer_once(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    (award,) = ledger.post(("issuance", "bo", 20)).ids
    answers = at_once([lambda: taken_back(ledger, award)] * 12 + [lambda: ledger.post(("bo", "shop", 3))] * 12)
    assert Counter(one.outcome for one in answers)[Outcome.REVERSED] == 1
    assert ledger.has("bo") == 0
    assert ledger.has("issuance") == -30
    assert holds()


@pytest.mark.django_db
@pytest.mark.fault(59)
def test_nothing_is_corrected_but_what_was_wrong_before(ledger: Ledger) -> None:
    for code in (Code.CORRECT, Code.WRITE_OFF):
        given = {"debit": ledger.accounts["ann"], "credit": ledger.accounts["issuance"], "amount": 5, "code": code}
        with pytest.raises(IntegrityError), transaction.atomic():
            post_transfer(caller="x", key=str(code), by=BY, **given)
    assert ledger.kinds["ann"] is AccountKind.RESIDENT
    assert ledger.has("ann") == 30


@pytest.mark.django_db
def test_an_account_at_which_something_fails_holds_up_no_other(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lapse(account: int) -> int:
        if account == 1:
            raise ValueError("何桂香")
        return 1

    monkeypatch.setattr(service, "expired_accounts", lambda: [1, 2, 3])
    monkeypatch.setattr(service, "lapse", lapse)
    assert sweep_lapsed(by=BY) == 2
    assert "builtins.ValueError at points_account:1" in caplog.text
    assert "何桂香" not in caplog.text

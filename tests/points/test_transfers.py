"""Posting: all or none, never below nothing, and the same answer to whoever asks again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from minqing.core import clock
from minqing.core.errors import Conflict, Invalid, SentBefore
from minqing.core.ids import new_id
from minqing.households.services import move_resident
from minqing.journal.models import Event
from minqing.journal.subscriptions import subscriptions
from minqing.points.enums import AccountKind, Code, Outcome
from minqing.points.listeners import resident_moved
from minqing.points.models import Account, Balance, Delta, Holder, Request, Transfer
from minqing.points.queries import balance_at, statement_of, trial_balance, visible_holders
from minqing.points.services import close_account, fold_busy, open_account, post_transfer
from minqing.points.services.transfers import Posting
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.points.ledgers import BY, Ledger, holds

pytestmark = pytest.mark.django_db


def test_what_one_gets_the_other_gives_and_all_together_hold_nothing(ledger: Ledger) -> None:
    answer = ledger.post(("ann", "shop", 15), ("ann", "barber", 10))
    assert answer
    assert [ledger.has(one) for one in ("issuance", "ann", "shop", "barber")] == [-30, 5, 15, 10]
    assert [(one.kind, one.given, one.taken) for one in trial_balance(before=clock.now())] == [
        (AccountKind.ISSUANCE, 0, 30), (AccountKind.PROVIDER, 10, 0), (AccountKind.RESIDENT, 30, 25),
        (AccountKind.SHOP, 15, 0),
    ]  # fmt: skip
    assert holds()


def test_each_request_is_one_event_that_names_rows_and_no_person(ledger: Ledger) -> None:
    answer = ledger.post(("ann", "shop", 5), ("ann", "shop", 6))
    (first, second) = Event.objects.filter(type__startswith="points.transfers").order_by("-seq")[:2][::-1]
    assert (first.type, second.type) == ("points.transfers.posted",) * 2
    assert (len(second.data["rows"]), second.data["outcome"], second.actor) == (2, "posted", "system:tests.points")
    assert Request.objects.get(pk=second.pk).rows == list(answer.ids)


@pytest.mark.case("B37")
def test_all_or_none_with_the_one_at_which_it_failed(ledger: Ledger) -> None:
    answer = ledger.post(("issuance", "bo", 7), ("ann", "shop", 20), ("ann", "shop", 20))
    assert (answer.outcome, answer.failed, answer.ids) == (Outcome.INSUFFICIENT, 2, ())
    assert [ledger.has(one) for one in ("ann", "bo", "shop")] == [30, 0, 0]
    with ledger.cast.everything() as by:
        close_account(account=ledger.accounts["shop"], by=by)
    answer = ledger.post(("issuance", "bo", 7), ("ann", "shop", 20))
    assert (answer.outcome, answer.failed) == (Outcome.CLOSED, 1)
    assert ledger.has("bo") == 0
    with pytest.raises(Conflict, match="points_closed"):
        answer.checked()
    assert holds()


def test_in_a_batch_points_are_spent_in_the_order_in_which_they_come(ledger: Ledger) -> None:
    assert ledger.post(("bo", "shop", 5), ("issuance", "bo", 5)).failed == 0
    assert ledger.post(("issuance", "bo", 5), ("bo", "shop", 5))
    # also at an account to which rows are appended
    assert ledger.post(("ann", "shop", 10), ("shop", "issuance", 15))
    assert ledger.has("shop") == 0
    assert ledger.post(("shop", "issuance", 1)).failed == 0
    assert holds()


@pytest.mark.case("B7")
def test_a_key_has_one_answer_for_ever_and_each_caller_keys_of_its_own(ledger: Ledger) -> None:
    first = ledger.post(("ann", "shop", 25), key="one")
    again = ledger.post(("ann", "shop", 25), key="one")
    assert (again.ids, again.again, first.again) == (first.ids, True, False)
    with pytest.raises(SentBefore):
        ledger.post(("ann", "shop", 24), key="one")
    refused = ledger.post(("ann", "shop", 10), key="two")
    assert ledger.post(("issuance", "ann", 100))
    again = ledger.post(("ann", "shop", 10), key="two")
    assert (refused.outcome, again.outcome, again.again) == (Outcome.INSUFFICIENT, Outcome.INSUFFICIENT, True)
    assert ledger.post(("ann", "shop", 10), key="two", caller="another")
    assert ledger.has("ann") == 95
    assert holds()


@pytest.mark.case("B9")
def test_an_occasion_is_thanked_for_once_however_often_it_is_told(ledger: Ledger) -> None:
    for _time in range(5):
        ledger.post(("issuance", "bo", 8, "claim:17"), key="patrol:bo:claim:17")
    assert ledger.has("bo") == 8


@pytest.mark.parametrize("amount", [0, -5, 10**12])
def test_a_transfer_is_of_a_number_of_points_that_can_be(ledger: Ledger, amount: int) -> None:
    with pytest.raises(Invalid):
        ledger.post(("ann", "shop", amount))
    with pytest.raises(Invalid):
        Posting(1, 1, 5, Code.AWARD)


@pytest.mark.fault(59)
def test_the_database_itself_takes_from_a_person_for_nothing_else(ledger: Ledger) -> None:
    given = {"caller": "x", "amount": 5, "by": BY}
    for code, credit in ((Code.AWARD, "issuance"), (Code.SETTLE, "issuance"), (Code.FUND, "feast")):
        with pytest.raises(IntegrityError), transaction.atomic():
            post_transfer(key=code, debit=ledger.accounts["ann"], credit=ledger.accounts[credit], code=code, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        post_transfer(key="y", debit=ledger.accounts["ann"], credit=999_999_999, code=Code.MOVE, **given)
    assert ledger.has("ann") == 30


@pytest.mark.case("B33")
@pytest.mark.case("B35")
@pytest.mark.parametrize("table", ["transfer", "request", "balance", "account"])
def test_nobody_changes_or_removes_a_row(ledger: Ledger, table: str, django_db_blocker: Any) -> None:
    for statement in (f"DELETE FROM points_{table}", f"TRUNCATE points_{table} CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    for model in (Transfer, Request, Balance):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**({"posted": 100} if model is Balance else {"id": 1}))
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(pk=ledger.accounts["ann"]).update(kind="issuance")
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.create(request=new_id(), debit_id=1, credit_id=2, amount=1, posted_at=clock.now())


@pytest.mark.case("B33")
def test_who_has_an_account_is_not_deleted_under_it(ledger: Ledger) -> None:
    with ledger.cast.everything(), pytest.raises(ProtectedError):
        Holder.objects.get(account=ledger.accounts["ann"]).resident.delete()


def test_a_statement_tells_every_entry_with_what_was_there_then(ledger: Ledger) -> None:
    ann = ledger.accounts["ann"]
    begun = clock.now()
    ledger.post(("ann", "shop", 12, "redemption:1"))
    between = clock.now()
    ledger.post(("issuance", "ann", 2), ("ann", "barber", 20))
    lines = list(statement_of(ann, since=begun - timedelta(days=1), until=clock.now()))
    assert [(one.amount, one.balance) for one in lines] == [(30, 30), (-12, 18), (2, 20), (-20, 0)]
    assert (lines[1].about, lines[1].code, lines[1].other) == ("redemption:1", Code.REDEEM, ledger.accounts["shop"])
    later = list(statement_of(ann, since=between, until=clock.now()))
    assert [(one.amount, one.balance) for one in later] == [(2, 20), (-20, 0)]
    assert [balance_at(ann, at) for at in (begun, between, clock.now())] == [30, 18, 0]


def test_what_is_appended_counts_before_it_is_folded_and_after(ledger: Ledger) -> None:
    ledger.post(("ann", "shop", 3))
    ledger.post(("ann", "shop", 4))
    assert (ledger.has("shop"), Balance.objects.get(account=ledger.accounts["shop"]).posted) == (7, 0)
    assert fold_busy(by=BY) == Delta.objects.count() + 3
    assert (ledger.has("shop"), Balance.objects.get(account=ledger.accounts["shop"]).posted) == (7, 7)
    assert fold_busy(by=BY) == 0
    assert holds()


def test_somebody_has_one_account_and_their_points_are_not_shut_away(ledger: Ledger) -> None:
    cast, ann = ledger.cast, ledger.accounts["ann"]
    with cast.everything() as by:
        resident = Holder.objects.get(account=ann).resident_id
        assert open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, resident=resident, by=by).pk == ann
        with pytest.raises(Conflict, match="points_left"):
            close_account(account=ann, by=by)
        for wrong in ({"name": "x"}, {}, {"household": resident, "resident": resident}):
            with pytest.raises(Invalid):
                open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, by=by, **wrong)


def test_whose_an_account_is_stands_behind_the_wall(ledger: Ledger) -> None:
    cast = ledger.cast
    for who, seen in (("cadre", True), ("far_cadre", False)):
        with acting_as(by := cast.actor(who)):
            assert visible_holders(by).exists() is Holder.objects.exists() is seen


def test_accounts_go_along_with_a_household_that_moves(ledger: Ledger) -> None:
    from minqing.points.services import follow_holders

    cast = ledger.cast
    with cast.everything() as by:
        holder = Holder.objects.get(account=ledger.accounts["ann"])
        household = holder.resident.household_id
        assert follow_holders(household=household, area=cast.far.pk, by=by) == 1
        assert follow_holders(household=household, area=cast.far.pk, by=by) == 0
    with acting_as(by := cast.actor("far_cadre")):
        assert [one.pk for one in visible_holders(by)] == [ledger.accounts["ann"]]


def test_an_account_goes_along_with_somebody_who_moves_to_another_village(ledger: Ledger) -> None:
    cast = ledger.cast
    with cast.everything() as by:
        holder = Holder.objects.get(account=ledger.accounts["ann"])
        there = cast.household(area=cast.far)
        move_resident(resident_id=holder.resident_id, household_id=there.pk, by=by)
        event = Event.objects.get(type="households.resident.moved")
    resident_moved(event)
    for who, seen in (("cadre", False), ("far_cadre", True)):
        with acting_as(by := cast.actor(who)):
            assert visible_holders(by).filter(pk=holder.pk).exists() is seen
    assert "points-follow-residents" in {one.name for one in subscriptions()}


def test_somebody_erased_leaves_an_account_that_is_nobody_s(cast: Cast, ledger: Ledger) -> None:
    from minqing.points.subjects import SUBJECTS
    from minqing.privacy.subjects import Person

    with cast.everything() as by:
        holder = Holder.objects.get(account=ledger.accounts["ann"])
        person = Person(cause="test:1", name="ann", resident=holder.resident_id, household=holder.resident.household_id)
        (section,) = SUBJECTS.give(person)
        assert [(row["amount"], row["balance"]) for row in section.rows] == [("+30", "30")]
        assert SUBJECTS.find(person).records == 1
        assert SUBJECTS.erase(person=person, by=by, at=clock.now()) == 1
        assert SUBJECTS.find(person).records == 0
    assert [ledger.has(one) for one in ("ann", "breakage")] == [0, 30]
    assert ledger.post(("issuance", "ann", 5)).outcome is Outcome.CLOSED
    assert holds()

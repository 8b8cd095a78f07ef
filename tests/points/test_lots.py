"""Points run out: those of a year at the end of the next, the oldest are spent first, none while they are held."""

from __future__ import annotations

import os
import threading
import time
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections

from minqing.config import embedded
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.points.enums import AccountKind, Code, Outcome
from minqing.points.models import Lot, LotEntry, Transfer
from minqing.points.queries import balance_of, coming_days
from minqing.points.services import forget_holder, hold_anew, sweep_lapsed
from tests.embedded import SOCKET
from tests.points.ledgers import BY, Ledger, holds
from tests.points.test_at_once import at_once
from tests.points.test_holds import hold, posted, taken_back, voided
from tests.points.test_verifying import tampered

DAY = timedelta(days=1)


def end_of_next_year() -> date:
    return date(clock.today().year + 1, 12, 31)


def aged(ledger: Ledger, name: str, day: date, good: date | None = None) -> None:
    """What ``name`` has that is good until ``good`` (the end of next year) was, from now on, good until ``day``."""
    where = f"WHERE account_id = {ledger.accounts[name]} AND expires_on = '{good or end_of_next_year()}'"
    tampered(
        f"UPDATE points_lot SET expires_on = '{day}' {where}",
        f"UPDATE points_lotentry SET expires_on = '{day}' {where}",
    )


def lots(ledger: Ledger, name: str) -> list[tuple[Any, ...]]:
    found = Lot.objects.filter(account=ledger.accounts[name], remaining__gt=0)
    return list(found.order_by("expires_on").values_list("expires_on", "remaining"))


@pytest.mark.django_db
@pytest.mark.case("B27")
@pytest.mark.parametrize(
    ("moment", "good"),
    [
        ("2026-12-31 23:59:59+08", "2027-12-31"),
        ("2027-01-01 00:00:00+08", "2028-12-31"),
        ("2026-12-31 15:59:59+00", "2027-12-31"),
        ("2026-12-31 16:00:00+00", "2028-12-31"),
    ],
)
def test_points_of_a_year_are_good_until_the_end_of_the_next_in_the_county(moment: str, good: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT points_good_until(%s), points_day(%s)", [moment, moment])
        until, day = cursor.fetchone()
    assert (str(until), until.year - day.year) == (good, 1)


@pytest.mark.case("B27")
def test_the_last_day_is_good_and_the_next_is_not(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    aged(ledger, "ann", clock.today())
    assert (ledger.has("ann"), coming_days(ledger.accounts["ann"])) == (30, [(clock.today(), 30)])
    assert ledger.post(("ann", "shop", 10))
    aged(ledger, "ann", clock.today() - DAY, clock.today())
    held = balance_of(ledger.accounts["ann"])
    assert (held.posted, held.available, coming_days(ledger.accounts["ann"])) == (20, 0, [])
    assert ledger.post(("ann", "shop", 1)).outcome is Outcome.INSUFFICIENT
    assert [(one.code, one.amount) for one in Transfer.objects.order_by("-id")[:1]] == [(Code.EXPIRE, 20)]
    assert balance_of(ledger.accounts["ann"]).posted == 0
    assert holds()


@pytest.mark.case("B29")
def test_the_oldest_are_spent_first_and_what_comes_back_goes_home_or_gets_thirty_days(committed_ledger: Ledger) -> None:
    ledger, today = committed_ledger, clock.today()
    ledger.opened("cy", ledger.kinds["ann"])
    days = [today + DAY, today + 2 * DAY, end_of_next_year()]
    for amount, day in zip((500, 1000, 700), days, strict=True):
        ledger.post(("issuance", "cy", amount))
        aged(ledger, "cy", day)
    assert coming_days(ledger.accounts["cy"]) == list(zip(days, (500, 1000, 700), strict=True))
    (bought,) = ledger.post(("cy", "shop", 600)).ids
    assert lots(ledger, "cy") == [(days[1], 900), (days[2], 700)]
    # the first day is over
    aged(ledger, "cy", today - DAY, days[0])
    assert taken_back(ledger, bought)
    assert lots(ledger, "cy") == [(days[1], 1000), (today + 30 * DAY, 500), (days[2], 700)]
    assert LotEntry.objects.filter(account=ledger.accounts["cy"]).count() >= 7
    assert holds()


@pytest.mark.case("B29")
def test_what_is_held_when_its_day_is_over_may_be_redeemed_and_has_thirty_days_if_not(committed_ledger: Ledger) -> None:
    ledger, today = committed_ledger, clock.today()
    (one,), (other,) = hold(ledger, 10).ids, hold(ledger, 5).ids
    aged(ledger, "ann", today - DAY)
    assert sweep_lapsed(by=BY) == 1
    ledger.opened("expiry", AccountKind.EXPIRY)
    assert (ledger.has("ann"), ledger.has("expiry")) == (0, 15)
    assert posted(one)
    assert voided(other)
    assert lots(ledger, "ann") == [(today + 30 * DAY, 5)]
    assert (ledger.has("ann"), ledger.has("shop")) == (5, 10)
    assert sweep_lapsed(by=BY) == 0
    assert holds()


@pytest.mark.case("B29")
def test_what_is_held_is_of_the_oldest_and_newer_points_beside_it_do_not_run_out_for_it(
    committed_ledger: Ledger,
) -> None:
    ledger, today = committed_ledger, clock.today()
    (one,), (other,) = hold(ledger, 10).ids, hold(ledger, 20).ids
    aged(ledger, "ann", today - DAY)
    ledger.post(("issuance", "ann", 10))
    account = ledger.accounts["ann"]
    assert balance_of(account).available == 10
    sweep_lapsed(by=BY)
    assert lots(ledger, "ann") == [(today - DAY, 30), (end_of_next_year(), 10)]
    # voided first, the other one still open: nothing of it runs out while that is held
    assert voided(one)
    sweep_lapsed(by=BY)
    assert balance_of(account).available == 20
    assert lots(ledger, "ann") == [(today - DAY, 20), (today + 30 * DAY, 10), (end_of_next_year(), 10)]
    # exchanged for a new one, as a hold is that would end too early
    assert voided(other)
    assert (again := hold(ledger, 20))
    assert posted(again.ids[0])
    assert lots(ledger, "ann") == [(today + 30 * DAY, 10), (end_of_next_year(), 10)]
    assert holds()


@pytest.mark.case("B29")
def test_what_is_beyond_all_holds_runs_out(committed_ledger: Ledger) -> None:
    ledger, today = committed_ledger, clock.today()
    (one,) = hold(ledger, 10).ids
    aged(ledger, "ann", today - DAY)
    ledger.post(("issuance", "ann", 7))
    assert balance_of(ledger.accounts["ann"]).available == 7
    assert sweep_lapsed(by=BY) == 1
    assert (ledger.has("ann"), lots(ledger, "ann")) == (7, [(today - DAY, 10), (end_of_next_year(), 7)])
    assert posted(one)
    assert lots(ledger, "ann") == [(end_of_next_year(), 7)]
    assert holds()


@pytest.mark.case("B29")
def test_points_get_their_thirty_days_once_however_often_they_are_held_and_let_go_of(committed_ledger: Ledger) -> None:
    ledger, today = committed_ledger, clock.today()
    (one,) = hold(ledger, 30).ids
    aged(ledger, "ann", today - DAY)
    assert voided(one)
    grace = today + 30 * DAY
    assert lots(ledger, "ann") == [(grace, 30)]
    (once,) = hold(ledger, 20).ids
    aged(ledger, "ann", today - 2 * DAY, grace)
    ledger.post(("issuance", "ann", 4))
    # asked for in time it is still redeemed, and let go of it runs out
    assert balance_of(ledger.accounts["ann"]).available == 4
    assert voided(once)
    sweep_lapsed(by=BY)
    assert (ledger.has("ann"), lots(ledger, "ann")) == (4, [(end_of_next_year(), 4)])
    assert holds()


@pytest.mark.case("B29")
def test_what_is_held_anew_keeps_its_points_though_they_had_their_thirty_days(committed_ledger: Ledger) -> None:
    ledger, today = committed_ledger, clock.today()
    (one,) = hold(ledger, 30).ids
    aged(ledger, "ann", today - DAY)
    assert voided(one)
    (one,) = hold(ledger, 30).ids
    aged(ledger, "ann", today - 2 * DAY, today + 30 * DAY)
    given = {"caller": "tests", "lasting": DAY, "by": BY}
    answer = hold_anew(key="more", hold=one, amount=30, **given)
    assert (answer.outcome, balance_of(ledger.accounts["ann"]).held) == (Outcome.RENEWED, 30)
    # a part of them is let go of, and runs out as it had its days
    (part,) = hold_anew(key="less", hold=answer.ids[0], amount=12, **given).ids
    sweep_lapsed(by=BY)
    assert lots(ledger, "ann") == [(today - 2 * DAY, 12)]
    assert hold_anew(key="more", hold=one, amount=30, **given).ids == answer.ids
    assert hold_anew(key=str(new_id()), hold=one, amount=30, **given).outcome is Outcome.ALREADY_RENEWED
    assert posted(part)
    assert (ledger.has("ann"), ledger.has("shop")) == (0, 12)
    assert holds()


def test_of_what_is_held_anew_the_rest_gets_its_thirty_days(committed_ledger: Ledger) -> None:
    ledger, today = committed_ledger, clock.today()
    (one,) = hold(ledger, 30).ids
    aged(ledger, "ann", today - DAY)
    assert hold_anew(caller="tests", key="less", hold=one, amount=12, lasting=DAY, by=BY)
    assert lots(ledger, "ann") == [(today - DAY, 12), (today + 30 * DAY, 18)]
    assert balance_of(ledger.accounts["ann"]).available == 18
    assert holds()


def test_two_holds_let_go_of_at_once_after_their_points_day_give_it_once_to_each(committed_ledger: Ledger) -> None:
    ledger, today = committed_ledger, clock.today()
    (one,), (other,) = hold(ledger, 10).ids, hold(ledger, 20).ids
    aged(ledger, "ann", today - DAY)
    for wanted in ([one, other], [other, one]):
        ends = at_once([partial(voided, held) for held in wanted] + [lambda: sweep_lapsed(by=BY)])
        assert not [each for each in ends if isinstance(each, Exception)], ends
        assert sorted(str(each.outcome) for each in ends[:2])[0] in {"voided", "already_voided"}
    assert lots(ledger, "ann") == [(today + 30 * DAY, 30)]
    assert holds()


def test_who_holds_points_waits_for_a_month_that_is_closed_with_no_balance_in_hand(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    aged(ledger, "ann", clock.today() - DAY)
    ledger.post(("issuance", "ann", 5))
    account, answers = ledger.accounts["ann"], []

    def work() -> None:
        answers.append(hold(ledger, 5))
        connections["default"].close()

    holds_it = threading.Thread(target=work, daemon=True)
    with embedded.superuser(SOCKET, os.environ["MINQING_DB_NAME"]) as other:
        other.execute("BEGIN")
        other.execute("SELECT points_settled()")
        holds_it.start()
        waiting = "SELECT FROM pg_locks WHERE relation = 'points_transfer'::regclass AND NOT granted"
        until = time.monotonic() + 30
        while other.execute(waiting).fetchone() is None:
            assert time.monotonic() < until, "nobody waits"
        # a post that has the table already would wait here for the balance, and the month for the post
        other.execute(f"SELECT FROM points_balance WHERE account_id = {account} FOR UPDATE NOWAIT")
        other.execute("COMMIT")
    holds_it.join(30)
    assert [bool(one) for one in answers] == [True]
    assert (balance_of(account).held, balance_of(account).available) == (5, 0)
    assert holds()


@pytest.mark.django_db
def test_nothing_comes_back_to_an_account_that_is_closed(ledger: Ledger) -> None:
    (bought,) = ledger.post(("ann", "shop", 10)).ids
    forget_holder(account=ledger.accounts["ann"], by=BY, at=clock.now())
    assert taken_back(ledger, bought).outcome is Outcome.CLOSED
    assert (ledger.has("ann"), ledger.has("shop")) == (0, 10)
    assert holds()


@pytest.mark.django_db
@pytest.mark.case("B31")
def test_points_that_move_to_another_account_keep_their_days(ledger: Ledger) -> None:
    ledger.post(("issuance", "bo", 50))
    (moved,) = ledger.post(("ann", "bo", 30)).ids
    assert (lots(ledger, "ann"), lots(ledger, "bo")) == ([], [(end_of_next_year(), 80)])
    assert taken_back(ledger, moved)
    assert (ledger.has("ann"), ledger.has("bo")) == (30, 50)
    assert holds()


def test_points_that_ran_out_are_swept_once_while_many_try_to_spend_them(committed_ledger: Ledger) -> None:
    ledger = committed_ledger
    ledger.post(("issuance", "bo", 12))
    aged(ledger, "ann", clock.today() - DAY)
    works: list[Any] = [lambda: ledger.post(("ann", "shop", 3))] * 10 + [lambda: ledger.post(("bo", "ann", 4))] * 3
    answers = at_once([*works, lambda: sweep_lapsed(by=BY)])
    assert not [one for one in answers if isinstance(one, Exception)], answers
    assert Transfer.objects.filter(code=Code.EXPIRE).values_list("amount", flat=True).get() == 30
    assert ledger.has("ann") == 12 - 3 * sum(map(bool, answers[:10]))
    assert holds()


@pytest.mark.case("B35")
def test_verify_names_lots_that_were_changed(committed_ledger: Ledger) -> None:
    tampered("UPDATE points_lot SET remaining = remaining + 1")
    assert not committed_ledger.has("bo")
    with pytest.raises(AssertionError, match="31"):
        holds()


def test_what_each_transfer_changes_is_in_no_index(ledger: Ledger) -> None:
    """Else each writes all indexes of the row anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename IN ('points_balance', 'points_lot') "
            "AND indexdef ~ '(remaining|posted|held)'"
        )
        assert cursor.fetchall() == []

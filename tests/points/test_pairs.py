"""Two at the same accounts, in both orders."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.services import leave_household
from minqing.points import services
from minqing.points.enums import AccountKind, Code, Naming, Wish
from minqing.points.models import Account, HoldEnd, Holder, MonthClose, Transfer, VillageSheet
from minqing.points.queries import balance_of
from minqing.privacy.access import acting_as
from tests.pairs import Pair, Refusal, Scenes, Stage, job, play, stage
from tests.points.ledgers import Ledger, holds, small

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def laid_out(stage: Stage) -> Ledger:
    return stage.given(lambda: small(stage.cast))


def posting(ledger: Ledger, debit: str, credit: str, amount: int) -> dict[str, Any]:
    one = ledger.posting(debit, credit, amount)
    return {"debit": one.debit, "credit": one.credit, "amount": one.amount, "code": one.code}


@SCENES.of(services.choose_naming)
def a_village_decides_twice(stage: Stage) -> Pair:
    village = stage.cast.own.pk
    calls = [
        stage.call("village_secretary", services.choose_naming, village=village, naming=naming)
        for naming in (Naming.NAME, Naming.NUMBER)
    ]

    def look(*_ends: Any) -> None:
        assert VillageSheet.objects.get(pk=village).naming in {Naming.NAME, Naming.NUMBER}

    return Pair(*calls, look)


@SCENES.of(services.say_wish)
def two_say_what_one_wishes(stage: Stage) -> Pair:
    def opened() -> int:
        with stage.cast.everything() as by:
            home = stage.cast.household()
            return services.open_account(
                kind=AccountKind.HOUSEHOLD, area=stage.cast.own.pk, household=home.pk, by=by
            ).pk

    account = stage.given(opened)
    calls = [stage.call("cadre", services.say_wish, account=account, wish=wish) for wish in (Wish.OUT, Wish.USUAL)]

    def look(*ends: Any) -> None:
        assert {one.wish for one in ends} == {Wish.OUT, Wish.USUAL}

    return Pair(*calls, look)


@SCENES.of(services.accounts_of_people)
def two_thank_the_same_people_for_the_first_time(stage: Stage) -> Pair:
    people = stage.given(lambda: [stage.cast.resident(stage.cast.household(), name).pk for name in ("何一", "何二")])
    given = [dict.fromkeys(order, stage.cast.own.pk) for order in (people, people[::-1])]
    calls = [stage.call("system", services.accounts_of_people, people=one, at=clock.now()) for one in given]

    def look(*ends: Any) -> None:
        assert ends[0] == ends[1]
        assert Holder.objects.filter(resident__in=people).count() == 2

    return Pair(*calls, look)


@SCENES.of(services.own_account)
def ones_own_account_is_first_wanted_at_two_places(stage: Stage) -> Pair:
    who = stage.given(lambda: stage.cast.resident(stage.cast.household(), "何桂香"))
    by = Actor(id=None, kind="resident", name="", household=who.household_id)

    def work() -> int:
        with transaction.atomic(), acting_as(by):
            return services.own_account(resident=who.pk, by=by)

    def look(*ends: Any) -> None:
        assert Holder.objects.filter(resident=who).count() == 1, ends
        assert len(set(ends)) == 1

    return Pair(work, work, look)


@SCENES.of(services.post_transfer)
def the_same_points_spent_twice(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    given = posting(ledger, "ann", "shop", 20)
    one, other = (
        stage.call("system", services.post_transfer, caller=f"till {n}", key=str(new_id()), **given) for n in (1, 2)
    )

    def look(*ends: Any) -> None:
        assert sorted(map(bool, ends)) == [False, True]
        assert ledger.has("ann") == 10
        assert holds()

    return Pair(one, other, look)


@SCENES.of(services.post_transfers)
def two_batches_that_cross(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    there = [ledger.posting("ann", "bo", 10), ledger.posting("bo", "ann", 3)]
    one, other = (
        stage.call("system", services.post_transfers, caller="tests", key=str(new_id()), postings=postings)
        for postings in (there, [ledger.posting("issuance", "bo", 5), ledger.posting("bo", "ann", 5)])
    )

    def look(*ends: Any) -> None:
        assert all(ends)
        assert (ledger.has("ann"), ledger.has("bo")) == (28, 7)
        assert holds()

    return Pair(one, other, look)


@SCENES.of(services.open_account)
def an_account_opened_twice(stage: Stage) -> Pair:
    resident = stage.given(lambda: stage.cast.resident(stage.cast.household())).pk
    call = stage.call(
        "system", services.open_account, kind=AccountKind.RESIDENT, area=stage.cast.own.pk, resident=resident
    )

    def look(one: Any, other: Any) -> None:
        assert one.pk == other.pk
        assert Holder.objects.filter(resident=resident).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.house_account)
def an_account_of_the_house_opened_twice(stage: Stage) -> Pair:
    call = stage.call("system", services.house_account, kind=AccountKind.EXPIRY)

    def look(one: Any, other: Any) -> None:
        assert one.pk == other.pk
        assert Account.objects.filter(kind=AccountKind.EXPIRY).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.close_account)
def a_shop_closed_while_somebody_buys(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    given = posting(ledger, "ann", "shop", 20)

    def look(_closed: Any, bought: Any) -> None:
        assert ledger.has("shop") == (20 if bought else 0)
        assert Account.objects.get(pk=ledger.accounts["shop"]).closed_at
        assert holds()

    return Pair(
        stage.call("system", services.close_account, account=ledger.accounts["shop"]),
        stage.call("system", services.post_transfer, caller="till", key=str(new_id()), **given),
        look,
    )


@SCENES.of(services.forget_holder, services.follow_holders)
def somebody_forgotten_while_they_are_thanked(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    ann = ledger.accounts["ann"]
    given = posting(ledger, "issuance", "ann", 5)
    forget = stage.call("system", services.forget_holder, account=ann, at=Account.objects.get(pk=ann).opened_at)

    def look(_forgotten: Any, thanked: Any) -> None:
        # whoever is quicker: what was in the account is given up, or nobody was forgotten
        gone = not Holder.objects.filter(account=ann).exists()
        assert balance_of(ann).posted == 0 if gone else isinstance(_forgotten, Refusal)
        assert holds()

    return Pair(forget, stage.call("system", services.post_transfer, caller="x", key=str(new_id()), **given), look)


@SCENES.of(services.move_points)
def moved_while_they_are_spent(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    ann = ledger.accounts["ann"]
    had = ledger.has("ann")
    holder = stage.given(lambda: Holder.objects.get(pk=ann))
    stage.done("clerk", leave_household, resident_id=holder.resident_id)
    given = posting(ledger, "ann", "shop", 20)

    def look(went: Any, _sold: Any) -> None:
        assert (went, ledger.has("shop")) in [(had, 0), (had - 20, 20)], "before or after, and never twice"
        assert balance_of(ann).posted == 0
        assert holds()

    return Pair(
        stage.call("clerk", services.move_points, id=new_id(), account=ann, resident=None),
        stage.call("system", services.post_transfer, caller="till", key=str(new_id()), **given),
        look,
    )


@SCENES.of(services.fold_busy, jobs=["points.tidy"])
def folded_while_a_shop_sells(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    given = posting(ledger, "ann", "shop", 20)

    def look(*_ends: Any) -> None:
        assert ledger.has("shop") == 20
        assert Transfer.objects.filter(credit=ledger.accounts["shop"], code=Code.REDEEM).count() == 1
        assert holds()

    sells = stage.call("system", services.post_transfer, caller="till", key=str(new_id()), **given)
    return Pair(job("points.tidy"), sells, look)


@SCENES.of(services.reserve)
def the_same_points_held_twice(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    given = held_at(ledger, 20)
    one, other = (
        stage.call("system", services.reserve, caller=f"machine {n}", key=str(new_id()), **given) for n in (1, 2)
    )

    def look(*ends: Any) -> None:
        assert sorted(map(bool, ends)) == [False, True]
        assert ledger.has("ann") == 10
        assert holds()

    return Pair(one, other, look)


def held_at(ledger: Ledger, amount: int) -> dict[str, Any]:
    accounts = ledger.accounts
    return {"debit": accounts["ann"], "credit": accounts["shop"], "amount": amount, "lasting": timedelta(minutes=5)}


@SCENES.of(services.post_hold, services.void_hold)
def one_posts_what_the_other_voids(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    (held,) = stage.done("system", services.reserve, caller="machine", key=str(new_id()), **held_at(ledger, 20)).ids

    def look(*ends: Any) -> None:
        assert sorted(map(bool, ends)) == [False, True]
        assert ledger.has("ann") + ledger.has("shop") == 30
        assert balance_of(ledger.accounts["ann"]).held == 0
        assert holds()

    posts, voids = (
        stage.call("system", service, caller="machine", key=str(new_id()), hold=held)
        for service in (services.post_hold, services.void_hold)
    )
    return Pair(posts, voids, look)


@SCENES.of(services.hold_anew, services.void_hold)
def one_holds_anew_what_the_other_voids(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    (held,) = stage.done("system", services.reserve, caller="machine", key=str(new_id()), **held_at(ledger, 20)).ids

    def look(anew: Any, voided: Any) -> None:
        assert bool(anew) is not bool(voided)
        assert balance_of(ledger.accounts["ann"]).held == (20 if anew else 0)
        assert holds()

    given = {"caller": "machine", "hold": held}
    more = {"amount": 20, "lasting": timedelta(minutes=5)}
    return Pair(
        stage.call("system", services.hold_anew, key=str(new_id()), **given, **more),
        stage.call("system", services.void_hold, key=str(new_id()), **given),
        look,
    )


@SCENES.of(services.sweep_lapsed, jobs=["points.tidy"])
def swept_while_it_is_posted(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    given = held_at(ledger, 20) | {"lasting": timedelta(seconds=1)}
    (held,) = stage.done("system", services.reserve, caller="machine", key=str(new_id()), **given).ids
    time.sleep(1.05)

    def look(_swept: Any, posted: Any) -> None:
        assert not posted
        assert (ledger.has("ann"), HoldEnd.objects.get(hold=held).how) == (30, "expired")
        assert holds()

    posts = stage.call("system", services.post_hold, caller="machine", key=str(new_id()), hold=held)
    return Pair(job("points.tidy"), posts, look)


@SCENES.of(services.reverse_transfer)
def an_award_taken_back_while_it_is_spent(stage: Stage) -> Pair:
    ledger = laid_out(stage)
    (award,) = stage.given(lambda: ledger.post(("issuance", "bo", 20))).ids
    given = posting(ledger, "bo", "shop", 15)

    def look(_back: Any, spent: Any) -> None:
        assert (ledger.has("bo"), ledger.has("shop")) == (0, 15 if spent else 0)
        assert holds()

    back = {"transfer": award, "loss": ledger.accounts["loss"]}
    return Pair(
        stage.call("system", services.reverse_transfer, caller="clerk", key=str(new_id()), **back),
        stage.call("system", services.post_transfer, caller="till", key=str(new_id()), **given),
        look,
    )


@SCENES.of(services.close_month, jobs=["points.close"])
def a_month_closed_by_two(stage: Stage) -> Pair:
    stage.given(lambda: small(stage.cast))
    call = job("points.close")

    def look(one: Any, other: Any) -> None:
        assert one == other
        assert MonthClose.objects.count() == 1
        assert holds()

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)

"""Two at the same machine, in both orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.machines import services
from minqing.machines.enums import Reason, Told
from minqing.machines.models import Machine, Slot, Vend
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.services import Posting, house_account, open_account, post_transfers
from tests.architecture.matrix import HERE  # noqa: F401  # the house's matrix is read first
from tests.machines.matrix import exchange, goods, row
from tests.pairs import Pair, Refusal, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(11), pytest.mark.fault(12), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def machine(stage: Stage) -> Machine:
    made: Machine = stage.given(lambda: row(stage.cast, stage.cast.own))
    return made


def purse(stage: Stage, name: str) -> int:
    """Somebody's account with twenty points."""

    def make() -> int:
        by = stage.actor("system")
        person = stage.cast.resident(stage.cast.household(), name)
        account = open_account(kind=AccountKind.RESIDENT, area=stage.cast.own.pk, resident=person.pk, by=by).pk
        issued = house_account(kind=AccountKind.ISSUANCE, by=by).pk
        opening = Posting(issued, account, 20, Code.OPENING)
        post_transfers(caller="tests", key=str(new_id()), postings=[opening], by=by).checked()
        return account

    account: int = stage.given(make)
    return account


@SCENES.of(services.register_machine)
def one_machine_set_up_twice(stage: Stage) -> Pair:
    given = {"id": (id := new_id()), "name": "桥头", "place": "", "area_id": stage.cast.own.pk}
    call = stage.call("clerk", services.register_machine, **given)

    def look(*ends: Any) -> None:
        assert {end.pk for end in ends} == {id}

    return Pair(call, call, look)


@SCENES.of(services.give_key)
def two_keys(stage: Stage) -> Pair:
    one = machine(stage)
    call = stage.call("clerk", services.give_key, machine=one)

    def look(*ends: Any) -> None:
        one.refresh_from_db()
        assert one.secret in ends

    return Pair(call, call, look, alike=True)


@SCENES.of(services.lock_machine, services.unlock_machine)
def one_locks_and_one_unlocks(stage: Stage) -> Pair:
    one = machine(stage)
    lock = stage.call("clerk", services.lock_machine, machine=one)
    unlock = stage.call("village_secretary", services.unlock_machine, machine=one)
    return Pair(lock, unlock, lambda *_ends: None)


@SCENES.of(services.save_slot)
def two_fill_one_slot(stage: Stage) -> Pair:
    one = machine(stage)
    soap = stage.given(lambda: goods(stage.cast.own, "肥皂", 25))
    given = {"machine": one, "number": 2, "item": soap.pk, "low": 3}
    calls = [stage.call("clerk", services.save_slot, stock=stock, **given) for stock in (5, 7)]

    def look(*_ends: Any) -> None:
        assert Slot.objects.get(machine=one, number=2).stock in {5, 7}

    return Pair(*calls, look)


@SCENES.of(services.reserve_vend)
def the_last_bottle(stage: Stage) -> Pair:
    """One piece, two people, two pictures: one of them has it, and the other keeps the points."""
    one = machine(stage)
    stage.given(lambda: Slot.objects.filter(machine=one).update(stock=1))
    accounts = [purse(stage, name) for name in ("何桂香", "张志明")]
    calls = [
        stage.call("system", services.reserve_vend, id=new_id(), machine=one.pk, number=1, period=n, account=account)
        for n, account in enumerate(accounts)
    ]

    def look(*ends: Any) -> None:
        assert sorted(isinstance(end, Refusal) for end in ends) == [False, True]
        assert Slot.objects.get(machine=one).stock == 0
        assert sorted(balance_of(account).available for account in accounts) == [5, 20]

    return Pair(*calls, look)


@SCENES.of(services.decide_vend)
def two_look_and_say_different_things(stage: Stage) -> Pair:
    one, account = machine(stage), purse(stage, "何桂香")
    given = {"id": new_id(), "machine": one.pk, "number": 1, "period": 1, "account": account}
    vend = stage.done("system", services.reserve_vend, **given)
    stage.done("system", services.take_turn, machine=one, turn=services.Turn())
    stage.given(lambda: Vend.objects.filter(pk=vend.pk).update(state="unknown", changed_at=clock.now()))
    calls = [
        stage.call(who, services.decide_vend, vend=vend.pk, dropped=dropped)
        for who, dropped in (("clerk", True), ("village_secretary", False))
    ]

    def look(*ends: Any) -> None:
        assert sorted(isinstance(end, Refusal) for end in ends) == [False, True]
        dropped = Vend.objects.get(pk=vend.pk).state == "done"
        assert balance_of(account).available == (5 if dropped else 20)

    return Pair(*calls, look)


def reserved(stage: Stage, account: int) -> Vend:
    """On a machine of its own."""
    given = {"id": new_id(), "machine": machine(stage).pk, "number": 1, "period": 1, "account": account}
    made: Vend = stage.done("system", services.reserve_vend, **given)
    return made


@SCENES.of(services.take_turn)
def one_machine_asks_twice_at_once(stage: Stage) -> Pair:
    vend = reserved(stage, account := purse(stage, "何桂香"))
    call = stage.call("system", services.take_turn, machine=vend.machine, turn=services.Turn())

    def look(*ends: Any) -> None:
        # the same command in both answers; it is run once by its id
        assert [[one.pk for one in end.run] for end in ends] == [[vend.pk], [vend.pk]]
        assert balance_of(account).held == 15

    return Pair(call, call, look)


@SCENES.of(services.take_report)
def it_is_said_twice_at_once_that_it_dropped(stage: Stage) -> Pair:
    vend = reserved(stage, account := purse(stage, "何桂香"))
    stage.done("system", services.take_turn, machine=vend.machine, turn=services.Turn())
    given = {"machine": vend.machine, "vend": vend.pk, "told": Told.DROPPED, "reason": Reason.NONE}
    call = stage.call("system", services.take_report, **given)

    def look(*_ends: Any) -> None:
        assert Vend.objects.get(pk=vend.pk).state == "done"
        assert (balance_of(account).posted, balance_of(account).held) == (5, 0)

    return Pair(call, call, look)


@SCENES.of(services.sweep_all, jobs={"machines.sweep"})
def nobody_fetched_it_and_two_workers_see_that(stage: Stage) -> Pair:
    vend = reserved(stage, account := purse(stage, "何桂香"))
    stage.given(lambda: Vend.objects.filter(pk=vend.pk).update(expires_at=clock.now() - timedelta(seconds=1)))

    def look(*_ends: Any) -> None:
        assert Vend.objects.get(pk=vend.pk).state == "called_off"
        assert balance_of(account).available == 20
        assert Slot.objects.get(pk=vend.slot_id).stock == 5

    return Pair(job("machines.sweep"), stage.call("system", services.sweep_all), look)


@SCENES.of(jobs={"machines.hint"})
def a_hint_goes_out_while_the_machine_asks(stage: Stage) -> Pair:
    vend = reserved(stage, purse(stage, "何桂香"))
    call = stage.call("system", services.take_turn, machine=vend.machine, turn=services.Turn(hinted=True))

    def look(*_ends: Any) -> None:
        assert (Vend.objects.get(pk=vend.pk).state, machine_of(vend).hinted) == ("given", True)

    return Pair(job("machines.hint", code=vend.machine.code), call, look)


def machine_of(vend: Vend) -> Machine:
    return Machine.objects.get(pk=vend.machine_id)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)


@pytest.mark.django_db
def test_the_database_lets_no_two_use_one_machine(cast: Any) -> None:
    from django.db import IntegrityError

    one = row(cast, cast.own)
    exchange(one, "given")
    with pytest.raises(IntegrityError):
        exchange(one, "reserved")

"""Phones that lose answers, send in any order, twice and in parts: in the end each has what the server has."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from minqing.households.models import Household
from minqing.sync.models import Device, Entry, Shelf
from minqing.visits.models import Visit
from minqing.visits.services import assign_household, follow_household
from tests.cast import Cast
from tests.sync.conftest import Home
from tests.sync.phone import EXCHANGE, Phone

# two phones of one cadre and one of the village secretary, who share a household
OWNERS = ("cadre", "cadre", "village_secretary")
PHONES, HOMES = st.integers(0, len(OWNERS) - 1), st.integers(0, 2)
CHANCES = st.randoms(use_true_random=False)
DONE = {"applied", "handed_over"}


class Phones(RuleBasedStateMachine):
    """What was written by number of the phone, and every operation with the receipt that it once got."""

    cast: Cast
    homes: list[Any]

    def __init__(self) -> None:
        super().__init__()
        self.here = transaction.atomic()
        self.here.__enter__()
        self.phones = [Phone(self.cast.client(who)).register() for who in OWNERS]
        self.written: list[str] = []
        self.sent: dict[str, dict[str, Any]] = {}
        self.told: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        try:
            self.all_arrives()
        finally:
            transaction.set_rollback(True)
            self.here.__exit__(None, None, None)

    @rule(at=PHONES, home=HOMES)
    def write(self, at: int, home: int) -> None:
        text = f"第{len(self.written)}篇"
        self.written.append(text)
        made = self.phones[at].write(self.homes[home], text=text)
        self.sent[made["id"]] = made

    @rule(at=PHONES)
    def exchange(self, at: int) -> None:
        self.keep(self.phones[at].exchange())

    @rule(at=PHONES, chance=CHANCES)
    def hand_in_some_in_any_order(self, at: int, chance: Any) -> None:
        waiting = self.phones[at].outbox
        some = chance.sample(waiting, chance.randint(0, len(waiting)))
        self.keep(self.phones[at].exchange(some))

    @rule(at=PHONES)
    def lose_the_answer(self, at: int) -> None:
        phone = self.phones[at]
        self.keep(phone.post(EXCHANGE, phone.message(phone.outbox)).json())

    @rule(at=PHONES, chance=CHANCES)
    def hand_in_damaged(self, at: int, chance: Any) -> None:
        waiting = self.phones[at].outbox
        broken = [one | {"body": one["body"][: chance.randint(0, len(one["body"]) - 1)]} for one in waiting[:1]]
        told = self.phones[at].exchange(broken)
        self.keep(told)

    @precondition(lambda self: self.told)
    @rule(chance=CHANCES)
    def hand_in_again(self, chance: Any) -> None:
        """One that has its receipt: as after a backup, or by the phone's second page."""
        id = chance.choice(sorted(self.told))
        for phone in self.phones:
            if id in phone.receipts:
                self.keep(phone.exchange([self.sent[id]]))

    @rule(home=HOMES, n=st.integers(1, 9))
    def correct_the_file(self, home: int, n: int) -> None:
        with self.cast.everything():
            Household.objects.filter(pk=self.homes[home].pk).update(address=f"溪边路{n}号")

    @rule()
    def move_a_household_away(self) -> None:
        with self.cast.everything() as system:
            Household.objects.filter(pk=self.homes[2].pk).update(area=self.cast.far)
            follow_household(household_id=self.homes[2].pk, area_id=self.cast.far.pk, by=system)

    @rule(at=PHONES)
    def forget_what_a_phone_holds(self, at: int) -> None:
        Shelf.objects.filter(device=self.phones[at].id).delete()

    def keep(self, told: dict[str, Any]) -> None:
        """A receipt is the same for ever."""
        for receipt in told["receipts"]:
            assert self.told.setdefault(receipt["id"], receipt) == receipt

    @invariant()
    def nothing_is_doubled_and_a_receipt_tells_the_truth(self) -> None:
        with self.cast.everything():
            there = sorted(Visit.objects.values_list("entry__text", flat=True))
        assert len(there) == len(set(there)) == Entry.objects.count() == len(self.told)
        assert set(there) <= set(self.written)
        assert {one["outcome"] for one in self.told.values()} <= DONE

    def all_arrives(self) -> None:
        for _time in range(2):
            for phone in self.phones:
                self.keep(phone.exchange())
        assert [phone.outbox for phone in self.phones] == [[]] * len(OWNERS)
        with self.cast.everything():
            assert sorted(Visit.objects.values_list("entry__text", flat=True)) == sorted(self.written)
        first, second, _other = self.phones
        assert first.held == second.held
        for phone in self.phones:
            device = Device.objects.get(pk=phone.id)
            assert (device.arrived, device.highest, device.waiting_told) == (phone.last, phone.last, 0)
            assert Entry.objects.filter(device=device).count() == len(phone.receipts) == phone.last


@pytest.mark.django_db
@pytest.mark.case("A30")
@pytest.mark.fault(1)
@pytest.mark.fault(6)
def test_whatever_is_lost_or_comes_twice_in_the_end_all_is_there_once(cast: Cast, home: Home) -> None:
    homes = [home(), home(), home()]
    with cast.everything() as system:
        for one in homes:
            assign_household(household=one, account_id=cast.account("village_secretary").pk, every_days=90, by=system)
    made = type("Made", (Phones,), {"cast": cast, "homes": homes})
    run_state_machine_as_test(made, settings=settings(max_examples=10, stateful_step_count=16, deadline=None))

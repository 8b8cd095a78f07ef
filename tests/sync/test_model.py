"""Phones that lose answers, send in any order, twice and in parts: in the end each has what the server has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from minqing.households.models import Household
from minqing.privacy.access import acting_as
from minqing.sync.models import Device, Entry, Shelf
from minqing.visits.models import FileConflict, Visit
from minqing.visits.services import assign_household, decide_conflict, follow_household
from tests.cast import Cast
from tests.sync.conftest import Home
from tests.sync.phone import EXCHANGE, Phone, fields

# two phones of one cadre and one of the village secretary, who share a household
OWNERS = ("cadre", "cadre", "village_secretary")
PHONES, HOMES = st.integers(0, len(OWNERS) - 1), st.integers(0, 2)
CHANCES = st.randoms(use_true_random=False)
DONE = {"applied", "handed_over"}
ADDRESSES = st.integers(1, 3).map(lambda n: f"后山路{n}号")


class Phones(RuleBasedStateMachine):
    """What was written, and every operation with the receipt that it once got.

    Beside the server's own the file is kept here too: what ``stands`` in each field of each household, what a phone
    ``knew`` of them when it wrote, and which values were ``kept`` for somebody to decide.
    """

    cast: Cast
    homes: list[Any]
    people: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.here = transaction.atomic()
        self.here.__enter__()
        self.phones = [Phone(self.cast.client(who)).register() for who in OWNERS]
        self.written: list[str] = []
        self.sent: dict[str, dict[str, Any]] = {}
        self.told: dict[str, dict[str, Any]] = {}
        self.stands = self.files()
        self.knew: dict[str, dict[str, str]] = {}
        self.kept: set[tuple[str, str, str]] = set()
        self.moved = ""

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

    @rule(at=PHONES, home=HOMES, address=ADDRESSES)
    def change_the_address(self, at: int, home: int, address: str) -> None:
        self.change(at, self.homes[home], address=address)

    @rule(at=PHONES, home=HOMES)
    def change_who_lives_there(self, at: int, home: int) -> None:
        house, person = self.homes[home], self.people[home]
        if self.holds(at, house):
            here = self.phones[at].known(house)[f"lives_here:{person}"] == "yes"
            self.change(at, house, lives_here={person: not here})

    def holds(self, at: int, house: Any) -> bool:
        return f"visits.home:{house.pk}" in self.phones[at].held

    def change(self, at: int, house: Any, **values: Any) -> None:
        """A phone changes what it holds; at first it holds nothing."""
        if self.holds(at, house):
            knew = self.phones[at].known(house)
            made = self.phones[at].change(house, **values)
            self.sent[made["id"]], self.knew[made["id"]] = made, knew

    @rule(take=st.booleans(), chance=CHANCES)
    def decide(self, take: bool, chance: Any) -> None:
        with acting_as(by := self.cast.actor("cadre")):
            asked = list(FileConflict.objects.filter(decided_at=None).order_by("received_at", "value", "field"))
            if not asked:
                return
            one = decide_conflict(conflict_id=chance.choice(asked).pk, take=take, by=by)
        if take:
            self.stands[place(one)] = one.value

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
        self.stands[str(self.homes[home].pk), "address"] = f"溪边路{n}号"

    @rule()
    def move_a_household_away(self) -> None:
        with self.cast.everything() as system:
            Household.objects.filter(pk=self.homes[2].pk).update(area=self.cast.far)
            follow_household(household_id=self.homes[2].pk, area_id=self.cast.far.pk, by=system)
        self.moved = str(self.homes[2].pk)

    @rule(at=PHONES)
    def forget_what_a_phone_holds(self, at: int) -> None:
        Shelf.objects.filter(device=self.phones[at].id).delete()

    def keep(self, told: dict[str, Any]) -> None:
        """A receipt is the same for ever, and says what a merge by field comes to."""
        for receipt in told["receipts"]:
            if receipt["id"] not in self.told:
                assert receipt["outcome"] in self.foreseen(self.sent[receipt["id"]])
            assert self.told.setdefault(receipt["id"], receipt) == receipt

    def foreseen(self, made: dict[str, Any]) -> set[str]:
        if made["kind"] == "visits.visit":
            return DONE
        content = json.loads(made["body"])
        home, disputed = content["household"], False
        for name, value in fields(content).items():
            stands = self.stands[home, name]
            if home != self.moved and stands == self.knew[made["id"]][name]:
                self.stands[home, name] = value
            elif stands != value:
                self.kept.add((home, name, value))
                disputed = True
        return {"handed_over"} if home == self.moved else {"conflict"} if disputed else {"applied", "merged"}

    def files(self) -> dict[tuple[str, str], str]:
        with self.cast.everything():
            found = list(Household.objects.prefetch_related("residents"))
        people = [one for home in found for one in home.residents.all()]
        return {(str(one.pk), "address"): one.address for one in found} | {
            (str(one.household_id), f"lives_here:{one.pk}"): "yes" if one.lives_here else "no" for one in people
        }

    @invariant()
    def nothing_is_doubled_and_a_receipt_tells_the_truth(self) -> None:
        with self.cast.everything():
            there = sorted(Visit.objects.values_list("entry__text", flat=True))
        assert len(there) == len(set(there)) == sum(one["thing"].startswith("visit:") for one in self.told.values())
        assert Entry.objects.count() == len(self.told)
        assert set(there) <= set(self.written)

    @invariant()
    def each_value_stands_on_file_or_is_kept_beside_it(self) -> None:
        assert self.files() == self.stands
        with self.cast.everything():
            assert {(*place(one), one.value) for one in FileConflict.objects.all()} == self.kept

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
            for key, held in phone.held.items():
                home = key.removeprefix("visits.home:")
                assert held["address"] == self.stands[home, "address"]
                for one in held["members"]:
                    assert ("yes" if one["lives_here"] else "no") == self.stands[home, f"lives_here:{one['id']}"]
            device = Device.objects.get(pk=phone.id)
            assert (device.arrived, device.highest, device.waiting_told) == (phone.last, phone.last, 0)
            assert Entry.objects.filter(device=device).count() == len(phone.receipts) == phone.last


def place(one: FileConflict) -> tuple[str, str]:
    """Of which household and which field."""
    return str(one.household_id), f"{one.field}:{one.resident_id}" if one.resident_id else one.field


@pytest.mark.django_db
@pytest.mark.case("A8")
@pytest.mark.case("A30")
@pytest.mark.fault(1)
@pytest.mark.fault(5)
@pytest.mark.fault(6)
def test_whatever_is_lost_or_comes_twice_in_the_end_all_is_there_once(cast: Cast, home: Home) -> None:
    homes = [home(), home(), home()]
    with cast.everything() as system:
        for one in homes:
            assign_household(household=one, account_id=cast.account("village_secretary").pk, every_days=90, by=system)
        people = [str(one.residents.get().pk) for one in homes]
    made = type("Made", (Phones,), {"cast": cast, "homes": homes, "people": people})
    run_state_machine_as_test(made, settings=settings(max_examples=10, stateful_step_count=16, deadline=None))

"""Any sequence of requests leaves the ledger as a few lines of Python say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from minqing.core.errors import SentBefore
from minqing.core.ids import new_id
from minqing.points.enums import HOUSE, AccountKind, Code, Outcome
from minqing.points.rules import REVERSIBLE
from minqing.points.services import fold_busy, hold_anew, post_hold, reserve, reverse_transfer, void_hold
from tests.points.ledgers import BY, CODES, Ledger, holds

NAMES = ("issuance", "loss", "ann", "bo", "shop", "barber", "feast")
PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 40))


class Model(RuleBasedStateMachine):
    """Balances as a dictionary, and answers by key."""

    ledger: Ledger

    def __init__(self) -> None:
        super().__init__()
        self.here = transaction.atomic()
        self.here.__enter__()
        self.has = {name: self.ledger.has(name) for name in NAMES}
        self.answers: dict[str, tuple[Any, Any]] = {}
        # open holds, and transfers that can be taken back
        self.held: list[tuple[int, str, str, int]] = []
        self.posted: list[tuple[int, str, str, int]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.here.__exit__(None, None, None)

    def may(self, batch: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
        kinds = self.ledger.kinds
        return [one for one in batch if one[0] != one[1] and (kinds[one[0]], kinds[one[1]]) in CODES]

    def code(self, one: tuple[str, str, int]) -> Code:
        return CODES[self.ledger.kinds[one[0]], self.ledger.kinds[one[1]]]

    def expected(self, batch: list[tuple[str, str, int]]) -> tuple[Outcome, int | None]:
        after = dict(self.has)
        for place, (debit, credit, amount) in enumerate(batch):
            after[debit] -= amount
            after[credit] += amount
            if self.ledger.kinds[debit] not in HOUSE and after[debit] < 0:
                return Outcome.INSUFFICIENT, place
        self.has = after
        return Outcome.POSTED, None

    @rule(batch=st.lists(PAIRS, min_size=1, max_size=5), key=st.sampled_from([f"k{n}" for n in range(8)]))
    def post(self, batch: list[tuple[str, str, int]], key: str) -> None:
        batch = self.may(batch)
        if not batch:
            return
        if key in self.answers:
            former, answer = self.answers[key]
            if former == batch:
                again = self.ledger.post(*batch, key=key)
                assert (again.outcome, again.ids, again.failed) == (answer.outcome, answer.ids, answer.failed)
                return
            with pytest.raises(SentBefore):
                self.ledger.post(*batch, key=key)
            return
        outcome, failed = self.expected(batch)
        answer = self.ledger.post(*batch, key=key)
        assert (answer.outcome, answer.failed) == (outcome, failed)
        self.answers[key] = batch, answer
        made = [(id, *one) for id, one in zip(answer.ids, batch, strict=False) if self.code(one) in REVERSIBLE]
        self.posted += made

    @rule(name=st.sampled_from(["ann", "bo"]), at=st.sampled_from(["shop", "barber"]), amount=st.integers(1, 25))
    def hold(self, name: str, at: str, amount: int) -> None:
        given = {"debit": self.ledger.accounts[name], "credit": self.ledger.accounts[at], "amount": amount}
        answer = reserve(caller="m", key=str(new_id()), lasting=timedelta(hours=1), by=BY, **given)
        assert bool(answer) is (self.has[name] >= amount)
        if answer:
            self.has[name] -= amount
            self.held.append((answer.ids[0], name, at, amount))

    @precondition(lambda self: self.held)
    @rule(chance=st.randoms(use_true_random=False), service=st.sampled_from([post_hold, void_hold]))
    def end(self, chance: Any, service: Any) -> None:
        held, name, at, amount = self.held.pop(chance.randrange(len(self.held)))
        assert service(caller="m", key=str(new_id()), hold=held, by=BY)
        self.has[at if service is post_hold else name] += amount
        assert not post_hold(caller="m", key=str(new_id()), hold=held, by=BY)

    @precondition(lambda self: self.held)
    @rule(chance=st.randoms(use_true_random=False), less=st.integers(0, 5))
    def hold_again(self, chance: Any, less: int) -> None:
        held, name, at, amount = self.held.pop(chance.randrange(len(self.held)))
        given = {"amount": max(amount - less, 1), "lasting": timedelta(hours=1)}
        answer = hold_anew(caller="m", key=str(new_id()), hold=held, by=BY, **given)
        assert answer
        self.has[name] += amount - given["amount"]
        self.held.append((answer.ids[0], name, at, given["amount"]))
        assert not post_hold(caller="m", key=str(new_id()), hold=held, by=BY)

    @precondition(lambda self: self.posted)
    @rule(chance=st.randoms(use_true_random=False))
    def take_back(self, chance: Any) -> None:
        transfer, debit, credit, amount = self.posted.pop(chance.randrange(len(self.posted)))
        given = {"transfer": transfer, "loss": self.ledger.accounts["loss"], "by": BY}
        assert reverse_transfer(caller="m", key=str(new_id()), **given)
        left = amount if self.ledger.kinds[credit] in HOUSE else min(amount, self.has[credit])
        self.has[credit] -= left
        self.has["loss"] -= amount - left
        self.has[debit] += amount
        assert not reverse_transfer(caller="m", key=str(new_id()), **given)

    @precondition(lambda self: self.answers)
    @rule(key=st.randoms(use_true_random=False))
    def ask_again(self, key: Any) -> None:
        name = key.choice(sorted(self.answers))
        batch, answer = self.answers[name]
        assert self.ledger.post(*batch, key=name).ids == answer.ids

    @rule()
    def fold(self) -> None:
        fold_busy(by=BY)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert {name: self.ledger.has(name) for name in NAMES} == self.has
        assert sum(self.has.values()) == -sum(amount for _hold, _name, _at, amount in self.held)
        assert all(self.has[name] >= 0 for name in NAMES if self.ledger.kinds[name] not in HOUSE)

    @rule()
    def verified(self) -> None:
        assert holds()


@pytest.mark.django_db
def test_the_ledger_does_what_the_model_does(ledger: Ledger) -> None:
    assert set(AccountKind) >= HOUSE
    made = type("Made", (Model,), {"ledger": ledger})
    run_state_machine_as_test(made, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))

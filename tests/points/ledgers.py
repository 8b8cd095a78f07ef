"""A small ledger for the tests of this room: accounts by short names, and transfers in few words."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.points.enums import HOUSE, AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.queries.verifying import verify
from minqing.points.services import Answer, Posting, house_account, open_account, post_transfers
from tests.cast import Cast

BY = Actor.system("tests.points")
# by the kinds of both accounts
CODES = {
    (AccountKind.ISSUANCE, AccountKind.RESIDENT): Code.AWARD,
    (AccountKind.BUDGET, AccountKind.RESIDENT): Code.AWARD,
    (AccountKind.ISSUANCE, AccountKind.BUDGET): Code.FUND,
    (AccountKind.RESIDENT, AccountKind.SHOP): Code.REDEEM,
    (AccountKind.RESIDENT, AccountKind.PROVIDER): Code.REDEEM,
    (AccountKind.RESIDENT, AccountKind.RESIDENT): Code.MOVE,
    (AccountKind.SHOP, AccountKind.ISSUANCE): Code.SETTLE,
    (AccountKind.PROVIDER, AccountKind.ISSUANCE): Code.SETTLE,
    (AccountKind.LOSS, AccountKind.SHOP): Code.CARRY,
    (AccountKind.RESIDENT, AccountKind.BREAKAGE): Code.GIVE_UP,
}


class Ledger:
    """Numbers of accounts by name; what is laid out is committed where the test's own transaction is."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.accounts: dict[str, int] = {}
        self.kinds: dict[str, AccountKind] = {}

    def opened(self, name: str, kind: AccountKind) -> int:
        with transaction.atomic(), self.cast.everything() as by:
            if kind in HOUSE:
                account = house_account(kind=kind, by=by)
            else:
                account = open_account(kind=kind, area=self.cast.own.pk, by=by, **self.whose(kind, name))
        self.accounts[name], self.kinds[name] = account.pk, kind
        return account.pk

    def whose(self, kind: AccountKind, name: str) -> dict[str, Any]:
        if kind is AccountKind.RESIDENT:
            return {"resident": self.cast.resident(self.cast.household(), name).pk}
        if kind is AccountKind.HOUSEHOLD:
            return {"household": self.cast.household().pk}
        return {"unit": self.cast.committee.pk} if kind is AccountKind.UNIT else {"name": name}

    def posting(self, debit: str, credit: str, amount: int, about: str = "") -> Posting:
        code = CODES[self.kinds[debit], self.kinds[credit]]
        return Posting(self.accounts[debit], self.accounts[credit], amount, code, about)

    def post(self, *postings: tuple[Any, ...], key: str = "", caller: str = "tests", by: Actor = BY) -> Answer:
        made = [self.posting(*one) for one in postings]
        return post_transfers(caller=caller, key=key or str(new_id()), postings=made, by=by)

    def has(self, name: str) -> int:
        return balance_of(self.accounts[name]).available


def small(cast: Cast) -> Ledger:
    """Two residents, two shops, a budget, and the accounts of the house; the first resident has 30 points."""
    made = Ledger(cast)
    for name, kind in (
        ("issuance", AccountKind.ISSUANCE),
        ("loss", AccountKind.LOSS),
        ("breakage", AccountKind.BREAKAGE),
    ):
        made.opened(name, kind)
    for name, kind in (
        ("ann", AccountKind.RESIDENT),
        ("bo", AccountKind.RESIDENT),
        ("shop", AccountKind.SHOP),
        ("barber", AccountKind.PROVIDER),
    ):
        made.opened(name, kind)
    made.opened("feast", AccountKind.BUDGET)
    made.post(("issuance", "ann", 30))
    return made


def holds() -> bool:
    """The whole ledger is as it was written."""
    found = verify()
    assert not found, found
    return True

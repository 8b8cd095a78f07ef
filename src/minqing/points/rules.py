"""What the ledger may do, whoever asks. Pure; the database holds the same (``points_may``, migration 0002)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.core.surnames import COMPOUND
from minqing.org.enums import FIELD, OVERSIGHT, Role
from minqing.points.enums import OWNED, AccountKind, Code, Naming, Wish

# more than a county has ever given out: a slip of the keyboard, not a transfer
MOST: Final = 100_000_000
FUNDS: Final = frozenset({AccountKind.UNIT, AccountKind.BUDGET})
SELLERS: Final = frozenset({AccountKind.SHOP, AccountKind.PROVIDER})
ISSUANCE: Final = frozenset({AccountKind.ISSUANCE})
# what a transfer is for → from which accounts it takes, and to which it gives. From a person's account points go for
# goods, to another account of theirs, or because they are given up; never for what somebody did
ROUTES: Final[Mapping[Code, tuple[frozenset[AccountKind], frozenset[AccountKind]]]] = {
    Code.FUND: (ISSUANCE | {AccountKind.UNIT}, FUNDS),
    Code.AWARD: (ISSUANCE | FUNDS, OWNED),
    Code.OPENING: (ISSUANCE, OWNED),
    Code.REDEEM: (OWNED, SELLERS),
    Code.SETTLE: (SELLERS, ISSUANCE),
    Code.MOVE: (OWNED, OWNED),
    Code.CARRY: (frozenset({AccountKind.LOSS}), SELLERS),
    Code.GIVE_UP: (OWNED | FUNDS, frozenset({AccountKind.BREAKAGE})),
    Code.EXPIRE: (OWNED, frozenset({AccountKind.EXPIRY})),
    # what takes an earlier transfer back, and only that (``points_reverse``): a wrong one is made good, nobody is fined
    Code.CORRECT: (OWNED | FUNDS | SELLERS | ISSUANCE, OWNED | FUNDS | ISSUANCE),
    Code.WRITE_OFF: (frozenset({AccountKind.LOSS}), OWNED | FUNDS | ISSUANCE),
}
# these are taken back; what takes back is not taken back again, and what is settled was paid in money
REVERSIBLE: Final = frozenset({Code.FUND, Code.AWARD, Code.OPENING, Code.REDEEM, Code.MOVE})


def may(code: Code, debit: AccountKind, credit: AccountKind) -> bool:
    """Whether a transfer for ``code`` may take from an account of the one kind and give to one of the other."""
    takes, gives = ROUTES.get(code, (frozenset(), frozenset()))
    return debit in takes and credit in gives


def routes() -> Iterator[tuple[Code, AccountKind, AccountKind]]:
    for code in ROUTES:
        yield from (
            (code, debit, credit) for debit in AccountKind for credit in AccountKind if may(code, debit, credit)
        )


# who opens a person's account: those who have to do with the household; who sees sums: those in charge
ACCOUNTS: Final = FIELD
SUMS: Final = OVERSIGHT | {Role.CLERK, Role.VILLAGE_SECRETARY}
# of fewer people than that in a village it is not told how many took part
FEW: Final = 5

# younger ones are called by their household's number (PIPL, article 31: their data are sensitive)
CHILD: Final = 14

# who prints the sheet that a village posts, and who decides how people are called on it
SHEETS: Final = FIELD
NAMING: Final = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
# who puts points right that lie with nobody who can have them any more
MOVERS: Final = frozenset({Role.CLERK})
WISH_BY_CODE: Final = Limit("points.wish", 20, timedelta(minutes=1))
WISH_BY_ADDRESS: Final = Limit("points.wish_address", 240, timedelta(seconds=15))


def may_choose_naming(actor: Actor, area_id: int) -> Decision:
    """Whether the actor decides how a village calls people on its sheet."""
    if actor.has(*NAMING) and area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_secretary", _("How people are called is decided by the village secretary or the clerk."))


def may_move_points(actor: Actor, area_id: int, *, lives: bool = False) -> Decision:
    """Whether the actor moves what is in an account of that place to another one of the same household. ``lives``: it
    is the account of somebody who is of a household now, to whom it stays whatever anybody else thinks.
    """
    if not (actor.has(*MOVERS) and area_id in actor.areas):
        return Decision.no("not_clerk", _("Points are moved to another account by the township's clerk."))
    if lives:
        return Decision.no("still_theirs", _("These points stay with the person, who has neither left nor died."))
    return Decision.yes()


def may_say_wish(actor: Actor, *, area_id: int, household_id: UUID | None) -> Decision:
    """For oneself behind the code at the door; for who has no phone, those who look after the place."""
    own = actor.kind == "resident" and household_id is not None and actor.household == household_id
    if own or (actor.has(*ACCOUNTS) and area_id in actor.areas):
        return Decision.yes()
    return Decision.no("not_your_area", _("Only those who look after this place may do this."))


def may_be_named(born_on: date | None, today: date) -> bool:
    """Of a child no name stands on a wall, whoever says so: not before the day on which it is fourteen."""
    if born_on is None:
        return True
    before = (today.month, today.day) < (born_on.month, born_on.day)
    return today.year - born_on.year - before >= CHILD


def called(naming: Naming, wish: Wish, *, name: str, number: str) -> str | None:
    """How somebody is called on their village's sheet; None for who is not to be on it. No name is a household's."""
    if wish is Wish.OUT:
        return None
    if naming is Naming.NUMBER or not name:
        return number
    if naming is Naming.NAME and wish is Wish.NAME:
        return name
    return f"{name[:2] if name[:2] in COMPOUND else name[:1]}某"

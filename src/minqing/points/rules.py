"""What the ledger may do, whoever asks. Pure; the database holds the same (``points_may``, migration 0002)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from minqing.org.enums import FIELD, OVERSIGHT, Role
from minqing.points.enums import OWNED, Code, Kind

# more than a county has ever given out: a slip of the keyboard, not a transfer
MOST: Final = 100_000_000
FUNDS: Final = frozenset({Kind.UNIT, Kind.BUDGET})
SELLERS: Final = frozenset({Kind.SHOP, Kind.PROVIDER})
ISSUANCE: Final = frozenset({Kind.ISSUANCE})
# what a transfer is for → from which accounts it takes, and to which it gives. From a person's account points go for
# goods, to another account of theirs, or because they are given up; never for what somebody did
ROUTES: Final[Mapping[Code, tuple[frozenset[Kind], frozenset[Kind]]]] = {
    Code.FUND: (ISSUANCE | {Kind.UNIT}, FUNDS),
    Code.AWARD: (ISSUANCE | FUNDS, OWNED),
    Code.OPENING: (ISSUANCE, OWNED),
    Code.REDEEM: (OWNED, SELLERS),
    Code.SETTLE: (SELLERS, ISSUANCE),
    Code.MOVE: (OWNED, OWNED),
    Code.CARRY: (frozenset({Kind.LOSS}), SELLERS),
    Code.GIVE_UP: (OWNED | FUNDS, frozenset({Kind.BREAKAGE})),
    Code.EXPIRE: (OWNED, frozenset({Kind.EXPIRY})),
    # what takes an earlier transfer back, and only that (``points_reverse``): a wrong one is made good, nobody is fined
    Code.CORRECT: (OWNED | FUNDS | SELLERS | ISSUANCE, OWNED | FUNDS | ISSUANCE),
    Code.WRITE_OFF: (frozenset({Kind.LOSS}), OWNED | FUNDS | ISSUANCE),
}
# these are taken back; what takes back is not taken back again, and what is settled was paid in money
REVERSIBLE: Final = frozenset({Code.FUND, Code.AWARD, Code.OPENING, Code.REDEEM, Code.MOVE})


def may(code: Code, debit: Kind, credit: Kind) -> bool:
    """Whether a transfer for ``code`` may take from an account of the one kind and give to one of the other."""
    takes, gives = ROUTES.get(code, (frozenset(), frozenset()))
    return debit in takes and credit in gives


def routes() -> Iterator[tuple[Code, Kind, Kind]]:
    for code in ROUTES:
        yield from ((code, debit, credit) for debit in Kind for credit in Kind if may(code, debit, credit))


# who opens a person's account: those who have to do with the household; who sees sums: those in charge
ACCOUNTS: Final = FIELD
SUMS: Final = OVERSIGHT | {Role.CLERK, Role.VILLAGE_SECRETARY}
# of fewer people than that in a village it is not told how many took part
FEW: Final = 5

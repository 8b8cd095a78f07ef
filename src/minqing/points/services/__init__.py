"""What the ledger does. Nobody is asked here whether they may: the rooms that thank and sell ask that, and call."""

from minqing.points.services.accounts import (
    accounts_of_people,
    close_account,
    follow_holders,
    forget_holder,
    house_account,
    open_account,
    own_account,
)
from minqing.points.services.holds import hold_anew, post_hold, reserve, sweep_lapsed, void_hold
from minqing.points.services.moving import move_points
from minqing.points.services.sheets import choose_naming, say_wish
from minqing.points.services.transfers import Answer, Posting, post_transfer, post_transfers, reverse_transfer
from minqing.points.services.upkeep import close_month, fold_busy

__all__ = [
    "Answer",
    "Posting",
    "accounts_of_people",
    "choose_naming",
    "close_account",
    "close_month",
    "fold_busy",
    "follow_holders",
    "forget_holder",
    "hold_anew",
    "house_account",
    "move_points",
    "open_account",
    "own_account",
    "post_hold",
    "post_transfer",
    "post_transfers",
    "reserve",
    "reverse_transfer",
    "say_wish",
    "sweep_lapsed",
    "void_hold",
]

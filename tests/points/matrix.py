"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from tests.architecture.reasons import ONE_ROW, PROVED_IN

AT_ONCE = f"{PROVED_IN}tests/points/test_at_once.py"
TOLD_BY = {
    "points.services.accounts.forget_holder": "points.account.closed",
}
LOCKED = {
    "points.services.accounts.close_account": ONE_ROW,
    "points.services.accounts.follow_household": "holders of one household, whose balances nobody locks for it",
}
# the rooms that thank and sell ask who may, and call
INSIDE = {
    "points.services.accounts.close_account",
    "points.services.accounts.follow_household",
    "points.services.accounts.forget_holder",
    "points.services.accounts.house_account",
    "points.services.accounts.open_account",
    "points.services.holds.post_hold",
    "points.services.holds.reserve",
    "points.services.holds.sweep_lapsed",
    "points.services.holds.void_hold",
    "points.services.transfers.post_transfer",
    "points.services.transfers.post_transfers",
    "points.services.transfers.reverse_transfer",
    "points.services.upkeep.close_month",
    "points.services.upkeep.fold_busy",
}

"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from minqing.core import clock
from minqing.org.models import Area
from minqing.points.enums import AccountKind
from minqing.points.rules import (
    ACCOUNTS,
    MOVERS,
    NAMING,
    SHEETS,
    SUMS,
    may_choose_naming,
    may_move_points,
    may_say_wish,
)
from minqing.points.services import open_account
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ANYONE, HERE, TOWN, Line, Reach, door, planted
from tests.architecture.reasons import ONE_ROW, PROVED_IN
from tests.cast import Cast
from tests.privacy.canary import Placed


def account(cast: Cast, area: Area) -> tuple[Any, ...]:
    home = planted(cast, area)
    with cast.everything() as by:
        return (open_account(kind=AccountKind.HOUSEHOLD, area=area.pk, household=home.pk, by=by).pk,)


def passbook(cast: Cast, area: Area) -> tuple[Any, ...]:
    home = planted(cast, area)
    with cast.everything() as by:
        open_account(kind=AccountKind.HOUSEHOLD, area=area.pk, household=home.pk, by=by)
    return (home.pk,)


def village(_cast: Cast, area: Area) -> tuple[Any, ...]:
    return (area.pk,)


def behind(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (*door(cast, area), 1)


def printed(_cast: Cast, area: Area) -> tuple[Any, ...]:
    return (area.pk, f"{clock.today():%Y-%m}", "pdf")


REACH: Reach = {"cadre": HERE, "village_secretary": HERE, "clerk": TOWN}


def erased(cast: Cast, placed: Placed) -> None:
    with cast.everything() as by:
        open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, resident=placed.resident.pk, by=by)


CANARY = {erased}


LINES = {
    "points:sheet": Line(SHEETS),
    "points:sheet_file": Line(SHEETS, at=printed, reach=REACH),
    "points:naming": Line(NAMING, at=village, reach=REACH, post=True, ok=422),
    "points:wish": Line(ACCOUNTS, at=account, post=True, ok=302),
    "points:own_wish": Line(ANYONE, at=behind, post=True, ok=302),
    "points:own": Line(ANYONE, at=door),
    "points:overview": Line(SUMS),
    "points:account": Line(ACCOUNTS, at=account),
    "points:move": Line(MOVERS, at=account, reach={"clerk": TOWN}),
    "points:passbook": Line(ACCOUNTS, at=passbook),
}
BY_OTHER_WAYS = {
    "points:move": "from an account in which there are points",
    "points:account": "from the file of a household with points",
    "points:passbook": "from the file of a household with points",
}
ADDS = {"MoveForm"}
BY_SERVICE = {"points.forms.MoveForm": "points.services.moving.move_points"}
UNSEEN = {"own.html": "the phone forgets who one is; nothing is stored"}

TOGETHER = f"{PROVED_IN}tests/points/test_at_once.py"
ASKING = frozenset({"points:own_wish"})
ACTS = {
    "move_points": Act("points:move", at_home(may_move_points)),
    "choose_naming": Act("points:naming", at_home(may_choose_naming)),
    "say_wish": Act("points:wish", lambda cast, actor: may_say_wish(actor, area_id=cast.own.pk, household_id=None)),
}
WITHOUT_PAGE = dict.fromkeys(
    (
        "accounts_of_people",
        "close_account",
        "close_month",
        "fold_busy",
        "follow_holders",
        "forget_holder",
        "house_account",
        "open_account",
        "own_account",
        "hold_anew",
        "post_hold",
        "post_transfer",
        "post_transfers",
        "reserve",
        "reverse_transfer",
        "sweep_lapsed",
        "void_hold",
    ),
    "called by the rooms that thank and sell, or by a job",
)
TOLD_BY = {
    "points.services.accounts.forget_holder": "points.account.closed",
}
LOCKED = {
    "points.services.accounts.close_account": ONE_ROW,
    "points.services.sheets.say_wish": ONE_ROW,
    "points.services.accounts.follow_holders": "holders of one household; the database locks their balances in order",
}
# for whoever is known at the door of their household alone
BY_TOKEN = {"points.services.accounts.own_account"}
# the rooms that thank and sell ask who may, and call
INSIDE = {
    "points.services.accounts.accounts_of_people",
    "points.services.accounts.close_account",
    "points.services.accounts.follow_holders",
    "points.services.accounts.forget_holder",
    "points.services.accounts.house_account",
    "points.services.accounts.open_account",
    "points.services.holds.hold_anew",
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


def taken_home(cast: Cast, who: Any) -> Any:
    home = cast.household(number="H-1")
    with cast.everything() as by:
        open_account(kind=AccountKind.HOUSEHOLD, area=cast.own.pk, household=home.pk, by=by)
    return who.get(reverse("points:passbook", args=[home.pk]))


def posted(cast: Cast, who: Any) -> Any:
    return who.get(reverse("points:sheet_file", args=[cast.own.pk, f"{clock.today():%Y-%m}", "pdf"]))


DOWNLOADS = {
    "wall": ("points/views/sheets.py", posted,
             ("香榧币公示榜-棠溪村-2026-11.pdf", "香榧幣公示榜-棠溪村-2026-11.pdf",
              "Public sheet of points-棠溪村-2026-11.pdf")),
    "passbook": ("points/views/staff.py", taken_home,
                 ("生态存折-H-1.pdf", "生態存摺-H-1.pdf", "Passbook of points-H-1.pdf")),
}  # fmt: skip
NO_MARKS = {
    "points.Transfer.credit": "the account to which a transfer gives, as bookkeepers call it",
    "points.Hold.credit": "the account for which points are held",
}
CHECKED = {("points_villagesheet", "naming"): "'surname'"}
FINDINGS = {"points"}
STAFFED = {
    "points.Holder.unit": "whose account of the ledger it is, which stays",
}

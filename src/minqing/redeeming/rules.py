"""Who keeps what points are redeemed for. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.org.enums import FIELD, OVERSIGHT, Role

KEEPERS: Final = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
READERS: Final = FIELD | OVERSIGHT
# what one thing may cost, and how often a month somebody may have it: more is a slip of the keyboard
DEAREST: Final = 100_000
OFTEN: Final = 999


def may_keep(actor: Actor, area_id: int) -> Decision:
    """Whether the actor says what there is for points in that area, and in which shops."""
    if not actor.has(*KEEPERS):
        return Decision.no(
            "not_keeper", _("What there is for points is kept by the village secretary or the township clerk.")
        )
    if area_id not in actor.areas:
        return Decision.no("other_area", _("This place is not in your area."))
    return Decision.yes()


def may_bring(actor: Actor, area_id: int) -> Decision:
    """Whether the actor brings the papers of shops of that area; the operator's command does too."""
    return Decision.yes() if actor.kind == "system" else may_keep(actor, area_id)


def may_settle(actor: Actor, area_id: int, keepers: Collection[UUID]) -> Decision:
    """Whether the actor says why paper and ledger of a shop of that area differ: not who takes points there."""
    if actor.id is not None and actor.id in keepers:
        return Decision.no("own_shop", _("Who takes points in a shop does not settle what differs there."))
    return may_keep(actor, area_id)


LONGEST_WORDS: Final = 200
TILL: Final = FIELD
SHOPS: Final = TILL | OVERSIGHT
# how long a code is good that a resident shows, and how many digits it has
SHOWN_FOR: Final = timedelta(seconds=90)
DIGITS: Final = 8
# at a door; a mistake costs nothing, and a shop is no place to wait in
SHOW_BY_CODE: Final = Limit("redeeming.show", 20, timedelta(minutes=1))
SHOW_BY_ADDRESS: Final = Limit("redeeming.address", 120, timedelta(seconds=10))
# a code is good for so many points, unless whoever shows it says another number; how long it is told what was taken
SHOWN_MOST: Final = 50
TOLD_FOR: Final = timedelta(minutes=10)
# what is handed over at once
MOST_AT_ONCE: Final = 20


def may_sell(actor: Actor, area_id: int, keepers: Collection[UUID]) -> Decision:
    """Whether the actor takes points in a shop of that area with these keepers."""
    if actor.id is None or actor.id not in keepers or not actor.has(*TILL):
        return Decision.no("not_shopkeeper", _("Points are taken here by the people of this shop."))
    if area_id not in actor.areas:
        return Decision.no("other_area", _("This place is not in your area."))
    return Decision.yes()

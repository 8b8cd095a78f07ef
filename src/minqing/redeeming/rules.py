"""Who keeps what points are redeemed for. Pure."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
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

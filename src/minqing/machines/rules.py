"""Who looks after machines, and the times that an exchange has. Pure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import Role

# who sets machines up and gives them keys; who fills them, looks and decides; who sees them
HEADS: Final = frozenset({Role.CLERK})
KEEPERS: Final = HEADS | {Role.VILLAGE_SECRETARY}
READERS: Final = KEEPERS | {Role.LEADER}

# so long a machine has to fetch a command, by the server's clock; the points held for it are free a moment later
COMMAND: Final = timedelta(seconds=30)
HOLD: Final = COMMAND + timedelta(seconds=5)
# once the machine was told, the points are held until it is known what dropped
HOLD_GIVEN: Final = timedelta(days=60)
# so long after the command's end nothing was heard: what became of it is not known
SILENT: Final = timedelta(seconds=60)
# a machine that was not heard of for so long is not offered
ONLINE: Final = timedelta(seconds=20)
# so long somebody who has scanned may choose
CHOOSING: Final = timedelta(minutes=5)
# a slot that has failed so often in a row is closed until somebody has looked
FAILURES: Final = 3
WARMEST: Final = Decimal(12)
MOST_STOCK: Final = 999


def may_set_up(actor: Actor, area_id: int) -> Decision:
    """Whether the actor sets up machines in that area and gives them keys; the operator's command does too."""
    if actor.kind != "system" and not actor.has(*HEADS):
        return Decision.no("not_clerk", _("Machines are set up by the township's clerk."))
    return in_area(actor, area_id)


def may_keep(actor: Actor, area_id: int) -> Decision:
    """Whether the actor fills machines of that area, locks them, and says what dropped."""
    if not actor.has(*KEEPERS):
        return Decision.no("not_keeper", _("Machines are kept by the village secretary or the clerk."))
    return in_area(actor, area_id)


def in_area(actor: Actor, area_id: int) -> Decision:
    if area_id not in actor.areas:
        return Decision.no("other_area", _("This place is not in your area."))
    return Decision.yes()

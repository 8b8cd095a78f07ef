"""Who may change routing rules, and who may look at them. Pure."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import Level, Role
from minqing.routing.enums import RouteMove, RouteState
from minqing.routing.lifecycle import ROUTE_SET

KEEPERS: Final = frozenset({Role.CLERK})
LOOKERS: Final = KEEPERS | {Role.OPERATOR}
# whose rules there are: a township's and the county's
OWNERS: Final = frozenset({Level.CITY, Level.TOWNSHIP})


def may_keep_routes(actor: Actor, *, area_id: int, level: str) -> Decision:
    """A clerk keeps the rules of the township or county of the post; the system loads them from a file."""
    if level not in set(OWNERS):
        return Decision.no("no_routes_here", _("Only a township and the county have routing rules."))
    if area_id in actor.areas and (actor.kind == "system" or actor.has(*KEEPERS)):
        return Decision.yes()
    return Decision.no("not_keeper", _("Only a clerk of this place may change its routing rules."))


def may_move_routes(move: RouteMove, state: RouteState) -> Decision:
    if ROUTE_SET.target(state, move):
        return Decision.yes()
    return Decision.no("wrong_state", _("These rules do not stand where this can be done. Reload the page."))

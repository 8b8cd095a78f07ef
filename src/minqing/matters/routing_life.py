"""The life of a set of rules as a table, and who may change it. Pure.

A set is changed as a draft alone; once it was live it stays as it was, so that a former version can come back.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.lifecycle import Lifecycle
from minqing.org.enums import Level, Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class RouteState(StrEnum):
    """Where a set of rules stands."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"

    @property
    def label(self) -> StrOrPromise:
        return STATE_LABELS[self]


STATE_LABELS = {
    RouteState.DRAFT: _("Draft"),
    RouteState.LIVE: _("Live"),
    RouteState.RETIRED: _("Former version"),
}


class RouteMove(StrEnum):
    """What can be done with a set as a whole."""

    GO_LIVE = "go_live"
    RETIRE = "retire"
    ROLL_BACK = "roll_back"

    @property
    def label(self) -> StrOrPromise:
        return MOVE_LABELS[self]


MOVE_LABELS = {
    RouteMove.GO_LIVE: _("Put into force"),
    RouteMove.RETIRE: _("Put out of force"),
    RouteMove.ROLL_BACK: _("Back to this version"),
}
ROUTE_SET: Final = Lifecycle[RouteState, RouteMove](
    {
        (RouteState.DRAFT, RouteMove.GO_LIVE): RouteState.LIVE,
        (RouteState.LIVE, RouteMove.RETIRE): RouteState.RETIRED,
        (RouteState.RETIRED, RouteMove.ROLL_BACK): RouteState.LIVE,
    },
    begins=RouteState.DRAFT,
)
# whose rules there are: a township's and the county's
OWNERS: Final = frozenset({Level.CITY, Level.TOWNSHIP})


def may_keep_routes(actor: Actor, *, area_id: int, level: str) -> Decision:
    """A clerk keeps the rules of the township or county of the post; the system loads them from a file."""
    if level not in set(OWNERS):
        return Decision.no("no_routes_here", _("Only a township and the county have routing rules."))
    if area_id in actor.areas and (actor.kind == "system" or actor.has(Role.CLERK)):
        return Decision.yes()
    return Decision.no("not_keeper", _("Only a clerk of this place may change its routing rules."))


def may_move_routes(move: RouteMove, state: RouteState) -> Decision:
    if ROUTE_SET.target(state, move):
        return Decision.yes()
    return Decision.no("wrong_state", _("These rules do not stand where this can be done. Reload the page."))

"""The life of a set of rules as a table. Pure.

A set is changed as a draft alone; once it was live it stays as it was, so that a former version can come back.
"""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.routing.enums import RouteMove, RouteState

ROUTE_SET: Final = Lifecycle[RouteState, RouteMove](
    {
        (RouteState.DRAFT, RouteMove.GO_LIVE): RouteState.LIVE,
        (RouteState.LIVE, RouteMove.RETIRE): RouteState.RETIRED,
        (RouteState.LIVE, RouteMove.GIVE_WAY): RouteState.RETIRED,
        (RouteState.RETIRED, RouteMove.ROLL_BACK): RouteState.LIVE,
    },
    begins=RouteState.DRAFT,
)

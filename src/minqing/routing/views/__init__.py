"""Pages of routing."""

from minqing.routing.views.drafts import case_drop, case_edit, case_new, route_do, route_edit, route_new
from minqing.routing.views.routes import routes, routes_draft, routes_move, routes_set, routes_try
from minqing.routing.views.triage import bulk, bulk_undo, route, triage, undo
from minqing.routing.views.trials import route_matters, routes_replay

__all__ = [
    "bulk",
    "bulk_undo",
    "case_drop",
    "case_edit",
    "case_new",
    "route",
    "route_do",
    "route_edit",
    "route_matters",
    "route_new",
    "routes",
    "routes_draft",
    "routes_move",
    "routes_replay",
    "routes_set",
    "routes_try",
    "triage",
    "undo",
]

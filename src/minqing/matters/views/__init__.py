"""Pages of matters."""

from minqing.matters.views.detail import detail, move, picture, reporter
from minqing.matters.views.listing import listing, new
from minqing.matters.views.route_edit import case_drop, case_edit, case_new, route_do, route_edit, route_new
from minqing.matters.views.route_trials import route_matters, routes_replay
from minqing.matters.views.routes import routes, routes_draft, routes_move, routes_set, routes_try
from minqing.matters.views.triage import route, triage

__all__ = [
    "case_drop",
    "case_edit",
    "case_new",
    "detail",
    "listing",
    "move",
    "new",
    "picture",
    "reporter",
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
]

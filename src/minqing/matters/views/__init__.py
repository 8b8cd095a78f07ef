"""Pages of matters."""

from minqing.matters.views.detail import detail, move, picture, reporter
from minqing.matters.views.listing import listing
from minqing.matters.views.printing import sheet, slip, slips
from minqing.matters.views.publication import publication, publication_act, waiting
from minqing.matters.views.route_edit import case_drop, case_edit, case_new, route_do, route_edit, route_new
from minqing.matters.views.route_trials import route_matters, routes_replay
from minqing.matters.views.routes import routes, routes_draft, routes_move, routes_set, routes_try
from minqing.matters.views.taking_in import new, taken
from minqing.matters.views.triage import route, triage
from minqing.matters.views.wall import wall, wall_figures
from minqing.matters.views.work import work

__all__ = [
    "case_drop",
    "case_edit",
    "case_new",
    "detail",
    "listing",
    "move",
    "new",
    "picture",
    "publication",
    "publication_act",
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
    "sheet",
    "slip",
    "slips",
    "taken",
    "triage",
    "waiting",
    "wall",
    "wall_figures",
    "work",
]

"""Pages of matters."""

from minqing.matters.views.bulk import bulk
from minqing.matters.views.detail import detail, move, picture, reporter
from minqing.matters.views.keeping import (
    filter_drop,
    filter_list,
    filter_save,
    phrase_drop,
    phrase_list,
    phrases_here,
)
from minqing.matters.views.ladder import ladder
from minqing.matters.views.listing import listing
from minqing.matters.views.norms import norms
from minqing.matters.views.printing import sheet, slip, slips
from minqing.matters.views.route_edit import case_drop, case_edit, case_new, route_do, route_edit, route_new
from minqing.matters.views.route_trials import route_matters, routes_replay
from minqing.matters.views.routes import routes, routes_draft, routes_move, routes_set, routes_try
from minqing.matters.views.similar import alike, similar, together
from minqing.matters.views.taking_in import new, taken
from minqing.matters.views.triage import route, triage
from minqing.matters.views.wall import wall
from minqing.matters.views.work import work

__all__ = [
    "alike",
    "bulk",
    "case_drop",
    "case_edit",
    "case_new",
    "detail",
    "filter_drop",
    "filter_list",
    "filter_save",
    "ladder",
    "listing",
    "move",
    "new",
    "norms",
    "phrase_drop",
    "phrase_list",
    "phrases_here",
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
    "sheet",
    "similar",
    "slip",
    "slips",
    "taken",
    "together",
    "triage",
    "waiting",
    "wall",
    "work",
]

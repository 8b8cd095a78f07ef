"""Writes of routing. Each takes the id that its form was made with, so that sending twice does it once."""

from minqing.routing.services.drafts import (
    add_case,
    add_route,
    discard_draft,
    draft_routes,
    drop_case,
    drop_route,
    move_route,
    problems,
    save_case,
    save_route,
)
from minqing.routing.services.files import export_routes, load_routes
from minqing.routing.services.trials import replay_routes, try_cases, try_text
from minqing.routing.services.versions import go_live, ready_to_go_live, retire_routes, roll_back_routes

__all__ = [
    "add_case",
    "add_route",
    "discard_draft",
    "draft_routes",
    "drop_case",
    "drop_route",
    "export_routes",
    "go_live",
    "load_routes",
    "move_route",
    "problems",
    "ready_to_go_live",
    "replay_routes",
    "retire_routes",
    "roll_back_routes",
    "save_case",
    "save_route",
    "try_cases",
    "try_text",
]

"""Writes of matters. Each takes the id that its form was made with, so that sending twice does it once."""

from minqing.matters.services.categories import load_categories
from minqing.matters.services.closing import confirm_matter, reopen_matter, withdraw_matter
from minqing.matters.services.handling import accept_matter, finish_matter, note_progress, send_back_matter
from minqing.matters.services.looking import reveal_reporter
from minqing.matters.services.reporting import report_matter
from minqing.matters.services.routing import assign_matter, classify_matter

__all__ = [
    "accept_matter",
    "assign_matter",
    "classify_matter",
    "confirm_matter",
    "finish_matter",
    "load_categories",
    "note_progress",
    "reopen_matter",
    "report_matter",
    "reveal_reporter",
    "send_back_matter",
    "withdraw_matter",
]

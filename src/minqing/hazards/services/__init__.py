"""Writes of hazards and of the checklists by which they are found."""

from minqing.hazards.services.checklists import add_checklist, change_checklist, load_checklists
from minqing.hazards.services.hazards import (
    UPKEEP,
    close_hazard,
    confirm_hazard,
    dismiss_hazard,
    find_hazard,
    follow_hazards,
    put_right_hazard,
    send_back_hazard,
    withdraw_hazard,
)
from minqing.hazards.services.more_time import ask_more_time, grant_more_time, refuse_more_time
from minqing.hazards.services.raising import follow_matter, raise_hazard
from minqing.hazards.services.seen import Seen, add_found_picture, find_seen

__all__ = [
    "UPKEEP",
    "Seen",
    "add_checklist",
    "add_found_picture",
    "ask_more_time",
    "change_checklist",
    "close_hazard",
    "confirm_hazard",
    "dismiss_hazard",
    "find_hazard",
    "find_seen",
    "follow_hazards",
    "follow_matter",
    "grant_more_time",
    "load_checklists",
    "put_right_hazard",
    "raise_hazard",
    "refuse_more_time",
    "send_back_hazard",
    "withdraw_hazard",
]

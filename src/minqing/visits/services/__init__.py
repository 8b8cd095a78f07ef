"""Writes of visits: the diary, files changed on a phone, who cares for which household, the kept counts of days."""

from __future__ import annotations

from minqing.visits.services.assignments import (
    HouseholdRef,
    assign_household,
    assign_households,
    end_assignment,
    hand_over_care,
)
from minqing.visits.services.campaigns import close_campaign, open_campaign
from minqing.visits.services.days import (
    count_next_visit_days,
    count_stale_visit_days,
    rebuild_visit_days,
    wrong_visit_days,
)
from minqing.visits.services.diary import ELSE, NewMatter, hazard_note, record_visit
from minqing.visits.services.files import decide_conflict, join_file
from minqing.visits.services.moves import follow_household
from minqing.visits.services.photos import add_photo, held_visit
from minqing.visits.services.promises import make_promise, settle_promise

__all__ = [
    "ELSE",
    "HouseholdRef",
    "NewMatter",
    "add_photo",
    "assign_household",
    "assign_households",
    "close_campaign",
    "count_next_visit_days",
    "count_stale_visit_days",
    "decide_conflict",
    "end_assignment",
    "follow_household",
    "hand_over_care",
    "hazard_note",
    "held_visit",
    "join_file",
    "make_promise",
    "open_campaign",
    "rebuild_visit_days",
    "record_visit",
    "settle_promise",
    "wrong_visit_days",
]

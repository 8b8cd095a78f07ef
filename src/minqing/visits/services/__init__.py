"""Writes of visits: the diary, who cares for which household, and the kept counts of days."""

from __future__ import annotations

from minqing.visits.services.assignments import HouseholdRef, assign_household, assign_households, end_assignment
from minqing.visits.services.days import (
    count_next_visit_days,
    count_stale_visit_days,
    rebuild_visit_days,
    wrong_visit_days,
)
from minqing.visits.services.diary import NewMatter, hazard_note, record_visit
from minqing.visits.services.moves import follow_household

__all__ = [
    "HouseholdRef",
    "NewMatter",
    "assign_household",
    "assign_households",
    "count_next_visit_days",
    "count_stale_visit_days",
    "end_assignment",
    "follow_household",
    "hazard_note",
    "rebuild_visit_days",
    "record_visit",
    "wrong_visit_days",
]

"""Writes of visits: the diary, and who cares for which household."""

from __future__ import annotations

from minqing.visits.services.assignments import assign_household, assign_households, end_assignment
from minqing.visits.services.diary import NewMatter, hazard_note, record_visit
from minqing.visits.services.moves import follow_household

__all__ = [
    "NewMatter",
    "assign_household",
    "assign_households",
    "end_assignment",
    "follow_household",
    "hazard_note",
    "record_visit",
]

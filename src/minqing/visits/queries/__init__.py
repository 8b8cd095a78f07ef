"""Reading visits. Nothing else decides which visits, diaries and assignments an actor sees."""

from minqing.visits.queries.days import households_met
from minqing.visits.queries.visibility import (
    SOMEBODY,
    Shown,
    cadres_at,
    carers_of,
    due_assignments,
    filtered,
    hazards_of,
    in_care,
    last_visits,
    matters_raised,
    member_label,
    visible_assignments,
    visible_entries,
    visible_photos,
    visible_visits,
    with_diary,
    written_today,
)

__all__ = [
    "SOMEBODY",
    "Shown",
    "cadres_at",
    "carers_of",
    "due_assignments",
    "filtered",
    "hazards_of",
    "households_met",
    "in_care",
    "last_visits",
    "matters_raised",
    "member_label",
    "visible_assignments",
    "visible_entries",
    "visible_photos",
    "visible_visits",
    "with_diary",
    "written_today",
]

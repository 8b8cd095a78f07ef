"""What may be seen of activities, and of who has signed up."""

from minqing.activities.queries.activities import (
    activity_for,
    activity_sent,
    came_to,
    seats_of,
    visible_activities,
)
from minqing.activities.queries.people import in_turn, listed, sign_up_for_staff, sign_up_sent, visible_sign_ups

__all__ = [
    "activity_for",
    "activity_sent",
    "came_to",
    "in_turn",
    "listed",
    "seats_of",
    "sign_up_for_staff",
    "sign_up_sent",
    "visible_activities",
    "visible_sign_ups",
]

"""Pages of visits."""

from __future__ import annotations

from minqing.visits.views.care import care, end_care, hand_over
from minqing.visits.views.conflicts import conflict
from minqing.visits.views.diary import new_visit
from minqing.visits.views.promises import promise
from minqing.visits.views.reading import show_picture, show_visit

__all__ = ["care", "conflict", "end_care", "hand_over", "new_visit", "promise", "show_picture", "show_visit"]

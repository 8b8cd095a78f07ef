"""Pages of the desk."""

from __future__ import annotations

from minqing.desk.views.leader import leader, map_data
from minqing.desk.views.today import today

__all__ = ["leader", "map_data", "today"]

"""Pages of the desk."""

from __future__ import annotations

from minqing.desk.views.find import find
from minqing.desk.views.leader import leader
from minqing.desk.views.operator import look, operator, setup
from minqing.desk.views.today import today

__all__ = ["find", "leader", "look", "operator", "setup", "today"]

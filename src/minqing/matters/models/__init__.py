"""Matters 民情事项: what somebody raised, who handles it, every step, and the reporter's own word at the end."""

from minqing.matters.models.category import Category
from minqing.matters.models.matter import Matter, Reporter
from minqing.matters.models.steps import SUGGESTER, Confirmation, Evidence, Step

__all__ = ["SUGGESTER", "Category", "Confirmation", "Evidence", "Matter", "Reporter", "Step"]

"""Matters 民情事项: what somebody raised, who handles it, every step, and the reporter's own word at the end."""

from minqing.matters.models.category import Category
from minqing.matters.models.clocks import Clock, Extension, Pause
from minqing.matters.models.days import DayCount, StaleDay
from minqing.matters.models.joint import CallBack, Part, Supervision
from minqing.matters.models.matter import Matter, Reporter
from minqing.matters.models.steps import SUGGESTER, Confirmation, Evidence, Step
from minqing.matters.models.working import Phrase

__all__ = [
    "SUGGESTER",
    "CallBack",
    "Category",
    "Clock",
    "Confirmation",
    "DayCount",
    "Evidence",
    "Extension",
    "Matter",
    "Part",
    "Pause",
    "Phrase",
    "Reporter",
    "StaleDay",
    "Step",
    "Supervision",
]

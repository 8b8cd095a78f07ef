"""Deadlines that are right and explain themselves. Pure: no database, nothing is remembered between calls.

:func:`reckon` takes what the rows say (start, target, pauses, extensions) and gives when the clock is due, how it
stands and why; calling it again, for one clock or for thousands, gives the same. So a changed target, a late pause
or a changed day of the calendar needs no correction of what was computed before: it is computed anew.
"""

from minqing.deadlines.due_dates import Reckoning, reckon
from minqing.deadlines.explaining import explain, term
from minqing.deadlines.shapes import Extension, Pause, Reason, Target, Unit

__all__ = ["Extension", "Pause", "Reason", "Reckoning", "Target", "Unit", "explain", "reckon", "term"]

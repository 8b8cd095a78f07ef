"""The parts of supporting units: how they move, and what moves of the whole matter do to them.

Nothing here is a move of its own: the services of moves call it inside their transaction.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Conflict
from minqing.journal.moves import Moves
from minqing.matters.enums import PART_OPEN, ClockKind, Move, PartState
from minqing.matters.lifecycle import PART
from minqing.matters.models import Matter, Part
from minqing.matters.services.clocks import stop_clocks
from minqing.matters.services.steps import Turn

# the event of the matter's own move tells of its parts
PARTS: Final = Moves(
    model=Part,
    lifecycle=PART,
    events={},
    subject=lambda row: f"matter:{row.matter_id}",
    closed=lambda: Conflict(
        "part_state", _("That is not possible with this part now. Reload the page and look again.")
    ),
)


def take_back(turn: Turn, *, unit: int | None = None) -> list[str]:
    """Take back the parts that are still to be settled, or ``unit``'s alone; returns their ids for the event.

    What was replied stays: it is part of what was done.
    """
    if not turn.matter.supporting:
        return []
    waiting = turn.matter.parts.filter(state__in=PART_OPEN)
    rows = list(waiting if unit is None else waiting.filter(unit=unit))
    for row in rows:
        stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.PART,), part=row, counts=False)
    PARTS.move_all(Part.objects.filter(pk__in=[row.pk for row in rows]), Move.DROP_PART, handler=None)
    return [str(row.pk) for row in rows]


def sharing(matter: Matter) -> list[int]:
    """The units that have a part now: what ``Matter.supporting`` is to be."""
    parts = Part.objects.filter(matter=matter).exclude(state=PartState.DROPPED.value)
    return sorted(set(parts.values_list("unit_id", flat=True)))

"""What units said when they sent a matter back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from minqing.matters.enums import Move
from minqing.matters.models import Step
from minqing.matters.protocols import MatterLike

# how services/handling.py ends the text of such a step
ARROW = "\n→ "


@dataclass(frozen=True, slots=True)
class SentBack:
    """``units`` that have sent it back so far; of the last one its name, its reason and whom it ``named``."""

    units: frozenset[int]
    unit: str
    reason: str
    named: str


def sent_back(matters: Iterable[MatterLike]) -> dict[UUID, SentBack]:
    """By matter id, of those that were sent back and wait again; one query, none where there are none."""
    ids = [matter.pk for matter in matters if matter.refusals]
    found: dict[UUID, SentBack] = {}
    if not ids:
        return found
    steps = Step.objects.filter(matter__in=ids, move=Move.SEND_BACK.value).select_related("unit").order_by("at", "id")
    for step in steps:
        before = found[step.matter_id].units if step.matter_id in found else frozenset()
        reason, arrow, named = step.text.rpartition(ARROW)
        if not arrow:
            # nobody was named: all of it is the reason
            reason, named = named, ""
        units = before | ({step.unit_id} if step.unit_id is not None else frozenset())
        found[step.matter_id] = SentBack(units, step.unit.name if step.unit else "", reason, named)
    return found

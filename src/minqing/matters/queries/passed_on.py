"""Where a matter went that somebody had before: as much of it as may be told to who does not see it any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from minqing.core.actor import Actor
from minqing.matters.enums import Move
from minqing.matters.models import Matter, Part, Step
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as

# moves that give a matter to a unit: the unit of such a step is the one that has it from then on
GIVING: Final = (Move.ASSIGN.value, Move.DECIDE.value, Move.TRANSFER.value)


@dataclass(frozen=True, slots=True)
class Gone:
    """Its number, and to which unit it went and when; without a unit that may not be told."""

    number: str
    unit: str = ""
    at: datetime | None = None


def moment_in(seen: str) -> datetime | None:
    """The newest step of the matter as a form's version names it; None where it is no version of ours."""
    try:
        moment = datetime.fromisoformat(seen.rpartition("|")[2])
    except ValueError:
        return None
    # we write it with its zone: one without was not written by us
    return moment if moment.tzinfo else None


def gone_from(actor: Actor, matter_id: UUID, seen: str) -> Gone | None:
    """What became of a matter that the actor's unit had in the version ``seen``; None where it never was theirs.

    Neither words nor places: the number, which stood on the page that was sent, and unit and time of what the unit
    itself would have read in the history. Where a confidential matter went is for those who have it.
    """
    since = moment_in(seen)
    if since is None or seen.rpartition("|")[0] != f"matter:{matter_id}" or not actor.units:
        return None
    with acting_as(system_actor("matters.follow")):
        matter = Matter.objects.filter(pk=matter_id).first()
        if matter is None or not had(actor, matter_id, since):
            return None
        given = Step.objects.filter(matter=matter_id, at__gt=since, move__in=GIVING).select_related("unit")
        last = given.order_by("at", "id").last()
        if last is None or last.unit is None or matter.confidential:
            return Gone(matter.number)
        return Gone(matter.number, last.unit.name, last.at)


def had(actor: Actor, matter_id: UUID, moment: datetime) -> bool:
    """Whether one of the actor's units led or supported the matter after its step of that moment."""
    steps = Step.objects.filter(matter=matter_id, at__lte=moment).order_by("at", "id")
    if not steps.filter(at=moment).exists():
        return False
    lead = steps.filter(move__in=GIVING).values_list("unit_id", flat=True).last()
    asked = Part.objects.filter(matter=matter_id, unit__in=actor.units, asked_at__lte=moment)
    return lead in actor.units or asked.exists()

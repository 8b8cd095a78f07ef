"""Within the unit that has a matter, or a part of it, one person has it in hand: named, or by the own word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.journal.services import Json
from minqing.matters.enums import Move
from minqing.matters.models import Matter, Part
from minqing.matters.queries.dossier import PartRow, WholeRow, dossier_of
from minqing.matters.queries.handlers import NO_HANDLER, stint_of
from minqing.matters.rules import may_name, may_take
from minqing.matters.services.steps import Turn, begin, finish, once
from minqing.matters.words import in_house
from minqing.org.enums import DESK
from minqing.org.queries.staff import people_of_unit


@once
def name_handler(*, id: UUID, matter: Matter, handler: UUID | None, by: Actor, at: datetime | None = None) -> Matter:
    """Say who of the actor's unit handles what it has of the matter; None: nobody yet, it is open to all again.

    Raises Invalid for somebody who does not handle matters in that unit. The others of the unit may act as before.
    """
    turn = begin(id=id, matter=matter, move=Move.NAME, by=by, at=at)
    if turn.done:
        return turn.matter
    row = own_stint(turn)
    # whoever is named gives it back, and to nobody else
    may_name(by, named_in(row) if handler is None else None).require()
    if handler is None:
        return hand_to(turn, row, None, in_house(NO_HANDLER))
    person = next((one for one in people_of_unit(row.unit_id or 0, DESK) if one.pk == handler), None)
    if person is None:
        raise Invalid("handler", _("Choose somebody who handles matters in this unit."))
    return hand_to(turn, row, person.pk, person.name)


@once
def take_matter(*, id: UUID, matter: Matter, by: Actor, at: datetime | None = None) -> Matter:
    """What the own unit has of the matter, while nobody there has it. Who comes second is told who has."""
    turn = begin(id=id, matter=matter, move=Move.TAKE, by=by, at=at)
    if turn.done:
        return turn.matter
    row = own_stint(turn)
    may = may_take(by, named_in(row), row.handler)
    if not may:
        raise Conflict(may.code, may.reason)
    return hand_to(turn, row, by.person, "")


def own_stint(turn: Turn) -> WholeRow | PartRow:
    row = stint_of(turn.by, dossier_of(turn.matter.pk))
    if row is None:
        raise Conflict("no_part", _("Your unit has no open part of this matter."))
    return row


def named_in(row: WholeRow | PartRow) -> UUID | None:
    """Who has left the unit has nothing of it any more."""
    return row.handler_id if row.handler else None


def hand_to(turn: Turn, row: WholeRow | PartRow, person: UUID | None, text: str) -> Matter:
    data: dict[str, Json] = {"handler": str(person) if person else None}
    if isinstance(row, WholeRow):
        return finish(turn, text=text, public=False, data=data, handler_id=person)
    part = Part.objects.select_related("unit").get(pk=row.id)
    part.handler_id = person
    part.save(update_fields=["handler"])
    return finish(turn, text=text, public=False, unit=part.unit, data=data | {"part": str(part.pk)})

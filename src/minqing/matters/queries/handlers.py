"""Who in a unit has a matter, or the unit's part of it: whom the unit named, while that person has a post there.

A fact of the work and no score: nothing is counted by person, and it opens and closes nothing to anybody.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.matters.enums import PartState, State
from minqing.matters.models import Matter, Part
from minqing.matters.queries.dossier import Dossier, PartRow, WholeRow
from minqing.matters.rules import NAMERS
from minqing.org.enums import DESK
from minqing.org.queries.staff import name_in_unit, works_in_unit

# in the hands of a unit, or waiting there
HELD: Final = (State.ASSIGNED.value, State.ACCEPTED.value, State.SUSPENDED.value)
MINE, NOBODY = "mine", "nobody"
NO_HANDLER: Final = _("Nobody named yet")


def with_handlers(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """With ``handler_name``: null where nobody is named, or has left the unit since."""
    return matters.annotate(handler_name=name_in_unit("handler", "lead_unit", DESK))


def is_named() -> Q:
    """Somebody who works in the leading unit is named."""
    return Q(works_in_unit("handler", "lead_unit", DESK))


def is_named_for_part() -> Q:
    return Q(works_in_unit("handler", "unit", DESK))


def for_actor(actor: Actor, named: Q) -> Q:
    """Of what a unit has, what waits for this person: the own, and what nobody has yet.

    Who gives out work in the unit has all of it.
    """
    return Q() if actor.has(*NAMERS) else Q(handler=actor.id) | ~named


def own_first(actor: Actor) -> Case:
    """Those named to the actor, then those of nobody, then those of colleagues."""
    return Case(When(handler=actor.id, then=Value(0)), When(is_named(), then=Value(2)), default=Value(1))


def own_parts_first(actor: Actor) -> Case:
    own = Part.objects.filter(handler=actor.id, state=PartState.ASKED.value)
    return Case(When(pk__in=own.values("matter"), then=Value(0)), default=Value(1))


def handled_as(whose: str, actor: Actor | None) -> Q:
    """The filter of the list: what the actor was named for, whole or a part of it; or what a unit has and nobody."""
    if whose == NOBODY:
        return Q(state__in=HELD) & ~is_named()
    own = Part.objects.filter(handler=actor.id if actor else None).exclude(state=PartState.DROPPED.value)
    return Q(handler=actor.id if actor else None, handler__isnull=False) | Q(pk__in=own.values("matter"))


def stint_of(actor: Actor, dossier: Dossier) -> WholeRow | PartRow | None:
    """What the actor's unit has of the matter: all of it where it leads, else its open part."""
    rows: list[WholeRow | PartRow] = [*dossier.whole]
    rows += [part for part in dossier.parts if part.state == PartState.ASKED]
    return next((row for row in rows if row.unit_id in actor.units), None)


def unit_naming(matter: Any, actor: Actor) -> int | None:
    """The actor's unit as far as it has the matter, or was asked to join in."""
    units = [one for one in (matter.lead_unit_id, *matter.supporting) if one in actor.units]
    return units[0] if units else None

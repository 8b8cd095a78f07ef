"""One cause, many reporters: matters handled together, each reporter answered."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid, NotFound
from minqing.core.ids import new_id
from minqing.journal.services import Json
from minqing.matters.enums import OPEN, Move, State
from minqing.matters.models import Matter
from minqing.matters.services.leaving import put_down
from minqing.matters.services.steps import Turn, begin, finish, fitting, once
from minqing.matters.services.supervising import take_up_supervision
from minqing.matters.words import clean_text
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


@once
def merge_matter(
    *, id: UUID, matter: Matter, cause: Matter, by: Actor, note: str = "", at: datetime | None = None
) -> Matter:
    """Handle ``matter`` together with ``cause``: a duplicate, or another report of the same thing.

    Its reporter keeps number and link, reads the interim replies and the answer of the other one, and is asked by
    name whether it is solved. What was merged into ``matter`` before goes along.
    """
    # in order, so that two of them merged into each other at once do not wait for each other
    both = Matter.objects.select_for_update().filter(pk__in=[matter.pk, cause.pk]).order_by("pk")
    target = {row.pk: row for row in both}.get(cause.pk)
    turn = begin(id=id, matter=matter, move=Move.MERGE, by=by, at=at)
    if turn.done:
        return turn.matter
    if target is None:
        raise NotFound("matter")
    if target.pk == turn.matter.pk:
        raise Invalid("same_matter", _("A matter cannot be handled together with itself."))
    if target.state not in OPEN:
        raise Invalid("cause_closed", _("The other matter is not being handled. Choose one that is open."))
    with everywhere():
        Matter.objects.filter(cause=turn.matter, state=State.MERGED.value).update(cause=target)
    return finish(
        turn,
        text=fitting(clean_text(note)),
        data={"cause": str(target.pk), "dropped": [*put_down(turn)]},
        cause=target,
        due_at=None,
        due_provisional=False,
    )


@once
def split_matter(*, id: UUID, matter: Matter, by: Actor, reason: str = "", at: datetime | None = None) -> Matter:
    """It was something else after all: it waits again to be assigned on its own."""
    turn = begin(id=id, matter=matter, move=Move.SPLIT, by=by, at=at)
    if turn.done:
        return turn.matter
    return on_its_own(turn, text=fitting(clean_text(reason)))


def on_its_own(turn: Turn, *, text: str = "", data: dict[str, Json] | None = None) -> Matter:
    """Waits to be assigned; under the order that it was under before."""
    take_up_supervision(turn)
    return finish(turn, text=text, data=data, cause=None, assigned_at=None)


def hand_on(turn: Turn) -> None:
    """The matter that was handled for several is withdrawn: the first of the others takes its place.

    It waits to be assigned, and the rest go along with it.
    """
    with everywhere() as by:
        waiting = merged_with(turn.matter)
        for first in waiting[:1]:
            moved = Turn(new_id(), first, Move.SPLIT, by, turn.at)
            on_its_own(moved, data={"cause": str(turn.matter.pk)})
            Matter.objects.filter(pk__in=[other.pk for other in waiting[1:]]).update(cause=first)


def decline_merged(turn: Turn, *, reason: str) -> None:
    """It is outside our duty for everybody who raised it; each may appeal."""
    with everywhere() as by:
        for other in merged_with(turn.matter):
            told = Turn(new_id(), other, Move.DECLINE, by, turn.at)
            finish(told, text=reason, data={"cause": str(turn.matter.pk)}, closed_at=turn.at, cause=None)


def tell_merged(turn: Turn, *, text: str) -> None:
    """The reporters of the same cause read the interim reply too."""
    with everywhere() as by:
        for other in merged_with(turn.matter):
            told = Turn(new_id(), other, Move.ACT, by, turn.at)
            finish(told, text=text, unit=turn.matter.lead_unit, data={"cause": str(turn.matter.pk)})


def answer_merged(turn: Turn, *, reply: str) -> None:
    """Every reporter is answered, and each says for himself whether it is solved."""
    with everywhere() as by:
        for other in merged_with(turn.matter):
            told = Turn(new_id(), other, Move.FINISH, by, turn.at)
            data: dict[str, Json] = {"late": False, "cause": str(turn.matter.pk)}
            finish(told, text=reply, data=data, finished_at=turn.at, lead_unit=turn.matter.lead_unit)


def everywhere() -> AbstractContextManager[Actor]:
    """Matters of one cause may lie in areas that the unit does not see."""
    return acting_as(system_actor("matters.cause"))


def merged_with(matter: Matter) -> list[Matter]:
    return list(Matter.objects.select_for_update().filter(cause=matter, state=State.MERGED.value).order_by("id"))

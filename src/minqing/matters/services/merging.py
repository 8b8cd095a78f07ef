"""One cause, many reporters: matters handled together, each reporter answered."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid, NotFound
from minqing.core.ids import new_id
from minqing.deadlines.services import end_pause
from minqing.journal.services import Json, record
from minqing.matters.enums import OPEN, Move, State
from minqing.matters.lifecycle import MOVES
from minqing.matters.models import Matter
from minqing.matters.queries.clocks import CLOCKS, IN_ORDER
from minqing.matters.services.clocks import stop_clocks, wait_for_unit
from minqing.matters.services.parts import take_back
from minqing.matters.services.steps import Turn, begin, finish, fitting, once, write_step
from minqing.matters.services.supervising import end_supervision, take_up_supervision
from minqing.matters.words import clean_text, in_house
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as

TOLD_IN_CONFIDENCE = _(
    "The other matter was told in confidence: its replies would reach the reporter of this one. Only matters that are "
    "both confidential can be handled together."
)
ALONG = _("Goes along with the matter that it is handled with.")
ASK_US = _("It was handled together with another matter. Ask the office, which tells you what was done.")


@once
def merge_matter(
    *, id: UUID, matter: Matter, cause: Matter, by: Actor, note: str = "", at: datetime | None = None
) -> Matter:
    """Handle ``matter`` together with ``cause``: a duplicate, or another report of the same thing.

    Its reporter keeps number and link, reads the interim replies and the answer of the other one, and is asked by
    name whether it is solved. What was merged into ``matter`` before goes along.
    """
    target = in_order(matter.pk, cause.pk).get(cause.pk)
    turn = begin(id=id, matter=matter, move=Move.MERGE, by=by, at=at)
    if turn.done:
        return turn.matter
    if target is None:
        raise NotFound("matter")
    if target.pk == turn.matter.pk:
        raise Invalid("same_matter", _("A matter cannot be handled together with itself."))
    if target.state not in OPEN:
        raise Invalid("cause_closed", _("The other matter is not being handled. Choose one that is open."))
    with everywhere() as system:
        others = merged_with(turn.matter)
        if target.confidential and not all(one.confidential for one in (turn.matter, *others)):
            # what is answered there reaches every reporter of the same cause
            raise Invalid("confidential_cause", TOLD_IN_CONFIDENCE)
        for other in others:
            go_along(Turn(new_id(), other, Move.MERGE, system, turn.at), target)
    return finish(
        turn,
        text=fitting(clean_text(note)),
        data={"cause": str(target.pk), "dropped": [*end_work(turn)]},
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
    return finish(turn, text=text, data=data, cause=None, assigned_at=None, **wait_for_unit(turn.matter, at=turn.at))


def hand_on(turn: Turn) -> None:
    """The matter that was handled for several is withdrawn: the first of the others takes its place.

    It waits to be assigned, and the rest go along with it. One told in confidence comes first only for others such.
    """
    with everywhere() as by:
        waiting = sorted(merged_with(turn.matter), key=lambda one: one.confidential)
        for first in waiting[:1]:
            moved = Turn(new_id(), first, Move.SPLIT, by, turn.at)
            on_its_own(moved, data={"cause": str(turn.matter.pk)})
            for other in waiting[1:]:
                go_along(Turn(new_id(), other, Move.MERGE, by, turn.at), first)


def go_along(turn: Turn, cause: Matter) -> None:
    """What is handled with another one is handled with ``cause`` from now on: a step, an event, no word outside."""
    matter = turn.matter
    former, matter.cause, matter.changed_at = matter.cause_id, cause, turn.at
    matter.save(update_fields=["cause", "changed_at"])
    write_step(turn, matter, text=in_house(ALONG), public=False)
    data: dict[str, Json] = {
        "number": matter.number,
        "state": matter.state,
        "area": matter.area_id,
        "unit": matter.lead_unit_id,
        "cause": str(cause.pk),
        "former": str(former),
    }
    record(type=MOVES[turn.move].event, subject=f"matter:{matter.pk}", by=turn.by, at=turn.at, data=data)


def decline_merged(turn: Turn, *, reason: str) -> None:
    """It is outside our duty for everybody who raised it; each may appeal."""
    with everywhere() as by:
        for other in merged_with(turn.matter):
            told = Turn(new_id(), other, Move.DECLINE, by, turn.at)
            words = for_the_other(turn.matter, other, reason)
            finish(told, text=words, data={"cause": str(turn.matter.pk)}, closed_at=turn.at, cause=None)


def tell_merged(turn: Turn, *, text: str) -> None:
    """The reporters of the same cause read the interim reply too."""
    with everywhere() as by:
        for other in merged_with(turn.matter):
            told = Turn(new_id(), other, Move.ACT, by, turn.at)
            words = for_the_other(turn.matter, other, text)
            finish(told, text=words, unit=turn.matter.lead_unit, data={"cause": str(turn.matter.pk)})


def answer_merged(turn: Turn, *, reply: str, outcome: str, outcome_note: str) -> None:
    """Every reporter is answered, and each says for himself whether it is solved."""
    with everywhere() as by:
        for other in merged_with(turn.matter):
            told = Turn(new_id(), other, Move.FINISH, by, turn.at)
            data: dict[str, Json] = {"late": False, "cause": str(turn.matter.pk)}
            words = for_the_other(turn.matter, other, reply)
            changes: dict[str, Any] = {"finished_at": turn.at, "lead_unit": turn.matter.lead_unit}
            if words == reply:
                changes |= {"outcome": outcome, "outcome_note": outcome_note}
            finish(told, text=words, data=data, **changes)


def for_the_other(matter: Matter, other: Matter, text: str) -> str:
    """``text`` as the other's reporter may read it: nothing of what was told in confidence to somebody else."""
    return in_house(ASK_US) if matter.confidential and not other.confidential else text


def everywhere() -> AbstractContextManager[Actor]:
    """Matters of one cause may lie in areas that the unit does not see."""
    return acting_as(system_actor("matters.cause"))


def in_order(*ids: UUID) -> dict[UUID, Matter]:
    """The matters of these ids as far as the actor sees them, locked in the one order: see :func:`steps.begin`."""
    rows = Matter.objects.select_for_update().filter(pk__in=ids)
    return {row.pk: row for row in rows.order_by(*IN_ORDER)}


def merged_with(matter: Matter) -> list[Matter]:
    return list(Matter.objects.select_for_update().filter(cause=matter, state=State.MERGED.value).order_by("id"))


def end_work(turn: Turn) -> list[str]:
    """Nobody works on the matter any more: it was withdrawn, declined, or is handled with another one.

    Clocks are called off, the pause and supervision end, open parts are taken back; returns the parts' ids.
    """
    stop_clocks(turn.matter, at=turn.at, counts=False)
    end_pause(CLOCKS, turn.matter, at=turn.at)
    end_supervision(turn)
    return take_back(turn)

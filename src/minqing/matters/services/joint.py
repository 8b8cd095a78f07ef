"""Joint handling 民生难事联办: one unit leads, others answer parts of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.deadlines.services import target_of
from minqing.journal.services import Json
from minqing.matters.enums import ClockKind, Mechanism, Move, Outcome, PartState
from minqing.matters.models import Matter, Part
from minqing.matters.rules import MOST_REFUSALS
from minqing.matters.services.assigning import at_work
from minqing.matters.services.clocks import norm, start_clocks, stop_clocks
from minqing.matters.services.parts import PARTS, sharing
from minqing.matters.services.steps import Turn, begin, finish, fitting, once, required, stated
from minqing.org.queries import backstop_unit

LEADS = _("This unit leads the matter. Ask another one.")


@once
def ask_part(
    *,
    id: UUID,
    matter: Matter,
    unit: int,
    task: str,
    by: Actor,
    also: Sequence[int] = (),
    due_days: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Ask ``unit`` (its id) to do ``task``, and with it those in ``also``: all of them or none.

    The matter is then handled jointly, and each part has its own clock. A unit that has answered its part may be asked
    again; the same part then opens anew.
    """
    turn = begin(id=id, matter=matter, move=Move.JOIN, by=by, at=at)
    if turn.done:
        return turn.matter
    task = required(task, _("Say what the unit is to do."))
    found = [at_work(one) for one in dict.fromkeys([unit, *also])]
    if any(one.pk == turn.matter.lead_unit_id for one in found):
        raise Invalid("same_unit", LEADS)
    parts = [
        open_part(turn, one, task, part_id=turn.id if one is found[0] else uuid5(turn.id, str(one.pk))) for one in found
    ]
    for part in parts:
        start_part(turn, part, due_days)
    changes: dict[str, Any] = {"supporting": sorted({*turn.matter.supporting, *(one.pk for one in found)})}
    if turn.matter.mechanism == Mechanism.IMMEDIATE:
        changes["mechanism"] = Mechanism.JOINT.value
    data: dict[str, Json] = {"part": str(parts[0].pk)}
    if len(parts) > 1:
        # the step names one unit: the others stand in its words
        data["parts"] = [str(part.pk) for part in parts]
        task = fitting(f"{task}\n→ {'、'.join(one.name for one in found)}")
    return finish(turn, text=task, public=False, unit=found[0], data=data, **changes)


def open_part(turn: Turn, unit: Any, task: str, *, part_id: UUID) -> Part:
    part = turn.matter.parts.exclude(state=PartState.DROPPED.value).filter(unit=unit).first()
    if part is None:
        # what is taken back and asked anew is no first time
        refusals = turn.matter.parts.filter(unit=unit).aggregate(most=Max("refusals"))["most"] or 0
        new = Part(id=part_id, matter=turn.matter, unit=unit, task=task, asked_at=turn.at, refusals=refusals)
        return move_part(turn, new)
    anew: dict[str, object] = {"replied_at": None, "reply": "", "handler": None, "outcome": "", "outcome_note": ""}
    return move_part(turn, part, task=task, asked_at=turn.at, **anew)


def start_part(turn: Turn, part: Part, due_days: int | None) -> None:
    target = norm(Mechanism.JOINT, ClockKind.PART) if due_days is None else target_of(due_days)
    start_clocks(turn.matter, {ClockKind.PART: target}, at=turn.at, part=part)


@once
def reply_part(
    *,
    id: UUID,
    matter: Matter,
    reply: str,
    by: Actor,
    outcome: Outcome | None = None,
    outcome_note: str = "",
    part: UUID | None = None,
    at: datetime | None = None,
) -> Matter:
    """A supporting unit answers its part to the lead, who makes one answer to the reporter out of all.

    ``outcome`` and ``outcome_note`` as in :func:`minqing.matters.services.handling.finish_matter`, of the part.
    """
    turn = begin(id=id, matter=matter, move=Move.REPLY_PART, by=by, at=at)
    if turn.done:
        return turn.matter
    reply = required(reply, _("Write what your unit did, for the unit that leads."))
    went = stated(outcome, outcome_note)
    own = own_part(turn, part)
    move_part(turn, own, reply=reply, replied_at=turn.at, **went)
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.PART,), part=own)
    return finish(turn, text=reply, public=False, unit=own.unit, data={"part": str(own.pk), "outcome": own.outcome})


@once
def refuse_part(
    *,
    id: UUID,
    matter: Matter,
    reason: str,
    proposed: int,
    by: Actor,
    part: UUID | None = None,
    at: datetime | None = None,
) -> Matter:
    """ "Not ours": with a reason and the unit (``proposed``) whose part it should be."""
    turn = begin(id=id, matter=matter, move=Move.REFUSE_PART, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why it is not yours, and whose it is."))
    owner = at_work(proposed)
    own = own_part(turn, part)
    if owner.pk == own.unit_id:
        raise Invalid("proposed", _("Name another unit than your own."))
    if own.bound:
        raise Conflict("bound", _("It was decided on the spot that your unit handles this. It cannot be sent back."))
    move_part(turn, own, refusals=own.refusals + 1, proposed_unit=owner, handler=None)
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.PART,), part=own, counts=False)
    data = {"part": str(own.pk), "proposed": owner.pk, "refusals": own.refusals}
    return finish(turn, text=f"{reason}\n→ {owner.name}", public=False, unit=own.unit, data={**data})


@once
def decide_part(
    *,
    id: UUID,
    matter: Matter,
    part: UUID,
    minutes: str,
    by: Actor,
    unit: int | None = None,
    due_days: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Settle a refused part. ``unit`` None means the township's own office: the backstop.

    After the first refusal it may simply go to another unit; after the second the decision was made on the spot, its
    ``minutes`` say how, and the unit is bound.
    """
    turn = begin(id=id, matter=matter, move=Move.DECIDE_PART, by=by, at=at)
    if turn.done:
        return turn.matter
    text = required(minutes, _("Write down who met, where, and what was decided."))
    found = Part.objects.filter(pk=part, matter=turn.matter).select_related("unit").first()
    if found is None:
        raise NotFound("part")
    owner = backstop_unit(turn.matter.area_id) if unit is None else at_work(unit)
    if owner is None:
        raise Invalid("no_backstop", _("This township has no office yet. Choose a unit."))
    if owner.pk == turn.matter.lead_unit_id:
        raise Invalid("same_unit", LEADS)
    if turn.matter.parts.exclude(pk=found.pk).exclude(state=PartState.DROPPED.value).filter(unit=owner).exists():
        raise Invalid("same_unit", _("This unit has a part of this matter already."))
    bound = found.refusals >= MOST_REFUSALS
    move_part(turn, found, unit=owner, proposed_unit=None, bound=bound, asked_at=turn.at)
    start_part(turn, found, due_days)
    data = {"part": str(found.pk)}
    return finish(turn, text=text, public=False, unit=owner, data={**data}, supporting=sharing(turn.matter))


@once
def drop_part(*, id: UUID, matter: Matter, part: UUID, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """The part is not needed any more. The unit has no business with the matter then and does not see it again."""
    turn = begin(id=id, matter=matter, move=Move.DROP_PART, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why the part is not needed any more."))
    found = Part.objects.filter(pk=part, matter=turn.matter).select_related("unit").first()
    if found is None:
        raise NotFound("part")
    move_part(turn, found, handler=None)
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.PART,), part=found, counts=False)
    data = {"part": str(found.pk)}
    return finish(turn, text=reason, public=False, unit=found.unit, data={**data}, supporting=sharing(turn.matter))


def own_part(turn: Turn, part: UUID | None) -> Part:
    """The asked part of the actor's unit; ``part`` tells which where it acts for several."""
    rows = turn.matter.parts.filter(unit_id__in=turn.by.units, state=PartState.ASKED.value).select_related("unit")
    found = next((row for row in rows.order_by("asked_at") if part in {None, row.pk}), None)
    if found is None:
        raise Conflict("no_part", _("Your unit has no open part of this matter."))
    return found


def move_part(turn: Turn, part: Part, **changes: Any) -> Part:
    """Move the part as the matter's own move does."""
    return PARTS.finish(part, turn.move, by=turn.by, at=turn.at, **changes)

"""A clerk sorts a matter and gives it to a unit; where two have refused it, it is decided on the spot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.deadlines import Target
from minqing.deadlines.enums import Rung
from minqing.deadlines.services import target_of
from minqing.journal.services import Json
from minqing.matters.enums import ClockKind, Mechanism, Move, State
from minqing.matters.hooks import Assignment, assigned
from minqing.matters.models import Category, Matter, Step
from minqing.matters.services.categories import category_in_use
from minqing.matters.services.clocks import (
    deadline_of,
    drop_requests,
    hand_over,
    norm,
    reckon_running,
    start_clocks,
    stop_clocks,
)
from minqing.matters.services.parts import sharing, take_back
from minqing.matters.services.steps import Turn, begin, finish, fitting, once, required
from minqing.matters.words import clean_text
from minqing.org.queries import backstop_unit, system_actor, usable_unit
from minqing.privacy.access import acting_as

# what begins anew with every unit that gets the matter
OF_UNIT = (ClockKind.ACCEPT, ClockKind.FINISH)
# so long what was assigned by a slip of the hand is taken back
UNDO_WITHIN: Final = timedelta(minutes=5)


@once
def classify_matter(
    *,
    id: UUID,
    matter: Matter,
    category: str,
    by: Actor,
    mechanism: Mechanism | None = None,
    at: datetime | None = None,
) -> Matter:
    """Put the matter into ``category`` (a code) and, if given, under ``mechanism``. The reporter is not told.

    Supervision is not a matter of sorting: it is ordered and ended by a leader.
    """
    turn = begin(id=id, matter=matter, move=Move.CLASSIFY, by=by, at=at)
    if turn.done:
        return turn.matter
    found = category_in_use(category)
    changes: dict[str, Any] = {"category": found, **mechanism_of(turn.matter, mechanism)}
    # the unit keeps its clock; a later assignment counts by the new category
    start_legal(turn, found)
    return finish(turn, text=found.name, public=False, data={"category": found.code}, **changes)


def mechanism_of(matter: Matter, mechanism: Mechanism | None) -> dict[str, object]:
    """The change of the way of handling, if there is one; raises Invalid where only a leader may make it."""
    if mechanism is None or Mechanism(mechanism).value == matter.mechanism:
        return {}
    if Mechanism.SUPERVISED in {Mechanism(mechanism), Mechanism(matter.mechanism)}:
        raise Invalid("supervision", _("Supervision is ordered and ended by a leader."))
    if mechanism == Mechanism.IMMEDIATE and matter.supporting and sharing(matter):
        raise Invalid("shared", _("Other units have parts of this matter: it is handled jointly."))
    return {"mechanism": Mechanism(mechanism).value}


@once
def assign_matter(
    *,
    id: UUID,
    matter: Matter,
    unit: int,
    by: Actor,
    due_days: int | None = None,
    category: str = "",
    mechanism: Mechanism | None = None,
    note: str = "",
    waiting: bool = False,
    at: datetime | None = None,
) -> Matter:
    """Give the matter to ``unit`` (its id), whose clocks start: to accept it and to finish it.

    It is to be finished by the close of the ``due_days``-th working day, else within the category's usual days, else
    within the norm of the way of handling. Raises Invalid for a unit that is not active, and with ``waiting``
    Conflict for a matter that does not wait any more: of two clerks at the queue the first assigns.
    """
    turn = begin(id=id, matter=matter, move=Move.ASSIGN, by=by, at=at)
    if turn.done:
        return turn.matter
    if waiting and turn.matter.state != State.RECEIVED:
        raise Conflict("assigned_already", _("Somebody has assigned this matter already. Open it to see to whom."))
    kind = category_in_use(category) if category else turn.matter.category
    changes: dict[str, Any] = mechanism_of(turn.matter, mechanism) | {"bound": False}
    if kind is not None:
        changes["category"] = kind
    return give(turn, unit, days=due_days, sort=kind, text=fitting(clean_text(note)), **changes)


@once
def unassign_matter(*, id: UUID, matter: Matter, step: UUID, by: Actor, at: datetime | None = None) -> Matter:
    """Take back the own assignment ``step``, within five minutes and while nobody has touched the matter since.

    It waits again as before: its clock to assign goes on, and what other units were asked falls away. What was sorted
    in the same form, category and way of handling, stays.
    """
    turn = begin(id=id, matter=matter, move=Move.UNASSIGN, by=by, at=at)
    if turn.done:
        return turn.matter
    given = untouched(turn, step)
    former = turn.matter.lead_unit_id
    stop_clocks(turn.matter, at=turn.at, kinds=OF_UNIT, counts=False)
    dropped: list[Json] = [*take_back(turn)]
    turn.matter.clocks.filter(kind=ClockKind.ASSIGN.value, stopped_at=given.at).update(stopped_at=None)
    back = Step.objects.filter(matter=turn.matter, move=Move.SEND_BACK.value).order_by("-at", "-id").first()
    # one that was sent back before still names who did that
    turn.matter.lead_unit = back.unit if back else None
    due = reckon_running(turn.matter, at=turn.at)
    changes: dict[str, Any] = {"lead_unit": turn.matter.lead_unit, "assigned_at": None, **due}
    if dropped:
        changes["supporting"] = sharing(turn.matter)
        changes["mechanism"] = Mechanism.JOINT.value if changes["supporting"] else Mechanism.IMMEDIATE.value
    return finish(turn, data={"from": former, "step": str(step), "dropped": dropped}, **changes)


def untouched(turn: Turn, step: UUID) -> Step:
    """The actor's own assignment, if it can still be taken back."""
    given = Step.objects.filter(pk=step, matter=turn.matter, move=Move.ASSIGN.value, by=turn.by.ref).first()
    if given is None:
        raise NotFound("step")
    if turn.at - given.at > UNDO_WITHIN:
        raise Conflict("undo_too_late", _("More than five minutes have passed. Assign it anew on its own page."))
    since = Step.objects.filter(matter=turn.matter, at__gte=given.at).exclude(pk=given.pk)
    if since.exclude(move=Move.JOIN.value, by=turn.by.ref).exists():
        raise Conflict("undo_touched", _("Something was done with it since. Assign it anew on its own page."))
    return given


@once
def decide_matter(
    *,
    id: UUID,
    matter: Matter,
    minutes: str,
    by: Actor,
    unit: int | None = None,
    due_days: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Two units have said that it is not theirs: those concerned met on the spot, and this is what came of it.

    ``unit`` is then bound and cannot send it back. Where it is nobody's, the township's own office has it (``None``).
    """
    turn = begin(id=id, matter=matter, move=Move.DECIDE, by=by, at=at)
    if turn.done:
        return turn.matter
    text = required(minutes, _("Write down who met, where, and what was decided."))
    if unit is None:
        found = backstop_unit(turn.matter.area_id)
        if found is None:
            raise Invalid("no_backstop", _("This township has no office yet. Choose a unit."))
        unit = found.pk
    changes: dict[str, object] = {"contested": False, "bound": True}
    return give(turn, unit, days=due_days, sort=turn.matter.category, text=text, public=False, **changes)


@once
def transfer_matter(
    *, id: UUID, matter: Matter, unit: int, reason: str, by: Actor, at: datetime | None = None
) -> Matter:
    """Pass the matter to another unit. Its term goes on: the reporter waits for an answer, not for a unit.

    What is left of it is counted in the new unit's hours (:func:`hand_over`). What the former unit asked for falls
    away, and so does the part of a unit that leads from now on.
    """
    turn = begin(id=id, matter=matter, move=Move.TRANSFER, by=by, at=at)
    if turn.done:
        return turn.matter
    text = required(reason, _("Say why you pass it on."))
    found = at_work(unit)
    if found.pk == turn.matter.lead_unit_id:
        raise Invalid("same_unit", _("This unit has the matter already."))
    former, former_name = turn.matter.lead_unit_id, turn.matter.lead_unit.name if turn.matter.lead_unit else ""
    turn.matter.lead_unit = found
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.ACCEPT,), counts=False)
    drop_requests(turn.matter, at=turn.at)
    due = hand_over(turn.matter, found, at=turn.at)
    start_clocks(turn.matter, {ClockKind.ACCEPT: norm(turn.matter.mechanism, ClockKind.ACCEPT)}, at=turn.at)
    data: dict[str, Json] = {"from": former, **taken_back(turn)}
    changes: dict[str, Any] = {"lead_unit": found, "assigned_at": turn.at, "supporting": turn.matter.supporting, **due}
    # a unit without an area of its own does not see what it has passed on, not even to write this down
    with acting_as(system_actor("matters.transfer")):
        # the reporter is told where it went; why is between the offices
        made = finish(turn, aside=text, data=data, **changes)
        assigned(Assignment(made, found, turn.id, turn.move, turn.at, by_name(turn.by), former_name))
        return made


def give(
    turn: Turn,
    unit: int,
    *,
    days: int | None,
    sort: Category | None,
    text: str,
    public: bool = True,
    **changes: Any,
) -> Matter:
    """To ``unit``, with clocks of its own; how long it has depends on ``days`` or the category ``sort``."""
    matter = turn.matter
    for name, value in changes.items():
        setattr(matter, name, value)
    matter.lead_unit = at_work(unit)
    # a new deadline: nobody above has heard of it yet
    matter.rung = Rung.OFFICER.value
    stop_clocks(matter, at=turn.at, kinds=(ClockKind.ASSIGN, *OF_UNIT), counts=(ClockKind.ASSIGN,))
    hand_over(matter, matter.lead_unit, at=turn.at)
    started = start_clocks(
        matter,
        {
            ClockKind.ACCEPT: norm(matter.mechanism, ClockKind.ACCEPT),
            ClockKind.FINISH: time_to_finish(matter, days, sort),
        },
        at=turn.at,
    )
    start_legal(turn, sort)
    data: dict[str, Json] = {"category": sort.code if sort else "", **taken_back(turn)}
    changes |= {"lead_unit": matter.lead_unit, "assigned_at": turn.at, **deadline_of(started.get(ClockKind.FINISH))}
    changes |= {"rung": matter.rung, "supporting": matter.supporting}
    made = finish(turn, text=text, public=public, data=data, **changes)
    assigned(Assignment(made, matter.lead_unit, turn.id, turn.move, turn.at, by_name(turn.by)))
    return made


def by_name(by: Actor) -> str:
    """A colleague's name; systems and jobs have none that is told."""
    return by.name if by.kind == "user" else ""


def taken_back(turn: Turn) -> dict[str, Json]:
    """A unit that leads has no part beside: it is taken back. Returns which, for the event."""
    if not turn.matter.supporting:
        return {}
    dropped: list[Json] = [*take_back(turn, unit=turn.matter.lead_unit_id)]
    turn.matter.supporting = sharing(turn.matter)
    return {"dropped": dropped} if dropped else {}


def at_work(unit: int) -> Any:
    found = usable_unit(unit)
    if found is None:
        raise Invalid("unit", _("This unit takes no matters. Choose another one."))
    return found


def time_to_finish(matter: Matter, days: int | None, category: Category | None) -> Target | None:
    """What the clerk says, else what the category promises, else the norm."""
    if days is not None:
        return target_of(days)
    if category is not None:
        return target_of(category.working_days)
    return norm(matter.mechanism, ClockKind.FINISH)


def start_legal(turn: Turn, category: Category | None) -> None:
    """What a law allows counts from the receipt, whoever has the matter; once it runs it is not set back."""
    if category is None or not category.legal_term:
        return
    if turn.matter.clocks.filter(kind=ClockKind.LEGAL.value, counts=True).exists():
        return
    received = {ClockKind.LEGAL: turn.matter.received_at}
    start_clocks(turn.matter, {ClockKind.LEGAL: Target.parse(category.legal_term)}, at=turn.at, starts=received)


def count_legal_anew(turn: Turn) -> None:
    """A matter that is opened again is asked anew: the whole term of the law counts from that moment.

    The answer has met the former term, and the law gives whoever is not content with it a new one from the receipt of
    the new request (as for the review of a petition: 信访工作条例, articles 35 and 36), not the rest of an old one.
    """
    category = turn.matter.category
    if category is not None and category.legal_term:
        stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.LEGAL,), counts=False)
        start_clocks(turn.matter, {ClockKind.LEGAL: Target.parse(category.legal_term)}, at=turn.at)

"""Who may do what with a matter, and what colour its deadline has. Pure: no database.

A refusal says why in a sentence (the tooltip of the button, the refusal of the service); its truth value is the
button. What may be *seen* is ``queries.visible_matters``; :func:`sees` is its twin for one matter at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.matters import lifecycle
from minqing.matters.enums import OPEN, Light, Move, State
from minqing.org.enums import DESK, FIELD, Role

# the part of a term that is left when it turns yellow: one fifth
LAST_PART: Final = 5


class Party(StrEnum):
    """In which part somebody acts on a matter; one person may have several."""

    REPORTER = "reporter"
    FIELD = "field"
    CLERK = "clerk"
    UNIT = "unit"
    SYSTEM = "system"


MAY: Final[Mapping[Move, frozenset[Party]]] = {
    Move.RECEIVE: frozenset({Party.REPORTER, Party.FIELD, Party.SYSTEM}),
    Move.CLASSIFY: frozenset({Party.CLERK, Party.SYSTEM}),
    Move.ASSIGN: frozenset({Party.CLERK, Party.SYSTEM}),
    Move.ACCEPT: frozenset({Party.UNIT, Party.SYSTEM}),
    Move.ACT: frozenset({Party.UNIT, Party.SYSTEM}),
    Move.SEND_BACK: frozenset({Party.UNIT, Party.SYSTEM}),
    Move.FINISH: frozenset({Party.UNIT, Party.SYSTEM}),
    # a cadre says it for a resident who has no phone; the unit never judges its own work
    Move.CONFIRM: frozenset({Party.REPORTER, Party.FIELD, Party.SYSTEM}),
    Move.REOPEN: frozenset({Party.REPORTER, Party.FIELD, Party.SYSTEM}),
    Move.WITHDRAW: frozenset({Party.REPORTER, Party.FIELD, Party.SYSTEM}),
}

WRONG_STATE = {
    State.RECEIVED: _("This matter has not been assigned to a unit yet."),
    State.ASSIGNED: _("The unit has not accepted this matter yet."),
    State.ACCEPTED: _("A unit has this matter in hand. Wait for its answer."),
    State.FINISHED: _("This matter has been answered. It is waiting for the reporter's word."),
    State.CONFIRMED: _("This matter is confirmed and closed. Reopen it if something is left to do."),
    State.WITHDRAWN: _("This matter was withdrawn. Reopen it if it is to be handled after all."),
}
WRONG_PARTY = {
    Move.RECEIVE: _("You may report matters only for the places that you look after."),
    Move.CLASSIFY: _("Only a clerk of this place may sort matters."),
    Move.ASSIGN: _("Only a clerk of this place may assign matters."),
    Move.ACCEPT: _("Only the unit that the matter was assigned to may accept it."),
    Move.ACT: _("Only the unit that has the matter in hand may note progress."),
    Move.SEND_BACK: _("Only the unit that the matter was assigned to may send it back."),
    Move.FINISH: _("Only the unit that has the matter in hand may finish it."),
    Move.CONFIRM: _("Only the reporter, or a cadre who looks after the place, may confirm."),
    Move.REOPEN: _("Only the reporter, or a cadre who looks after the place, may reopen."),
    Move.WITHDRAW: _("Only the reporter, or a cadre who looks after the place, may withdraw."),
}


def parties(actor: Actor, *, area_id: int, unit_id: int | None) -> frozenset[Party]:
    """The parts in which ``actor`` may act on a matter of that area, assigned to that unit.

    A resident is the reporter: the private link is the proof, and the database shows no other matter with it.
    """
    if actor.kind == "resident":
        return frozenset({Party.REPORTER})
    if actor.kind == "system":
        return frozenset({Party.SYSTEM})
    found = set()
    if area_id in actor.areas and actor.has(*FIELD):
        found.add(Party.FIELD)
    if area_id in actor.areas and actor.has(Role.CLERK):
        found.add(Party.CLERK)
    if unit_id in actor.units and actor.has(*DESK):
        found.add(Party.UNIT)
    return frozenset(found)


def may(move: Move, actor: Actor, *, state: State | None, area_id: int, unit_id: int | None) -> Decision:
    """Whether ``actor`` may make ``move`` now: the state first, then the part in which the actor acts."""
    if lifecycle.target(state, move) is None:
        return Decision.no("wrong_state", WRONG_STATE[state] if state else _("There is no such matter yet."))
    if MAY[move].isdisjoint(parties(actor, area_id=area_id, unit_id=unit_id)):
        return Decision.no("wrong_party", WRONG_PARTY[move])
    return Decision.yes()


def sees(actor: Actor, *, area_id: int, unit_id: int | None) -> bool:
    """Twin of ``queries.visible_matters``: the area is the actor's, or the matter was given to its unit."""
    return area_id in actor.areas or (unit_id is not None and unit_id in actor.units)


def may_reveal_reporter(actor: Actor, *, area_id: int, unit_id: int | None) -> Decision:
    """Name and phone number are for those who handle the matter, not for those who only look at figures."""
    if parties(actor, area_id=area_id, unit_id=unit_id) & {Party.FIELD, Party.UNIT, Party.SYSTEM}:
        return Decision.yes()
    return Decision.no("not_handling", _("Only those who handle this matter may see who reported it."))


def light(*, state: str, due_at: datetime | None, started_at: datetime, now: datetime, soon: datetime) -> Light:
    """The colour of a deadline. ``soon`` is the close of the next working day after ``now``.

    Grey: no deadline, or answered, confirmed, withdrawn. Red: after ``due_at``. Yellow: less than one working day
    is left (due before ``soon``), or less than a fifth of the term, by the clock. Green otherwise.
    """
    if due_at is None or state not in OPEN:
        return Light.GREY
    if now > due_at:
        return Light.RED
    if due_at < soon or due_at - now < (due_at - started_at) / LAST_PART:
        return Light.YELLOW
    return Light.GREEN

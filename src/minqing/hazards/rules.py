"""Who reports, checks, puts right, closes and raises a hazard. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.hazards.enums import Charge, ClockKind, Move, Severity, State
from minqing.hazards.lifecycle import HAZARD
from minqing.org.enums import FIELD, Role

CLERKS: Final = frozenset({Role.CLERK})
IN_VILLAGE: Final = FIELD - CLERKS
# leaders see what there is and what is overdue, and decide nothing here; as with files they read neither whose home it
# is nor what was written
SEES: Final = FIELD | {Role.LEADER}
READS: Final = FIELD
OPERATORS: Final = frozenset({Role.OPERATOR})
# only while somebody asks
DECIDES: Final = frozenset({Move.GRANT_MORE, Move.REFUSE_MORE})
MAKES: Final[Mapping[Move, Set[Role]]] = {
    Move.FIND: FIELD,
    Move.FIX: FIELD,
    Move.CONFIRM: CLERKS,
    Move.DISMISS: CLERKS,
    Move.PUT_RIGHT: FIELD,
    Move.CLOSE: CLERKS,
    Move.SEND_BACK: CLERKS,
    Move.RAISE: CLERKS,
    Move.WITHDRAW: FIELD,
    Move.ASK_MORE: FIELD,
    Move.GRANT_MORE: CLERKS,
    Move.REFUSE_MORE: CLERKS,
    # with its matter, by themselves
    Move.SETTLE: frozenset(),
    Move.RETURN: frozenset(),
    Move.REOPEN: frozenset(),
}
# until the county's norms are loaded
TERMS: Final[Mapping[ClockKind, str]] = {ClockKind.CHECK: "3d", ClockKind.RIGHT: "10d", ClockKind.LOOK: "3d"}
LONGEST_WORDS, LONGEST_PLACE, LONGEST_LOOK, LONGEST_NAME = 500, 80, 120, 20
LONGEST_TITLE: Final = 24
MOST_PICTURES: Final = 6
MOST_ITEMS: Final = 30
CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,19}")
NOT_YOURS: Final = Decision.no("not_your_area", _("This is a place that you do not look after."))


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at of a hazard."""

    state: State
    area_id: int
    severity: Severity
    charge: Charge
    found_by: UUID | None
    righted_by: UUID | None
    # who asks for more time at present
    asked_by: UUID | None = None


def may_find(actor: Actor, area_id: int) -> Decision:
    """Those who look after the place."""
    return Decision.yes() if actor.has(*MAKES[Move.FIND]) and area_id in actor.areas else NOT_YOURS


def may_see(actor: Actor, area_id: int) -> Decision:
    return Decision.yes() if actor.has(*SEES) and area_id in actor.areas else NOT_YOURS


def may(move: Move, actor: Actor, one: Situation) -> Decision:
    """Whether the actor may make that move now."""
    if not (seen := may_see(actor, one.area_id)):
        return seen
    if HAZARD.target(one.state, move) is None:
        return Decision.no("wrong_state", _("This is not possible now: look at where the hazard stands."))
    if not actor.has(*MAKES[move]):
        return Decision.no("not_your_post", _("The township's clerk does this."))
    if move in DECIDES:
        return may_decide_more(actor, one)
    if move is Move.ASK_MORE and not actor.has(*putting_right(one.charge)):
        return Decision.no("not_yours_to_ask", _("Whoever is to put it right asks for more time."))
    if move is Move.CLOSE and one.righted_by == actor.id:
        return Decision.no("own_work", _("You have put it right yourself. Somebody else looks at it."))
    if move is Move.WITHDRAW and one.found_by != actor.id:
        return Decision.no("not_yours", _("Only whoever reported it withdraws it. The clerk may say that it is none."))
    if move is Move.FIX and one.severity is not Severity.ORDINARY:
        return Decision.no("too_grave", _("What is more than ordinary is looked at by the township."))
    return Decision.yes()


def may_decide_more(actor: Actor, one: Situation) -> Decision:
    """Somebody else than who asked for it."""
    if one.asked_by is None:
        return Decision.no("nothing_asked", _("Nobody asks for more time at present."))
    if one.asked_by == actor.id:
        return Decision.no("own_request", _("You have asked for this yourself. Somebody else decides."))
    return Decision.yes()


def waits_for(actor: Actor, one: Situation) -> bool:
    """Whether the hazard waits for the actor to go on: the clerk checks and looks, who has the charge puts right."""
    if not may_see(actor, one.area_id):
        return False
    if one.state is State.FOUND:
        return actor.has(*CLERKS)
    if one.state is State.PUT_RIGHT:
        return bool(may(Move.CLOSE, actor, one))
    if may(Move.GRANT_MORE, actor, one):
        return True
    return one.state is State.CONFIRMED and actor.has(*putting_right(one.charge))


def putting_right(charge: Charge) -> Set[Role]:
    """Who sees to it that it is put right."""
    return CLERKS if charge is Charge.TOWNSHIP else IN_VILLAGE


def gravest_of(severities: Iterable[Severity]) -> Severity:
    """Of what was ticked; ordinary where nothing was."""
    order = list(Severity)
    return max(severities, key=order.index, default=Severity.ORDINARY)


def may_change_checklists(actor: Actor) -> Decision:
    if actor.has(*OPERATORS):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator changes checklists."))

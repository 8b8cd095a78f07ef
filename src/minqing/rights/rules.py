"""Who takes in, checks, decides, carries out and answers a request. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.org.enums import FIELD, Role
from minqing.rights.enums import Move, ProofPlace, RequestKind, State
from minqing.rights.lifecycle import REQUEST

# the law says "in time" (article 50); until the county's norms are loaded, this is what is promised
TERM: Final = "15d"
# posts of a village see what they took in, and of whom they are to visit what is to be shown or handed over there: a
# cadre may be a relative
IN_VILLAGE: Final = frozenset({Role.CADRE, Role.VILLAGE_SECRETARY})
DECIDERS: Final = frozenset({Role.CLERK, Role.LEADER})
SEES: Final = FIELD | DECIDERS
# nothing brings it back, nor what was handed out: one person looks who asks, another decides
FOUR_EYES: Final = frozenset({RequestKind.COPY, RequestKind.DELETE, RequestKind.OBJECT, RequestKind.WITHDRAW})
MAKES: Final[Mapping[Move, Set[Role]]] = {
    Move.ASK: FIELD,
    Move.CHECK: FIELD,
    Move.REJECT: frozenset({Role.CLERK}),
    Move.GRANT: DECIDERS,
    Move.REFUSE: DECIDERS,
    # it changes files, which leaders do not see
    Move.CARRY_OUT: frozenset({Role.CLERK}),
    Move.ANSWER: FIELD,
    Move.TAKE_BACK: FIELD,
    # by itself
    Move.LAPSE: frozenset(),
}
# a leader decides without knowing who it is; all that is held of somebody, with what was told in confidence, the clerk
# alone hands out
NAMES: Final = FIELD
# somebody goes to the door for these: to look at a document, and to hand over the letter
VISITS: Final = frozenset({State.ASKED, State.DONE, State.REFUSED})
COPIES: Final = frozenset({Role.CLERK})
LONGEST_WORDS: Final = 2000


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at of a request."""

    kind: RequestKind
    state: State
    area_id: int
    prove_at: ProofPlace
    taken_by: UUID | None
    checked_by: UUID | None


def may_take_in(actor: Actor, area_id: int) -> Decision:
    """On paper, for somebody of the actor's areas."""
    if actor.has(*MAKES[Move.ASK]) and area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_your_area", _("Only those who look after this place may take in a request here."))


def may_see(actor: Actor, one: Situation) -> Decision:
    """Clerks and leaders their area's; in a village what one took in oneself, and whom one is to visit now."""
    hidden = Decision.no("not_yours", _("This request is with the township's clerk."))
    if one.area_id not in actor.areas or not actor.has(*SEES):
        return hidden
    to_visit = one.prove_at is ProofPlace.HOME and one.state in VISITS
    if actor.has(*DECIDERS) or one.taken_by == actor.id or to_visit:
        return Decision.yes()
    return hidden


def may_read(actor: Actor, one: Situation) -> Decision:
    """The person's words, what is right and the reasons: the clerk, and who wrote them down.

    They may be of the cadre who is to visit.
    """
    if may_see(actor, one) and (actor.has(*COPIES) or (actor.has(*NAMES) and one.taken_by == actor.id)):
        return Decision.yes()
    return Decision.no("not_yours", _("What this person wrote is with the township's clerk."))


def may(move: Move, actor: Actor, one: Situation) -> Decision:
    """Whether the actor may make that move now."""
    if not (seen := may_see(actor, one)):
        return seen
    if REQUEST.target(one.state, move) is None:
        return Decision.no("wrong_state", _("This is not possible now: look at where the request stands."))
    if not actor.has(*MAKES[move]):
        return Decision.no("not_your_post", _("Your post may not do this. Ask the township's clerk or leader."))
    if move in {Move.GRANT, Move.REFUSE} and one.kind in FOUR_EYES and one.checked_by == actor.id:
        return Decision.no("own_check", _("You have checked who asks. Somebody else decides on this."))
    if move is Move.TAKE_BACK and not may_read(actor, one):
        return Decision.no("not_yours", _("Whoever took this request in takes it back, or the township's clerk."))
    return Decision.yes()


def moves_for(actor: Actor, one: Situation) -> list[Move]:
    """Those that the actor may make now, in their order."""
    return [move for move in REQUEST.moves_from(one.state) if may(move, actor, one)]


def waits_for(actor: Actor, one: Situation) -> bool:
    """Whether the request waits for the actor to go on.

    What is granted waits to be carried out: that it may still be refused, or be taken back, waits for nobody.
    """
    idle = {Move.TAKE_BACK, *({Move.REFUSE} if one.state is State.GRANTED else ())}
    return bool(set(moves_for(actor, one)) - idle)


# a form with a mistake in it counts as well, and so does each of its steps
ASK_BY_CODE: Final = Limit("rights.code", 60, timedelta(minutes=2))
ASK_BY_ADDRESS: Final = Limit("rights.address", 240, timedelta(seconds=15))
# nobody has looked who sends them: whoever holds a code is not to fill the office's list
OPEN_AT_DOOR: Final = 5

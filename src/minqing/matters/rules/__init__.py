"""Who may do what with a matter, and what colour its deadline has. Pure: no database.

A refusal says why in a sentence (the tooltip of the button, the refusal of the service); its truth value is the
button. What may be *seen* is ``queries.visible_matters``; :func:`sees` is its twin for one matter at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.matters.enums import OPEN, Mechanism, Move, Party, State
from minqing.matters.lifecycle import MATTER, MOVES
from minqing.org.enums import DESK, FIELD, Role

# a second "not mine" is settled on the spot; a third "not solved" is supervised
MOST_REFUSALS: Final = 2
MOST_REOPENINGS: Final = 2
# they count what was told in confidence, and read none of it
COUNTING: Final = frozenset({Role.ANALYST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the rules look at of one matter; ``state`` is None before it is there.

    ``supporting`` are the units that were asked for a part of it. ``refusals`` counts how often a unit said that it
    is not its own; once ``contested`` only a decision on the spot gives it to a unit, which is then ``bound``.
    ``confidential``: of those who look after the area only some may know of it (``Actor.confidential``), and the
    other system that sent it in (``sender``).
    """

    state: State | None
    area_id: int
    unit_id: int | None = None
    supporting: frozenset[int] = frozenset()
    mechanism: Mechanism = Mechanism.IMMEDIATE
    contested: bool = False
    bound: bool = False
    confidential: bool = False
    sender: UUID | None = None


# posts that may act in a part; the other parts are those of residents, other systems and the system itself. What a
# post may do with a matter at hand (parties) and to which posts a page opens (roles_in) is read from here alone
ACTS_AS: Final[Mapping[Party, frozenset[Role]]] = {
    Party.FIELD: FIELD,
    Party.CLERK: frozenset({Role.CLERK}),
    Party.LEADER: frozenset({Role.LEADER}),
    Party.UNIT: DESK,
    Party.SUPPORT: DESK,
}
OF_PLACE: Final = (Party.FIELD, Party.CLERK, Party.LEADER)
# to whom name and telephone number of the reporter are shown; of a confidential matter not to the field
REVEALED_TO: Final = frozenset({Party.UNIT, Party.SUPPORT, Party.SYSTEM, Party.CLERK, Party.FIELD})
SLIPS_OF: Final = frozenset({Party.FIELD})
# who gives out work within a unit: where it has no head, whoever stands for it
NAMERS: Final = frozenset({Role.UNIT_HEAD, Role.VILLAGE_SECRETARY, Role.CLERK})

WRONG_STATE = {
    State.RECEIVED: _("This matter has not been assigned to a unit yet."),
    State.ASSIGNED: _("The unit has not accepted this matter yet."),
    State.ACCEPTED: _("A unit has this matter in hand. Wait for its answer."),
    State.SUSPENDED: _("This matter is waiting. Resume it first."),
    State.FINISHED: _("This matter has been answered. It is waiting for the reporter's word."),
    State.CONFIRMED: _("This matter is confirmed and closed. Reopen it if something is left to do."),
    State.WITHDRAWN: _("This matter was withdrawn. Reopen it if it is to be handled after all."),
    State.DECLINED: _("This matter was declined as outside our duty. The reporter may appeal."),
    State.MERGED: _("This matter is handled together with another one. Go there."),
}


def parties(actor: Actor, situation: Situation) -> frozenset[Party]:
    """The parts in which ``actor`` may act on the matter.

    A resident is the reporter: the private link is the proof, and the database shows no other matter with it. So is
    whoever acts with the reporter's paper slip (``Actor.on_behalf``): number and code on it are the same proof, and
    while it is used nothing of the helper's own post counts.
    """
    if actor.kind == "resident" or actor.on_behalf:
        return frozenset({Party.REPORTER})
    if actor.kind == "system":
        return frozenset({Party.SYSTEM})
    if actor.kind == "partner":
        return partner_parties(actor, situation)
    found = set(OF_PLACE) if looks_after(actor, situation) else set()
    if situation.unit_id in actor.units:
        found.add(Party.UNIT)
    if not situation.supporting.isdisjoint(actor.units):
        found.add(Party.SUPPORT)
    return frozenset(party for party in found if actor.has(*ACTS_AS[party]))


def roles_in(*acting: Party) -> frozenset[Role]:
    """The posts that may act in one of these parts, of whatever matter: the gate of a page."""
    return frozenset[Role]().union(*(ACTS_AS.get(party, frozenset()) for party in acting))


def movers(*moves: Move) -> frozenset[Role]:
    """The posts that may make one of these moves (by default any) of whatever matter."""
    return roles_in(*frozenset[Party]().union(*(MOVES[move].parties for move in moves or MOVES)))


def partner_parties(actor: Actor, situation: Situation) -> frozenset[Party]:
    """Another system reports in its areas, acts for its unit, and brings the reporter's word where that is proved.

    The proof is the role ``reporter``, given for one matter that it sent in itself; a unit never judges its own work.
    """
    found = set()
    if situation.unit_id in actor.units:
        found.add(Party.UNIT)
    if not situation.supporting.isdisjoint(actor.units):
        found.add(Party.SUPPORT)
    if not found and actor.has(Party.REPORTER):
        found.add(Party.REPORTER)
    if situation.area_id in actor.areas:
        found.add(Party.PARTNER)
    return frozenset(found)


def looks_after(actor: Actor, situation: Situation) -> bool:
    """The matter lies in the actor's areas, and is not one that must be kept from posts in a village and partners."""
    if situation.area_id not in actor.areas:
        return False
    return actor.confidential or not situation.confidential or sent_in(actor, situation)


def sent_in(actor: Actor, situation: Situation) -> bool:
    """Another system looks at what it sent in itself."""
    return actor.kind == "partner" and situation.sender is not None and situation.sender == actor.id


def may(move: Move, actor: Actor, situation: Situation) -> Decision:
    """Whether ``actor`` may make ``move`` now: the state first, then the actor's part, then the rest."""
    if MATTER.target(situation.state, move) is None:
        wrong = WRONG_STATE[situation.state] if situation.state else _("There is no such matter yet.")
        return Decision.no("wrong_state", wrong)
    acting = parties(actor, situation)
    if acting.isdisjoint(MOVES[move].parties):
        return Decision.no("wrong_party", MOVES[move].refusal)
    for check in CHECKS.get(move, ()):
        refusal = check(actor, acting, situation)
        # a refusal is falsy, as every Decision that says no
        if refusal is not None:
            return refusal
    return Decision.yes()


def settled_on_the_spot(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    if situation.contested:
        sentence = _("Two units have said that this is not theirs. Decide on the spot who handles it.")
        return Decision.no("contested", sentence)
    return None


def only_contested(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    if situation.contested:
        return None
    return Decision.no("not_contested", _("Nobody has refused this matter twice. Assign it as usual."))


def not_bound(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    if situation.bound:
        sentence = _("It was decided on the spot that your unit handles this. It cannot be sent back.")
        return Decision.no("bound", sentence)
    return None


def not_held_by_a_leader(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    if situation.mechanism is Mechanism.SUPERVISED and Party.LEADER not in acting:
        return Decision.no("supervised", _("This matter is supervised. Only the leader may do this."))
    return None


def only_supervised(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    if situation.mechanism is Mechanism.SUPERVISED:
        return None
    return Decision.no("not_supervised", _("This matter is not supervised."))


def independent(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    """A unit never judges its own work, neither that of its part."""
    if situation.unit_id in actor.own_units or not situation.supporting.isdisjoint(actor.own_units):
        return Decision.no("own_work", _("Your unit has handled this. Somebody else asks the reporter."))
    return None


def not_with_another(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    """What is handled with another matter hears of it from there, and by nobody's hand: see ``services/merging.py``."""
    if situation.state is State.MERGED:
        return Decision.no("wrong_state", WRONG_STATE[State.MERGED])
    return None


def not_of_own_work(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    """Whoever types the reporter's word from a slip is not of a unit that handled it."""
    return independent(actor, acting, situation) if actor.on_behalf else None


def asked_by_another(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    """The same of every word that one person brings for another, at the door as on the telephone."""
    return None if Party.SYSTEM in acting else independent(actor, acting, situation)


def reporter_while_open(actor: Actor, acting: frozenset[Party], situation: Situation) -> Decision | None:
    """Once there is an answer the reporter's word is asked for; what comes later opens it again or is reported anew."""
    if (actor.kind == "resident" or actor.on_behalf) and situation.state not in OPEN:
        return Decision.no("wrong_state", WRONG_STATE[situation.state] if situation.state else "")
    return None


Check = Callable[[Actor, frozenset[Party], Situation], Decision | None]
CHECKS: Final[Mapping[Move, tuple[Check, ...]]] = {
    Move.ASSIGN: (settled_on_the_spot,),
    Move.DECIDE: (only_contested,),
    Move.TRANSFER: (not_bound, not_held_by_a_leader),
    Move.SEND_BACK: (not_bound,),
    Move.SUSPEND: (not_held_by_a_leader,),
    Move.DECLINE: (not_with_another, not_held_by_a_leader),
    Move.ACT: (not_with_another,),
    Move.NOTE: (reporter_while_open,),
    Move.FINISH: (not_with_another,),
    Move.MERGE: (not_held_by_a_leader,),
    Move.REPORT: (only_supervised,),
    Move.RELEASE: (only_supervised,),
    Move.FOLLOW_UP: (independent,),
    Move.CONFIRM: (asked_by_another,),
    Move.REOPEN: (not_of_own_work,),
    # "nobody needs it any more" would close what a unit has not done, and end the order that it is under
    Move.WITHDRAW: (asked_by_another,),
}


def may_name(actor: Actor, named: UUID | None) -> Decision:
    """Whether ``actor`` may say who of the unit handles what ``named`` handles now: who gives out work there.

    Who is named may give it back as well.
    """
    if actor.has(*NAMERS) or (named is not None and named == actor.id):
        return Decision.yes()
    return Decision.no("not_namer", MOVES[Move.NAME].refusal)


def may_take(actor: Actor, named: UUID | None, name: str | None) -> Decision:
    """Whether a member of the unit may take it on: while nobody has it. ``name`` is that of who is ``named``."""
    if actor.kind != "user":
        return Decision.no("no_person", _("Only a person takes a matter on."))
    if named is None:
        return Decision.yes()
    if named == actor.id:
        return Decision.no("handled_already", _("You handle this already."))
    return Decision.no("handled_already", _("%(name)s handles this already.") % {"name": name or ""})


def may_ask_at_door(actor: Actor, situation: Situation) -> Decision:
    """Whether somebody who visits a household may ask there how an answered matter of it went.

    Never of a confidential one: the others of the household would hear of it.
    """
    if situation.confidential:
        return Decision.no("confidential", _("Nobody is asked about this at the door: others would hear of it."))
    return may(Move.CONFIRM, actor, situation)


def sees(actor: Actor, situation: Situation) -> bool:
    """Twin of ``queries.visible_matters``: the actor looks after it, or its unit leads or supports."""
    units = situation.supporting | ({situation.unit_id} if situation.unit_id is not None else set())
    return looks_after(actor, situation) or not units.isdisjoint(actor.units)


def may_read(actor: Actor, *, confidential: bool) -> Decision:
    """Whether title, texts and history are told to somebody who sees the matter, or only that there is one."""
    if confidential and actor.has(*COUNTING):
        sentence = _(
            "This was told in confidence. Your post counts it and does not read it; the clerk of the place does."
        )
        return Decision.no("confidential", sentence)
    return Decision.yes()


def may_look_up_callers(actor: Actor) -> Decision:
    """Who takes in what residents say, on the telephone too."""
    if actor.has(*FIELD):
        return Decision.yes()
    return Decision.no("not_taking_in", _("Only those who take in matters may look up a caller."))


def may_reveal_reporter(actor: Actor, situation: Situation) -> Decision:
    """Name and phone number are for those who handle the matter, not for those who only look at figures.

    Of a confidential matter those are the units that have it, and the clerk; so it is of one that no unit has yet:
    the clerk alone may have to ask back before it is handed over.
    """
    aside = situation.confidential or situation.state is State.RECEIVED
    handling = REVEALED_TO - ({Party.FIELD} if aside else set())
    if parties(actor, situation) & handling:
        return Decision.yes()
    return Decision.no("not_handling", _("Only those who handle this matter may see who reported it."))


def may_print_slip(actor: Actor, situation: Situation) -> Decision:
    """The slip opens the matter as its reporter would: it is printed by those who hand it to the reporter."""
    if parties(actor, situation) & SLIPS_OF:
        return Decision.yes()
    return Decision.no("not_of_place", _("Only those who look after the place print slips."))

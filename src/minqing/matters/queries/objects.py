"""What a move is made with, beyond state and right: a part, a request for more time, an order. For pages and API."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.deadlines.rules import may_ask_extension, may_decide_extension
from minqing.matters.enums import ClockKind, Move, PartState
from minqing.matters.lifecycle import NAMING, PART
from minqing.matters.queries.dossier import Dossier
from minqing.matters.queries.handlers import stint_of
from minqing.matters.rules import may_name, may_take

# the tables of the dossier that are looked at here
TABLES: Final = frozenset({"whole", "parts", "clocks", "extensions", "supervisions"})
OWN_PARTS: Final = frozenset({Move.REPLY_PART, Move.REFUSE_PART})
DECIDING: Final = frozenset({Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION})


def has_object(move: Move, actor: Actor, dossier: Dossier) -> Decision:
    """Whether there is something to make the move with; asked once ``rules.may`` has said yes."""
    if move in DECIDING:
        asked = dossier.asked
        if asked is None:
            return Decision.no("nothing_asked", _("Nobody asks for more time at present."))
        return may_decide_extension(actor, asked_by=asked.asked_by)
    if move is Move.ASK_EXTENSION:
        return may_ask_for_more(dossier)
    if move in OWN_PARTS:
        return own_part(move, actor, dossier)
    if move in NAMING:
        return may_say_who(move, actor, dossier)
    if move is Move.DROP_PART and not any(PART.target(PartState(part.state), move) for part in dossier.parts):
        return Decision.no("no_part", _("No part of this matter can be taken back."))
    if move is Move.SUPERVISE and dossier.supervision is not None:
        return Decision.no("supervised_already", _("This matter is supervised already."))
    return Decision.yes()


def own_part(move: Move, actor: Actor, dossier: Dossier) -> Decision:
    own = [part for part in dossier.parts if part.unit_id in actor.units and part.state == PartState.ASKED]
    if not own:
        return Decision.no("no_part", _("Your unit has no open part of this matter."))
    if move is Move.REFUSE_PART and all(part.bound for part in own):
        sentence = _("It was decided on the spot that your unit handles this. It cannot be sent back.")
        return Decision.no("bound", sentence)
    return Decision.yes()


def may_say_who(move: Move, actor: Actor, dossier: Dossier) -> Decision:
    row = stint_of(actor, dossier)
    if row is None:
        return Decision.no("no_part", _("Your unit has no open part of this matter."))
    named = row.handler_id if row.handler else None
    return may_name(actor, named) if move is Move.NAME else may_take(actor, named, row.handler)


def may_ask_for_more(dossier: Dossier) -> Decision:
    running = next((row for row in dossier.clocks if row.kind == ClockKind.FINISH and row.stopped_at is None), None)
    asked = [row for row in dossier.extensions if running and row.clock_id == running.id]
    # what nobody decided, because the matter was passed on, does not count
    before = [row.granted for row in asked if row.granted is not False or row.decided_by]
    return may_ask_extension(due_at=running.due_at if running else None, now=clock.now(), before=before)

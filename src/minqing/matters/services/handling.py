"""A unit works on what it was given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.journal.services import Json
from minqing.matters.enums import PART_OPEN, ClockKind, Move, Outcome
from minqing.matters.models import Matter
from minqing.matters.rules import MOST_REFUSALS
from minqing.matters.services.clocks import stop_clocks, wait_for_unit
from minqing.matters.services.merging import answer_merged, tell_merged
from minqing.matters.services.parts import take_back
from minqing.matters.services.steps import begin, finish, fitting, once, required, stated
from minqing.matters.words import clean_text
from minqing.org.queries import usable_unit


@once
def accept_matter(*, id: UUID, matter: Matter, by: Actor, note: str = "", at: datetime | None = None) -> Matter:
    """The unit takes the matter in hand."""
    turn = begin(id=id, matter=matter, move=Move.ACCEPT, by=by, at=at)
    if turn.done:
        return turn.matter
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.ACCEPT,))
    return finish(turn, text=fitting(clean_text(note)))


@once
def note_progress(
    *,
    id: UUID,
    matter: Matter,
    text: str,
    by: Actor,
    public: bool = True,
    picture_ids: Iterable[UUID] = (),
    at: datetime | None = None,
) -> Matter:
    """Say what was done so far; with ``public`` it is an interim reply: the reporter reads it."""
    turn = begin(id=id, matter=matter, move=Move.ACT, by=by, at=at)
    if turn.done:
        return turn.matter
    text = required(text, _("Write what was done."))
    if public:
        stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.FIRST_CONTACT,))
        tell_merged(turn, text=text)
    return finish(turn, text=text, public=public, picture_ids=picture_ids)


@once
def add_note(
    *,
    id: UUID,
    matter: Matter,
    text: str,
    by: Actor,
    own: bool = False,
    picture_ids: Iterable[UUID] = (),
    at: datetime | None = None,
) -> Matter:
    """A note for those who work on the matter. It is never shown to the reporter and is no reply.

    The reporter's ``own`` words, or pictures alone, the reporter reads too; those who have the matter are told of them.
    """
    turn = begin(id=id, matter=matter, move=Move.NOTE, by=by, at=at)
    if turn.done:
        return turn.matter
    shown = [*picture_ids] if own else []
    text = fitting(clean_text(text)) if shown else required(text, _("Write the note."))
    data: dict[str, Json] = {"own": True} if own else {}
    return finish(turn, text=text, public=own, picture_ids=shown or picture_ids, data=data)


@once
def send_back_matter(
    *, id: UUID, matter: Matter, reason: str, proposed: int, by: Actor, at: datetime | None = None
) -> Matter:
    """ "Not ours": return the matter to the clerk with a reason and the unit (``proposed``) whose it should be.

    The deadline falls away until it is assigned anew, and with it what other units were asked. Every second refusal
    makes the matter contested: it is then decided on the spot. The unit stays written on the matter, so that it still
    sees what it sent back.
    """
    turn = begin(id=id, matter=matter, move=Move.SEND_BACK, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why you send it back, and who should have it."))
    owner = usable_unit(proposed)
    if owner is None or owner.pk == turn.matter.lead_unit_id:
        raise Invalid("proposed", _("Name the unit whose matter this is."))
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.ACCEPT, ClockKind.FINISH), counts=False)
    refusals = turn.matter.refusals + 1
    waits = wait_for_unit(turn.matter, at=turn.at)
    data: dict[str, Json] = {"proposed": owner.pk, "refusals": refusals, "dropped": [*take_back(turn)]}
    return finish(
        turn,
        text=f"{reason}\n→ {owner.name}",
        public=False,
        data=data,
        assigned_at=None,
        **waits,
        refusals=refusals,
        contested=refusals % MOST_REFUSALS == 0,
    )


@once
def finish_matter(
    *,
    id: UUID,
    matter: Matter,
    reply: str,
    by: Actor,
    outcome: Outcome | None = None,
    outcome_note: str = "",
    override: str = "",
    picture_ids: Iterable[UUID] = (),
    at: datetime | None = None,
) -> Matter:
    """Answer the reporter, and with the same reply everybody whose matter is handled with this one.

    ``outcome`` is how it went, None where a system does not say; of what is not solved ``outcome_note`` says why, or
    what comes next.
    Raises Invalid ``part_open`` while a supporting unit has not answered, unless ``override`` says why the lead
    finishes all the same; that is kept as part of the step, and the part is taken back.
    """
    turn = begin(id=id, matter=matter, move=Move.FINISH, by=by, at=at)
    if turn.done:
        return turn.matter
    reply = required(reply, _("Write the reply that the reporter will read."))
    went = stated(outcome, outcome_note)
    override = fitting(clean_text(override))
    waiting = [str(part.pk) for part in turn.matter.parts.filter(state__in=PART_OPEN)]
    if waiting and not override:
        sentence = _("A unit that was asked to join has not answered yet. Say why you finish all the same.")
        raise Invalid("part_open", sentence, parts=waiting)
    late = bool(turn.matter.due_at and turn.at > turn.matter.due_at)
    data: dict[str, Json] = {"late": late, "override": bool(waiting), "outcome": went["outcome"]}
    # what was not answered has not been met
    take_back(turn)
    stop_clocks(turn.matter, at=turn.at)
    answer_merged(turn, reply=reply, **went)
    if waiting:
        data["parts"] = list(waiting)
    aside = override if waiting else ""
    changes: dict[str, Any] = {"finished_at": turn.at, **went}
    return finish(turn, text=reply, aside=aside, picture_ids=picture_ids, data=data, **changes)

"""What every move has in common: lock, look whether it was done before, check, move on, write it down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound, Outdated, StoredValue
from minqing.files.services import hold_pictures
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves, moment_of, seen_before, version_of
from minqing.journal.services import Json
from minqing.matters import rules
from minqing.matters.enums import LEFT_OVER, Move, Outcome
from minqing.matters.lifecycle import MATTER, MOVES
from minqing.matters.models import Evidence, Matter, Step
from minqing.matters.words import clean_text, in_house
from minqing.org.protocols import UnitLike

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEXT_LENGTH = 20_000
USED = _("This form was already used for another matter. Open it again.")
WITH_SLIP = _("Typed by somebody else from the paper slip.")

# with these a matter leaves the unit, or comes to it anew: whoever had it there has it no longer
LEAVES: Final = frozenset(
    {
        Move.ASSIGN,
        Move.UNASSIGN,
        Move.DECIDE,
        Move.TRANSFER,
        Move.SEND_BACK,
        Move.DECLINE,
        Move.APPEAL,
        Move.MERGE,
        Move.SPLIT,
        Move.WITHDRAW,
    }
)
MATTERS: Final = Moves(
    model=Matter,
    lifecycle=MATTER,
    events={move: kind.event for move, kind in MOVES.items()},
    subject=lambda row: f"matter:{row.pk}",
    event_data=lambda row: {"number": row.number, "state": row.state, "area": row.area_id, "unit": row.lead_unit_id},
)


@dataclass(frozen=True)
class Turn:
    """One move about to be made on a locked matter. ``done`` when the same id made it before."""

    id: UUID
    matter: Matter
    move: Move
    by: Actor
    at: datetime
    done: bool = False


def said_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    """What the actor's own step of this id says."""
    step = Step.objects.filter(pk=id, by=by.ref).select_related("matter").first()
    if step is None:
        return ()
    done = StoredValue(_("On record"), f"{Move(step.move).done} · {step.matter.number}")
    return [done, *([StoredValue("", step.text)] if step.text else [])]


def refuse_outdated(locked: Matter) -> None:
    now = version_of(locked.changed_at)
    if (before := seen_before(locked.pk, now)) is not None:
        raise Outdated(version=now, state=locked.state, since=steps_since(locked, before))


def steps_since(locked: Matter, version: str) -> list[dict[str, str]]:
    """The public steps since that version; none where it is no version of ours."""
    after = moment_of(version)
    if after is None:
        return []
    rows = Step.objects.filter(matter=locked, public=True, at__gt=after).order_by("at", "id")
    return [{"move": row.move, "state": row.state, "at": row.at.isoformat()} for row in rows[:50]]


# a move is one form: the same sent twice is done once, other words under its id are refused with both
once = sent_once(said_before)


def begin(*, id: UUID, matter: Matter, move: Move, by: Actor, at: datetime | None) -> Turn:
    """Lock the matter and check that ``by`` may make ``move``; raises Refused with the reason.

    The one order of locks in this room, which every service keeps to: the id of the send (``once``); matters, those
    that stand for themselves before those merged with another, each in the order of their ids; then what hangs on a
    matter (clocks, parts, requests, pauses, its publication), which nobody changes without the matter's own lock;
    rows of the county as a whole (norms, ladder, names, rules) before any matter.

    A second send of the same id is not checked again: the answer is what the first one did. Raises Outdated for a
    version (:func:`journal.moves.as_seen`) that is not the matter's any more.
    """
    locked = MATTERS.lock(matter.pk)
    at = at or clock.now()
    if before := Step.objects.filter(pk=id).first():
        if before.matter_id != locked.pk:
            raise Conflict("request_used", USED)
        return Turn(id, locked, move, by, at, done=True)
    refuse_outdated(locked)
    rules.may(move, by, locked.situation).require()
    return Turn(id, locked, move, by, at)


def held(matter_id: UUID) -> Matter:
    """The matter locked, with its place and category, for a room above that hangs something on it; no move is made."""
    rows = Matter.objects.select_for_update(of=("self",)).select_related("area", "category")
    found = rows.filter(pk=matter_id).first()
    if found is None:
        raise NotFound()
    return found


def finish(
    turn: Turn,
    *,
    text: str = "",
    public: bool = True,
    aside: str = "",
    unit: UnitLike | None = None,
    picture_ids: Iterable[UUID] = (),
    data: dict[str, Json] | None = None,
    **changes: Any,
) -> Matter:
    """Move the matter on, save ``changes``, write the step and its pictures, and append the one event.

    ``unit`` is whose step it is where that is not the lead; ``aside`` is a remark of a public step that the reporter
    does not read.
    """
    if turn.move in LEAVES:
        changes = {"handler": None} | changes
    matter = MATTERS.finish(turn.matter, turn.move, by=turn.by, at=turn.at, data=data, changed_at=turn.at, **changes)
    if turn.by.on_behalf:
        aside = in_house(WITH_SLIP)
    step = write_step(turn, matter, text=text, public=public, aside=aside, unit=unit)
    add_pictures(matter, picture_ids, step=step)
    return matter


def write_step(
    turn: Turn, matter: Matter, *, text: str, public: bool = True, aside: str = "", unit: UnitLike | None = None
) -> Step:
    row = step_of(turn, matter, text=text, public=public, aside=aside, unit=unit)
    try:
        row.save(force_insert=True)
    except IntegrityError:
        # of a matter that is out of sight
        raise Conflict("request_used", USED) from None
    return row


def step_of(
    turn: Turn, matter: Matter, *, text: str, public: bool = True, aside: str = "", unit: UnitLike | None = None
) -> Step:
    return Step(
        id=turn.id,
        matter=matter,
        move=turn.move.value,
        state=matter.state,
        at=turn.at,
        by=turn.by.ref,
        # a resident's name stands in Reporter, encrypted, and nowhere else
        by_name=turn.by.name[:60] if turn.by.kind == "user" else "",
        unit_id=unit.pk if unit else matter.lead_unit_id,
        text=text,
        aside=aside,
        public=public,
    )


def add_pictures(matter: Matter, picture_ids: Iterable[UUID], *, step: Step | None = None) -> None:
    rows = [Evidence(matter=matter, step=step, attachment_id=one) for one in dict.fromkeys(picture_ids)]
    if not rows:
        return
    gone = Invalid("picture", _("A picture could not be attached. Choose it again."))
    # the database would notice at commit alone
    if not hold_pictures(ids=[row.attachment_id for row in rows]):
        raise gone
    try:
        Evidence.objects.bulk_create(rows)
    except IntegrityError:
        raise gone from None


def stated(outcome: Outcome | None, note: str) -> dict[str, str]:
    """How it went, as fields of what is answered: what is not solved says why, or what comes next."""
    said = fitting(clean_text(note))
    if outcome in LEFT_OVER and not said:
        raise Invalid("outcome_note", _("Say why, or what comes next. The reporter reads it."))
    return {"outcome": outcome.value if outcome else "", "outcome_note": said if outcome in LEFT_OVER else ""}


def required(text: str, sentence: StrOrPromise) -> str:
    """``text`` cleaned; Invalid with ``sentence`` when nothing is left of it."""
    text = clean_text(text)
    if not text:
        raise Invalid("text_missing", sentence)
    return fitting(text)


def fitting(text: str) -> str:
    if len(text) > TEXT_LENGTH:
        raise Invalid("text_too_long", _("The text is too long. Shorten it to 20,000 characters."))
    return text

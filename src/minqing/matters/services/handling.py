"""A unit works on what it was given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.matters.enums import Move
from minqing.matters.models import Matter
from minqing.matters.services.steps import begin, finish, fitting, required
from minqing.matters.words import clean_text


@transaction.atomic
def accept_matter(*, id: UUID, matter: Matter, by: Actor, note: str = "", at: datetime | None = None) -> Matter:
    """The unit takes the matter in hand."""
    turn = begin(id=id, matter=matter, move=Move.ACCEPT, by=by, at=at)
    if turn.done:
        return turn.matter
    return finish(turn, text=fitting(clean_text(note)))


@transaction.atomic
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
    """Say what was done so far; with ``public`` the reporter reads it."""
    turn = begin(id=id, matter=matter, move=Move.ACT, by=by, at=at)
    if turn.done:
        return turn.matter
    text = required(text, _("Write what was done."))
    return finish(turn, text=text, public=public, picture_ids=picture_ids)


@transaction.atomic
def send_back_matter(*, id: UUID, matter: Matter, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """Return the matter to the clerk with a reason. The deadline falls away until it is assigned anew.

    The unit stays written on the matter, so that it can still see what it sent back and the clerk sees who did.
    """
    turn = begin(id=id, matter=matter, move=Move.SEND_BACK, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why you send it back, and who should have it."))
    return finish(turn, text=reason, public=False, assigned_at=None, due_at=None, due_provisional=False)


@transaction.atomic
def finish_matter(
    *,
    id: UUID,
    matter: Matter,
    reply: str,
    by: Actor,
    picture_ids: Iterable[UUID] = (),
    at: datetime | None = None,
) -> Matter:
    """Answer the reporter. The matter then waits for the reporter's word."""
    turn = begin(id=id, matter=matter, move=Move.FINISH, by=by, at=at)
    if turn.done:
        return turn.matter
    reply = required(reply, _("Write the reply that the reporter will read."))
    late = bool(turn.matter.due_at and turn.at > turn.matter.due_at)
    return finish(turn, text=reply, picture_ids=picture_ids, data={"late": late}, finished_at=turn.at)

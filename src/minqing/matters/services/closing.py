"""The reporter has the last word: confirm, reopen, withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.journal.services import Json
from minqing.matters.enums import Move, State
from minqing.matters.models import Confirmation, Matter
from minqing.matters.services.routing import usual_days
from minqing.matters.services.steps import Turn, begin, deadline, finish, fitting, required
from minqing.matters.words import clean_text


@transaction.atomic
def confirm_matter(
    *,
    id: UUID,
    matter: Matter,
    by: Actor,
    answered: bool | None = None,
    solved: bool | None = None,
    satisfaction: int | None = None,
    text: str = "",
    at: datetime | None = None,
) -> Matter:
    """Take the reporter's word: was there an answer, is it solved, how satisfied (1–5). Each may be left open.

    "Not solved" reopens the matter at once and asks nobody; everything else closes it.
    """
    move = Move.REOPEN if solved is False else Move.CONFIRM
    turn = begin(id=id, matter=matter, move=move, by=by, at=at)
    if turn.done:
        return turn.matter
    if answered is solved is satisfaction is None:
        raise Invalid("nothing_said", _("Answer at least one of the questions."))
    if satisfaction is not None and satisfaction not in range(1, 6):
        raise Invalid("satisfaction", _("Satisfaction is a number from 1 to 5."))
    text = fitting(clean_text(text))
    Confirmation.objects.create(
        id=id,
        matter=turn.matter,
        answered=answered,
        solved=solved,
        satisfaction=satisfaction,
        text=text,
        at=turn.at,
        by=by.ref,
    )
    facts: dict[str, Json] = {"answered": answered, "solved": solved, "satisfaction": satisfaction}
    if move is Move.REOPEN:
        return open_again(turn, text=text, data=facts)
    return finish(turn, text=text, data=facts, closed_at=turn.at)


@transaction.atomic
def reopen_matter(*, id: UUID, matter: Matter, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """Something is left to do: the unit that answered has it again, with a new deadline."""
    turn = begin(id=id, matter=matter, move=Move.REOPEN, by=by, at=at)
    if turn.done:
        return turn.matter
    return open_again(turn, text=required(reason, _("Say what is still left to do.")), data={})


@transaction.atomic
def withdraw_matter(*, id: UUID, matter: Matter, by: Actor, reason: str = "", at: datetime | None = None) -> Matter:
    """The reporter needs nothing any more."""
    turn = begin(id=id, matter=matter, move=Move.WITHDRAW, by=by, at=at)
    if turn.done:
        return turn.matter
    return finish(turn, text=fitting(clean_text(reason)), closed_at=turn.at)


def open_again(turn: Turn, *, text: str, data: dict[str, Json]) -> Matter:
    matter = turn.matter
    changes: dict[str, Any] = {"finished_at": None, "closed_at": None, "reopened": matter.reopened + 1}
    if matter.state == State.WITHDRAWN:
        changes |= {"assigned_at": None, "due_at": None, "due_provisional": False}
    else:
        changes |= {"assigned_at": turn.at, **deadline(start=turn.at, days=usual_days(matter.category))}
    return finish(turn, text=text, data=data | {"reopened": changes["reopened"]}, **changes)

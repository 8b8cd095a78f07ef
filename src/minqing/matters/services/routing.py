"""A clerk sorts a matter and gives it to a unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.matters.enums import Mechanism, Move, State
from minqing.matters.models import Category, Matter
from minqing.matters.services.categories import category_in_use
from minqing.matters.services.steps import DEFAULT_DAYS, begin, deadline, finish, fitting
from minqing.matters.words import clean_text
from minqing.org.queries import usable_unit


@transaction.atomic
def classify_matter(
    *,
    id: UUID,
    matter: Matter,
    category: str,
    by: Actor,
    mechanism: Mechanism | None = None,
    at: datetime | None = None,
) -> Matter:
    """Put the matter into ``category`` (a code) and, if given, under ``mechanism``. The reporter is not told."""
    turn = begin(id=id, matter=matter, move=Move.CLASSIFY, by=by, at=at)
    if turn.done:
        return turn.matter
    found = category_in_use(category)
    changes: dict[str, Any] = {"category": found}
    if mechanism is not None:
        changes["mechanism"] = Mechanism(mechanism).value
    return finish(turn, text=found.name, public=False, data={"category": found.code}, **changes)


@transaction.atomic
def assign_matter(
    *,
    id: UUID,
    matter: Matter,
    unit: int,
    by: Actor,
    due_days: int | None = None,
    due: datetime | None = None,
    category: str = "",
    mechanism: Mechanism | None = None,
    note: str = "",
    waiting: bool = False,
    at: datetime | None = None,
) -> Matter:
    """Give the matter to ``unit`` (its id) with a deadline.

    The deadline is ``due``, else the close of the ``due_days``-th working day, else that of the category's usual
    days (5 without category). Raises Invalid for a unit that is not active or a deadline in the past, and with
    ``waiting`` Conflict for a matter that does not wait any more: of two clerks at the queue the first assigns.
    """
    turn = begin(id=id, matter=matter, move=Move.ASSIGN, by=by, at=at)
    if turn.done:
        return turn.matter
    if waiting and turn.matter.state != State.RECEIVED:
        raise Conflict("assigned_already", _("Somebody has assigned this matter already. Open it to see to whom."))
    found = usable_unit(unit)
    if found is None:
        raise Invalid("unit", _("This unit takes no matters. Choose another one."))
    kind = category_in_use(category) if category else turn.matter.category
    changes: dict[str, Any] = {"lead_unit": found, "assigned_at": turn.at}
    if kind is not None:
        changes["category"] = kind
    if mechanism is not None:
        changes["mechanism"] = Mechanism(mechanism).value
    if due is not None:
        if due <= turn.at:
            raise Invalid("due_past", _("The deadline is in the past. Choose a later day."))
        changes |= {"due_at": due, "due_provisional": False}
    else:
        changes |= deadline(start=turn.at, days=usual_days(kind) if due_days is None else due_days)
    return finish(turn, text=fitting(clean_text(note)), data={"category": kind.code if kind else ""}, **changes)


def usual_days(category: Category | None) -> int:
    return category.working_days if category else DEFAULT_DAYS

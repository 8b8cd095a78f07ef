"""More time: asked for before the deadline, granted by somebody else, counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.matters.enums import ClockKind, Move
from minqing.matters.models import Extension, Matter
from minqing.matters.rules import may_ask_extension, may_decide_extension
from minqing.matters.services.clocks import reckon_running, target_of
from minqing.matters.services.steps import Turn, begin, finish, fitting, once, required
from minqing.matters.words import clean_text, in_house, written

MOVED = _("Due {after} instead of {before}.")
LATER = _("More time is granted. The deadline is told when the matter goes on.")


@once
def ask_extension(*, id: UUID, matter: Matter, days: int, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """Ask for ``days`` more working days. Raises Invalid after the deadline, or where it was asked too often.

    What was asked for an earlier deadline, or by a unit that has passed the matter on, does not count.
    """
    turn = begin(id=id, matter=matter, move=Move.ASK_EXTENSION, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why more time is needed."))
    clock = turn.matter.clocks.filter(kind=ClockKind.FINISH.value, stopped_at=None).first()
    earlier: list[bool | None] = []
    if clock:
        earlier += clock.extensions.exclude(granted=False, decided_by="").values_list("granted", flat=True)
    allowed = may_ask_extension(due_at=clock.due_at if clock else None, now=turn.at, before=earlier)
    if clock is None or not allowed:
        refusal = Conflict if allowed.code == "asked_already" else Invalid
        raise refusal(allowed.code, allowed.reason)
    more = target_of(days)
    if days < 1:
        raise Invalid("days", _("Ask for at least one working day."))
    Extension.objects.create(
        id=id, matter=turn.matter, clock=clock, more=more.as_json(), reason=reason, asked_at=turn.at, asked_by=by.ref
    )
    return finish(turn, text=reason, public=False, data={"days": days, "times": len(earlier) + 1})


@once
def grant_extension(*, id: UUID, matter: Matter, by: Actor, note: str = "", at: datetime | None = None) -> Matter:
    """Give the time that was asked for; the reporter is told the new deadline."""
    turn = begin(id=id, matter=matter, move=Move.GRANT_EXTENSION, by=by, at=at)
    if turn.done:
        return turn.matter
    extension = decide(turn, granted=True)
    before = turn.matter.due_at
    deadline: dict[str, Any] = reckon_running(turn.matter, at=turn.at)
    after = deadline["due_at"]
    moved = in_house(format_lazy(MOVED, before=written(before), after=written(after)) if after else LATER)
    note = fitting("\n".join(filter(None, [clean_text(note), moved])))
    return finish(turn, text=note, data={"extension": str(extension.pk)}, **deadline)


@once
def refuse_extension(*, id: UUID, matter: Matter, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """The deadline stays."""
    turn = begin(id=id, matter=matter, move=Move.REFUSE_EXTENSION, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why the deadline stays."))
    extension = decide(turn, granted=False)
    return finish(turn, text=reason, public=False, data={"extension": str(extension.pk)})


def decide(turn: Turn, *, granted: bool) -> Extension:
    extension = turn.matter.extensions.select_for_update().filter(granted=None).first()
    if extension is None:
        raise Conflict("nothing_asked", _("Nobody asks for more time at present."))
    may_decide_extension(turn.by, asked_by=extension.asked_by).require()
    extension.granted, extension.decided_at, extension.decided_by = granted, turn.at, turn.by.ref
    extension.save(update_fields=["granted", "decided_at", "decided_by"])
    return extension

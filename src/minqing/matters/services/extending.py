"""More time: asked for before the deadline, granted by somebody else, counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.deadlines.services import ask_for_more, decide_more, target_of
from minqing.matters.enums import ClockKind, Move
from minqing.matters.models import Matter
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services.clocks import reckon_running
from minqing.matters.services.steps import begin, finish, fitting, once, required
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
    running = CLOCKS.running(turn.matter).filter(kind=ClockKind.FINISH.value).first()
    times = ask_for_more(CLOCKS, turn.matter, running, target_of(days), id=id, reason=reason, by=by, at=turn.at)
    return finish(turn, text=reason, public=False, data={"days": days, "times": times})


@once
def grant_extension(*, id: UUID, matter: Matter, by: Actor, note: str = "", at: datetime | None = None) -> Matter:
    """Give the time that was asked for; the reporter is told the new deadline."""
    turn = begin(id=id, matter=matter, move=Move.GRANT_EXTENSION, by=by, at=at)
    if turn.done:
        return turn.matter
    extension = decide_more(CLOCKS, turn.matter, granted=True, by=by, at=turn.at)
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
    extension = decide_more(CLOCKS, turn.matter, granted=False, by=by, at=turn.at)
    return finish(turn, text=reason, public=False, data={"extension": str(extension.pk)})

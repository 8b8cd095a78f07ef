"""More time to put it right: asked for before the deadline, granted by somebody else, counted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.deadlines.services import ask_for_more, decide_more, reckon_running, target_of
from minqing.hazards.enums import Move
from minqing.hazards.models import Hazard
from minqing.hazards.services.hazards import BOOK, HAZARDS, begin, reasoned


@transaction.atomic
def ask_more_time(*, hazard: Hazard, days: int, reasons: str, by: Actor, at: datetime | None = None) -> Hazard:
    """Ask for ``days`` more working days. Raises Invalid after the deadline, or where it was asked too often.

    Event: ``hazards.hazard.more_asked``.
    """
    row, at = begin(hazard, Move.ASK_MORE, by), at or clock.now()
    running = BOOK.running(row).first()
    ask_for_more(BOOK, row, running, target_of(days), id=new_id(), reason=reasoned(reasons), by=by, at=at)
    return HAZARDS.finish(row, Move.ASK_MORE, by=by, at=at, data={"days": days}, asked_by_id=by.person, changed_at=at)


@transaction.atomic
def grant_more_time(*, hazard: Hazard, by: Actor, at: datetime | None = None) -> Hazard:
    """Give the time that was asked for; who was reminded is reminded of the new day. Event: ``.more_granted``."""
    row, at = begin(hazard, Move.GRANT_MORE, by), at or clock.now()
    decide_more(BOOK, row, granted=True, by=by, at=at)
    deadline = reckon_running(BOOK, row, at=at)
    return HAZARDS.finish(
        row, Move.GRANT_MORE, by=by, at=at, asked_by_id=None, changed_at=at, reminded_at=None, **deadline
    )


@transaction.atomic
def refuse_more_time(*, hazard: Hazard, reasons: str, by: Actor, at: datetime | None = None) -> Hazard:
    """The deadline stays, for these reasons. Event: ``hazards.hazard.more_refused``."""
    row, at = begin(hazard, Move.REFUSE_MORE, by), at or clock.now()
    decide_more(BOOK, row, granted=False, by=by, at=at)
    text = reasoned(reasons)
    return HAZARDS.finish(row, Move.REFUSE_MORE, by=by, at=at, asked_by_id=None, changed_at=at, reasons=text)

"""A matter that waits: for its reporter, for the season, for somebody else. Its clocks stand still."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.deadlines.queries import waiting_for
from minqing.deadlines.services import begin_pause, end_of_waiting, end_pause
from minqing.matters.enums import ClockKind, Move, PauseReason
from minqing.matters.models import Matter
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services.clocks import reckon_running, stop_clocks
from minqing.matters.services.merging import tell_merged
from minqing.matters.services.steps import begin, finish, fitting, once, required
from minqing.matters.words import clean_text


@once
def suspend_matter(
    *,
    id: UUID,
    matter: Matter,
    reason: PauseReason,
    until: date,
    text: str,
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Let the matter wait up to the local day ``until``; the reporter reads why (``text``).

    Which clocks stand still, how long at most, and whether it may be waited for at all depends on ``reason``
    (``queries.terms``); a rule that changes later changes nothing here. It is taken up again by hand, or by
    :func:`resume_due` when the day is over.
    """
    turn = begin(id=id, matter=matter, move=Move.SUSPEND, by=by, at=at)
    if turn.done:
        return turn.matter
    text = required(text, _("Say what is waited for. The reporter reads it."))
    rule = waiting_for(CLOCKS, reason)
    if not rule.offered:
        raise Invalid("reason", _("This reason to wait is not in use here. Choose another one."))
    end = end_of_waiting(until, at=turn.at, longest=rule.longest)
    # its reporter is told why: that is a first word
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.FIRST_CONTACT,))
    begin_pause(CLOCKS, turn.matter, id=id, reason=reason, stops=rule.stops, until=end, at=turn.at)
    # those who raised the same wait as well
    tell_merged(turn, text=text)
    data = {"reason": PauseReason(reason).value, "until": until.isoformat()}
    return finish(turn, text=text, data={**data}, **reckon_running(turn.matter, at=turn.at))


@once
def resume_matter(*, id: UUID, matter: Matter, by: Actor, note: str = "", at: datetime | None = None) -> Matter:
    """Go on with a matter that waited. What is left of its time is left."""
    turn = begin(id=id, matter=matter, move=Move.RESUME, by=by, at=at)
    if turn.done:
        return turn.matter
    end_pause(CLOCKS, turn.matter, at=turn.at)
    return finish(turn, text=fitting(clean_text(note)), **reckon_running(turn.matter, at=turn.at))

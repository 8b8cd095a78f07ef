"""The reporter has the last word: confirm, reopen, appeal, withdraw; asked by link, on a visit, or by a call."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Invalid
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import next_rung
from minqing.journal.services import Json
from minqing.matters.enums import ClockKind, Mechanism, Move, Source, State
from minqing.matters.models import CallBack, Confirmation, Matter
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.rules import MOST_REOPENINGS, WRONG_STATE
from minqing.matters.services.assigning import count_legal_anew, taken_back, time_to_finish
from minqing.matters.services.clocks import deadline_of, norm, start_clocks, wait_for_unit
from minqing.matters.services.merging import decline_merged, end_work, hand_on
from minqing.matters.services.parts import sharing
from minqing.matters.services.steps import Turn, begin, finish, fitting, once, required
from minqing.matters.services.supervising import end_supervision, open_supervision, take_up_supervision
from minqing.matters.words import clean_text, in_house
from minqing.org.queries import area_path, backstop_unit, units_over, usable_unit

UNSAID = _("Asked at the door: the reporter would not say.")
WORSE = _("Not solved for the third time: supervised without anybody's order.")
GONE = _("{former} takes no matters any more: {unit} has it now.")
ANSWERED = (State.FINISHED, State.CONFIRMED)
Facts = dict[str, Json]


@once
def confirm_matter(
    *,
    id: UUID,
    matter: Matter,
    by: Actor,
    answered: bool | None = None,
    solved: bool | None = None,
    satisfaction: int | None = None,
    text: str = "",
    source: Source | None = None,
    at: datetime | None = None,
) -> Matter:
    """Take the reporter's word: was there an answer, is it solved, how satisfied (1–5). Each may be left open.

    "Not solved" reopens the matter at once and asks nobody; everything else closes it. ``source`` is how it was
    asked: by the private link from a resident, on a visit from others, unless said.
    """
    move = Move.REOPEN if solved is False else Move.CONFIRM
    turn = begin(id=id, matter=matter, move=move, by=by, at=at)
    if turn.done:
        return turn.matter
    if turn.matter.state not in ANSWERED:
        # it may be opened again, but there is no answer to judge
        Decision.no("wrong_state", WRONG_STATE[State(turn.matter.state)]).require()
    asked = source or (Source.LINK if by.kind == "resident" else Source.VISIT)
    facts = take_word(turn, answered=answered, solved=solved, satisfaction=satisfaction, text=text, source=asked)
    return settle(turn, move, text=fitting(clean_text(text)), facts=facts)


@once
def follow_up_matter(
    *,
    id: UUID,
    matter: Matter,
    by: Actor,
    reached: bool,
    answered: bool | None = None,
    solved: bool | None = None,
    satisfaction: int | None = None,
    declined: bool = False,
    text: str = "",
    at: datetime | None = None,
) -> Matter:
    """A call back 回访 by somebody of another unit than the one that answered.

    Whoever was not ``reached`` is counted as not having answered; nothing is assumed of them. Whoever ``declined``
    was asked and would not say: that closes nothing and is counted by itself. What was said counts as any other word
    of the reporter, also where a cadre has confirmed for them before.
    """
    turn = begin(id=id, matter=matter, move=Move.FOLLOW_UP, by=by, at=at)
    if turn.done:
        return turn.matter
    move = after_call(turn.matter, spoke=reached and not declined, solved=solved)
    turn = Turn(id, turn.matter, move, by, turn.at)
    note_call(turn, reached=reached)
    if not reached and declined:
        raise Invalid("declined", _("Whoever was not reached was not asked."))
    if not reached:
        return finish(turn, text=fitting(clean_text(text)), public=False, data={"reached": False})
    facts = take_word(
        turn,
        answered=answered,
        solved=solved,
        satisfaction=satisfaction,
        declined=declined,
        text=text,
        source=Source.CALL,
    )
    if declined:
        return finish(turn, text=fitting(clean_text(text)), public=False, data=facts | {"reached": True})
    return settle(turn, move, text=fitting(clean_text(text)), facts=facts)


@once
def hear_nothing(*, id: UUID, matter: Matter, by: Actor, source: Source, at: datetime | None = None) -> Matter:
    """The reporter was asked in person and would not say. The matter stays as it is; nobody closes it with that."""
    turn = begin(id=id, matter=matter, move=Move.FOLLOW_UP, by=by, at=at)
    if turn.done:
        return turn.matter
    facts = take_word(turn, declined=True, source=source)
    return finish(turn, text=in_house(UNSAID), public=False, data=facts)


def after_call(matter: Matter, *, spoke: bool, solved: bool | None) -> Move:
    if spoke and solved is False:
        return Move.REOPEN
    return Move.CONFIRM if spoke and matter.state == State.FINISHED else Move.FOLLOW_UP


def note_call(turn: Turn, *, reached: bool) -> None:
    row, _made = CallBack.objects.get_or_create(matter=turn.matter, defaults={"drawn_at": turn.at})
    row.tries += 1
    # three times nobody there is an answer of its own
    if reached or row.tries >= 3:
        row.done_at, row.reached = turn.at, reached
    row.save()


def take_word(
    turn: Turn,
    *,
    source: Source,
    answered: bool | None = None,
    solved: bool | None = None,
    satisfaction: int | None = None,
    declined: bool = False,
    text: str = "",
) -> Facts:
    """Three facts, each on its own, or that nothing was said of them (``declined``); returns them for the event."""
    silent = answered is solved is satisfaction is None
    if declined and not silent:
        raise Invalid("declined", _("Either something was said, or the reporter would not say."))
    if silent and not declined:
        raise Invalid("nothing_said", _("Answer at least one of the questions."))
    if satisfaction is not None and satisfaction not in range(1, 6):
        raise Invalid("satisfaction", _("Satisfaction is a number from 1 to 5."))
    facts: dict[str, Any] = {"answered": answered, "solved": solved, "satisfaction": satisfaction}
    facts |= {"declined": True} if declined else {}
    Confirmation.objects.create(
        id=turn.id,
        matter=turn.matter,
        text=fitting(clean_text(text)),
        at=turn.at,
        by=turn.by.ref,
        source=source.value,
        **facts,
    )
    return facts | {"source": source.value}


def settle(turn: Turn, move: Move, *, text: str, facts: Facts) -> Matter:
    if move is Move.REOPEN:
        return open_again(turn, text=text, data=facts)
    if move is Move.FOLLOW_UP:
        return finish(turn, text=text, data=facts | {"reached": True})
    end_supervision(turn)
    return finish(turn, text=text, data=facts, closed_at=turn.at)


@once
def reopen_matter(*, id: UUID, matter: Matter, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """Something is left to do: the unit that answered has it again, with a new deadline."""
    turn = begin(id=id, matter=matter, move=Move.REOPEN, by=by, at=at)
    if turn.done:
        return turn.matter
    return open_again(turn, text=required(reason, _("Say what is still left to do.")), data={})


@once
def withdraw_matter(*, id: UUID, matter: Matter, by: Actor, reason: str = "", at: datetime | None = None) -> Matter:
    """The reporter needs nothing any more. Others who raised the same still do: see :func:`hand_on`."""
    turn = begin(id=id, matter=matter, move=Move.WITHDRAW, by=by, at=at)
    if turn.done:
        return turn.matter
    data: Facts = {"dropped": [*end_work(turn)]}
    hand_on(turn)
    text = fitting(clean_text(reason))
    return finish(turn, text=text, data=data, closed_at=turn.at, cause=None, due_at=None, due_provisional=False)


@once
def decline_matter(*, id: UUID, matter: Matter, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """Outside our duty: the reporter reads why and who can help, and may appeal. After that another clerk decides."""
    turn = begin(id=id, matter=matter, move=Move.DECLINE, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why this is not ours, and who can help. The reporter reads it."))
    if turn.matter.steps.filter(move=Move.DECLINE.value, by=by.ref).exists():
        Decision.no("own_decision", _("You have declined this before. Somebody else decides on the appeal.")).require()
    data: Facts = {"dropped": [*end_work(turn)]}
    decline_merged(turn, reason=reason)
    return finish(turn, text=reason, data=data, closed_at=turn.at, due_at=None, due_provisional=False)


@once
def appeal_matter(*, id: UUID, matter: Matter, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """The reporter does not agree that it is outside our duty: it is looked at again, one rung higher."""
    turn = begin(id=id, matter=matter, move=Move.APPEAL, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why it is ours after all."))
    start_clocks(
        turn.matter, {ClockKind.FIRST_CONTACT: norm(turn.matter.mechanism, ClockKind.FIRST_CONTACT)}, at=turn.at
    )
    take_up_supervision(turn)
    above = next_rung(CLOCKS, Rung(turn.matter.rung))
    rung = above.rung if above else Rung(turn.matter.rung)
    waits = wait_for_unit(turn.matter, at=turn.at, rung=rung)
    return finish(turn, text=reason, data={"rung": rung.value}, closed_at=None, assigned_at=None, **waits)


def open_again(turn: Turn, *, text: str, data: Facts) -> Matter:
    """To the unit that had it, with a new deadline; beyond :data:`MOST_REOPENINGS` it is supervised by itself.

    A unit that takes no matters any more does not get it: see :func:`unit_again`. The legal term counts anew. What was
    withdrawn was never answered: it is sorted and assigned like any other, and does not count as reopened.
    """
    matter, aside = turn.matter, ""
    changes: dict[str, Any] = {"finished_at": None, "closed_at": None, "cause": None, "reopened": matter.reopened}
    changes |= {"outcome": "", "outcome_note": ""}
    if matter.state == State.WITHDRAWN:
        changes |= {"assigned_at": None, **wait_for_unit(matter, at=turn.at)}
        take_up_supervision(turn)
    else:
        changes |= {"reopened": matter.reopened + 1, "rung": Rung.OFFICER.value}
        matter.rung = Rung.OFFICER.value
        if (instead := unit_again(matter)) is not None:
            former, matter.lead_unit = matter.lead_unit, instead
            aside = in_house(format_lazy(GONE, former=former.name if former else "–", unit=instead.name))
            changes |= {"lead_unit": instead, "handler": None, "bound": False}
            data = data | {"instead_of": former.pk if former else None, **taken_back(turn)}
        if matter.supporting:
            changes["supporting"] = sharing(matter)
        started = start_clocks(
            matter,
            {
                ClockKind.ACCEPT: norm(matter.mechanism, ClockKind.ACCEPT),
                ClockKind.FINISH: time_to_finish(matter, None, matter.category),
            },
            at=turn.at,
        )
        changes |= {"assigned_at": turn.at, **deadline_of(started.get(ClockKind.FINISH))}
        changes |= watched(turn, too_often=changes["reopened"] > MOST_REOPENINGS)
    count_legal_anew(turn)
    return finish(turn, text=text, aside=aside, data=data | {"reopened": changes["reopened"]}, **changes)


def unit_again(matter: Matter) -> Any | None:
    """Who has it instead of a unit that takes no matters any more; None where the former unit has it again.

    The township's own office, else the nearest unit above that is at work; where there is none the clerk assigns it.
    """
    if matter.lead_unit_id is not None and usable_unit(matter.lead_unit_id) is not None:
        return None
    return backstop_unit(matter.area_id) or next(iter(units_over(area_path(matter.area_id))), None)


def watched(turn: Turn, *, too_often: bool) -> dict[str, object]:
    """Supervision goes on; what was answered again and again and never solved comes under it without an order."""
    if not take_up_supervision(turn) and too_often:
        open_supervision(turn, in_house(WORSE))
        return {"mechanism": Mechanism.SUPERVISED.value}
    return {}

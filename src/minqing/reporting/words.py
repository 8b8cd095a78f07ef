"""A matter's state and steps in the words of the one who raised it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.deadlines.explaining import WEEKDAYS
from minqing.matters.enums import OPEN, Move, Outcome, Satisfaction, Source, State
from minqing.matters.protocols import MatterRead
from minqing.matters.queries import public_word
from minqing.web.templatetags.mq import day_alone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# the way of a matter, as it stands above the page
WAY: Final[Mapping[State, StrOrPromise]] = {
    State.RECEIVED: _("We have it"),
    State.ASSIGNED: _("Passed on"),
    State.ACCEPTED: _("Being done"),
    State.FINISHED: _("Reply"),
    State.CONFIRMED: _("Settled"),
}
NOW: Final[Mapping[State, StrOrPromise]] = {
    State.RECEIVED: _("We have it. Somebody is being found to handle it."),
    State.ASSIGNED: _("It was passed on to {unit}."),
    State.ACCEPTED: _("{unit} is handling it."),
    State.FINISHED: _("There is a reply. Please tell us how it went."),
    State.CONFIRMED: _("This is settled. Thank you."),
    State.WITHDRAWN: _("This was withdrawn."),
    State.SUSPENDED: _("{unit} has to wait before it goes on. Below you read for what."),
    State.DECLINED: _("This is not ours to solve. Below you read why, and who can help."),
    State.MERGED: _("Others have reported the same. It is handled together, and you get the reply too."),
}
AGAIN: Final = _("Opened again: {unit} has to look at it once more.")
# of a word that an office wrote down: how it was heard, so that nobody takes it for forged
HEARD: Final[Mapping[Source, StrOrPromise]] = {
    Source.CALL: _("You said it in a call, and it was written down for you"),
    Source.VISIT: _("You said it on a visit, and it was written down for you"),
    Source.PAPER: _("You said it to a helper who had your slip, and it was written down for you"),
}
HEARD_SO: Final = _("It was written down for you how it went")
NOT_MINE: Final = _("If you said something else, call one of the numbers on this page.")
# what is not named here is between offices
DONE: Final[Mapping[Move, tuple[StrOrPromise, str]]] = {
    Move.RECEIVE: (_("You reported it"), "send"),
    Move.ASSIGN: (_("Passed on to {unit}"), "arrow-right"),
    Move.UNASSIGN: (_("It is looked at once more whose it is"), "arrow-counterclockwise"),
    Move.ACCEPT: (_("{unit} took it in hand"), "person-check"),
    Move.ACT: (_("News from {unit}"), "chat-left-text"),
    Move.FINISH: (_("Reply of {unit}"), "chat-quote"),
    Move.CONFIRM: (_("You said how it went"), "check-circle"),
    Move.REOPEN: (_("Opened again"), "arrow-repeat"),
    Move.WITHDRAW: (_("Withdrawn"), "x-circle"),
    Move.TRANSFER: (_("Passed on to {unit}"), "arrow-right"),
    Move.DECIDE: (_("Passed on to {unit}"), "arrow-right"),
    Move.SUSPEND: (_("{unit} has to wait"), "pause-circle"),
    Move.RESUME: (_("It goes on"), "play-circle"),
    Move.GRANT_EXTENSION: (_("It takes longer than promised"), "hourglass-split"),
    Move.RECKON: (_("The day of the reply has moved"), "calendar3"),
    Move.DECLINE: (_("Not ours to solve"), "slash-circle"),
    Move.APPEAL: (_("You did not agree"), "megaphone"),
    Move.MERGE: (_("Handled together with others"), "union"),
    Move.SPLIT: (_("Handled on its own again"), "diagram-3"),
    Move.NOTE: (_("You added"), "plus-lg"),
}
# the notes of the others are written by one office for another
TOLD: Final = frozenset(
    {
        Move.ACT,
        Move.FINISH,
        Move.CONFIRM,
        Move.REOPEN,
        Move.SUSPEND,
        Move.GRANT_EXTENSION,
        Move.RECKON,
        Move.DECLINE,
        Move.APPEAL,
        Move.MERGE,
        Move.NOTE,
    }
)
# by a day, by about a day where the holidays are not known yet, and after it
ASSIGNED_BY: Final = (
    _("By {day} at the latest it is with those who handle it"),
    _("By about {day} it is with those who handle it"),
    _("By {day} it should have been with those who handle it"),
)
ANSWERED_BY: Final = (
    _("You get a reply by {day} at the latest"),
    _("You get a reply by about {day}"),
    _("It should have been answered by {day}"),
)
NO_DAY: Final = _("The day of the reply will stand here")
# where on the way a matter stands that is in none of its places
PLACE: Final[Mapping[State, State]] = {State.SUSPENDED: State.ACCEPTED, State.MERGED: State.ASSIGNED}
NOBODY: Final = _("the unit in charge")
# what the county calls a state, before the sentence that says what it means
CALLED: Final = _("{word}: {told}")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the page shows it. ``who`` is an office or the reporter, never a member of staff."""

    move: Move
    title: StrOrPromise
    icon: str
    at: datetime
    text: str
    pictures: tuple[UUID, ...]


def lines_of(steps: Iterable[Any], heard: Mapping[UUID, Any]) -> list[StepLine]:
    """The public ``steps`` in plain words, in their order; ``heard`` the words that offices wrote down, by step."""
    return [line_of(step, heard.get(step.pk)) for step in steps if Move(step.move) in DONE]


# how it went, in the words of those who answered
WENT: Final[dict[str, StrOrPromise]] = {
    Outcome.SOLVED: _("It is solved, say those who worked on it."),
    Outcome.PARTLY: _("A part of it is solved. What comes next:"),
    Outcome.NOT_NOW: _("It cannot be done for now. Why, and what comes next:"),
}


def outcome_of(matter: MatterRead) -> tuple[StrOrPromise, str] | None:
    """The sentence and the words of the unit; nothing where nobody has said."""
    return (WENT[matter.outcome], matter.outcome_note) if matter.outcome in WENT else None


def reply_first(lines: list[StepLine]) -> tuple[StepLine | None, list[StepLine]]:
    """The last step, if it is the reply, and the others."""
    if lines and lines[0].move is Move.FINISH:
        return lines[0], lines[1:]
    return None, lines


def line_of(step: Any, heard: Any = None) -> StepLine:
    """``heard``: what an office wrote down for the reporter (a confirmation); how, and what, stands there too."""
    move = Move(step.move)
    title, icon = DONE[move]
    text = step.text if move in TOLD else ""
    if heard:
        title = HEARD.get(heard.source, HEARD_SO)
        text = "\n".join(str(one) for one in (*said_by(heard), text, NOT_MINE) if one)
    return StepLine(
        move=move,
        title=format_lazy(title, unit=step.unit.name if step.unit else NOBODY),
        icon=icon,
        at=step.at,
        text=text,
        pictures=tuple(one.attachment_id for one in step.evidence.all()),
    )


def said_by(heard: Any) -> list[StrOrPromise]:
    """What was answered, in the words of the form."""
    if heard.declined:
        return [_("Would not say")]
    told: list[StrOrPromise] = []
    if heard.solved is not None:
        told.append(_("Solved") if heard.solved else _("Not solved"))
    if heard.satisfaction:
        told.append(Satisfaction(str(heard.satisfaction)).label)
    return told


def state_of(matter: MatterRead) -> StrOrPromise:
    """Where the matter stands, in one sentence."""
    state = State(matter.state)
    sentence = AGAIN if matter.reopened and state is State.ASSIGNED else NOW[state]
    told = format_lazy(sentence, unit=matter.lead_unit.name if matter.lead_unit else NOBODY)
    word = public_word(matter)
    return format_lazy(CALLED, word=word, told=told) if word else told


def way_of(matter: MatterRead) -> list[dict[str, StrOrPromise]]:
    """The five places of the way and which of them is the present one; none for what was withdrawn."""
    order, state = list(WAY), State(matter.state)
    state = PLACE.get(state, state)
    if state not in order:
        return []
    now = order.index(state)
    settled = matter.state == State.CONFIRMED
    return [
        {
            "label": public_word(matter, state) or WAY[state],
            "state": "done" if place < now or settled else "now" if place == now else "next",
        }
        for place, state in enumerate(order)
    ]


@dataclass(frozen=True, slots=True)
class Promise:
    """By when something happens to what is open: a sentence with the day, and whether it is past."""

    day: StrOrPromise
    late: bool = False


def promise_of(matter: MatterRead, now: datetime) -> Promise | None:
    """The day of the matter's own clock: of the answer, and before a unit has it, by which one is to have it."""
    if matter.state not in OPEN:
        return None
    assigning = matter.state == State.RECEIVED
    if matter.due_at is None:
        return Promise(NO_DAY)
    sentence, about, missed = ASSIGNED_BY if assigning else ANSWERED_BY
    late = now > matter.due_at
    if matter.due_provisional:
        sentence = about
    return Promise(format_lazy(missed if late else sentence, day=day_of(matter.due_at)), late)


def day_of(moment: datetime) -> StrOrPromise:
    day = clock.local_date(moment)
    return format_lazy(_("{day} ({weekday})"), day=day_alone(day), weekday=WEEKDAYS[day.weekday()])

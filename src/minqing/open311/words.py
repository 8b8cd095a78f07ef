"""What a state is called outside: one sentence for each, the same for every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from minqing.matters.enums import State
from minqing.matters.protocols import MatterRead
from minqing.matters.queries import public_word
from minqing.matters.questions import DATETIME, NUMBER, ONE_OF, SOME_OF, STRING, TEXT, Question

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTES: dict[str, StrOrPromise] = {
    State.RECEIVED: _("Received. It will be given to the unit in charge."),
    State.ASSIGNED: _("Given to the unit in charge."),
    State.ACCEPTED: _("The unit in charge has it in hand."),
    State.FINISHED: _("Answered by the unit in charge. The reporter's word is awaited."),
    State.CONFIRMED: _("Closed: the reporter has confirmed the answer."),
    State.WITHDRAWN: _("Withdrawn."),
    State.SUSPENDED: _("The unit in charge has to wait before it goes on."),
    State.DECLINED: _("Outside the duty of this administration. The reporter was told why and may appeal."),
    State.MERGED: _("Handled together with other reports of the same cause."),
}
# the finer states of CitySDK, which clients in use know
DETAILS = {
    State.RECEIVED: "RECEIVED",
    State.ASSIGNED: "IN_PROCESS",
    State.ACCEPTED: "IN_PROCESS",
    State.FINISHED: "PROCESSED",
    State.CONFIRMED: "ARCHIVED",
    State.WITHDRAWN: "REJECTED",
    State.SUSPENDED: "IN_PROCESS",
    State.DECLINED: "REJECTED",
    State.MERGED: "IN_PROCESS",
}
# what a question without a hint of its own says about how it is answered
DATATYPES: dict[str, StrOrPromise] = {
    STRING: _("One line of text."),
    NUMBER: _("A number."),
    DATETIME: _("A date, like 2026-10-13, or a date and time, like 2026-10-13T09:30:00+08:00."),
    TEXT: _("Text of one or several lines."),
    ONE_OF: _("One of the values."),
    SOME_OF: _("One or several of the values."),
}


def datatype_description(question: Question) -> StrOrPromise:
    return DATATYPES[question["kind"]] if question.get("variable", True) else _("Only to be read.")


def note(matter: MatterRead, state: str) -> str:
    """The sentence of a state, after the county's word for it where residents read one."""
    told, word = str(NOTES[state]), public_word(matter, state)
    return str(_("{word}: {told}")).format(word=word, told=told) if word else told


def detailed_status(state: str) -> str:
    return DETAILS.get(State(state), state.upper())

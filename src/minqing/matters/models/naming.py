"""What a county calls a state, a way of handling or a reason to wait."""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from minqing.localnames import queries as local
from minqing.localnames.kinds import Vocabulary
from minqing.localnames.queries import choices_of, word_of
from minqing.matters.enums import Mechanism, PauseReason, State
from minqing.matters.protocols import MatterLike

__all__ = ["choices_of", "word_of"]
STATES: Final = Vocabulary(
    "state",
    _("States of a matter"),
    State,
    for_residents=True,
    note=_("The second word is what residents read on their own page, above the sentence that explains it."),
)
MECHANISMS: Final = Vocabulary("mechanism", _("Ways of handling"), Mechanism)
REASONS: Final = Vocabulary("pause", _("Reasons to wait"), PauseReason)


def with_names(matters: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Annotate the county's words for states; for a request that knows no edition."""
    return local.with_names(matters, STATES.code)


# how far the clock beside a state is filled; what came to an end of its own has gone no way
FACES: Final = {
    State.RECEIVED: "new",
    State.ASSIGNED: "sent",
    State.ACCEPTED: "work",
    State.SUSPENDED: "held",
    State.FINISHED: "answered",
    State.CONFIRMED: "done",
}
SENT_BACK: Final = _("Came back")
AGAIN: Final = _("Handled again")


def state_word(state: str) -> str:
    return word_of(State(state))


def face_of(state: str, *, had_unit: bool, reopened: int) -> tuple[str, str]:
    """The clock face of a state and its word: the county's, but of what a unit sent back or has once more."""
    if state == State.RECEIVED and had_unit:
        return "back", str(SENT_BACK)
    if reopened and state in {State.ASSIGNED, State.ACCEPTED}:
        return "again", str(AGAIN)
    return FACES.get(State(state), "ended"), state_word(state)


def mechanism_word(mechanism: str) -> str:
    return word_of(Mechanism(mechanism))


def public_word(matter: MatterLike, state: str | None = None) -> str:
    """What residents call a state, that of the matter unless said; empty where the county has no word for them."""
    return local.public_word_of(matter, State(state or matter.state))


def outside_word(matter: MatterLike, state: str | None = None) -> str:
    """What is told outside beside the machine type of a state."""
    return local.outside_word_of(matter, State(state or matter.state))

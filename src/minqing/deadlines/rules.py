"""Who changes terms, when more time may be asked for and who decides, the colour of a deadline. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.deadlines.enums import Light
from minqing.org.enums import Role

MOST_EXTENSIONS: Final = 2
# the part of a term that is left when it turns yellow: one fifth
LAST_PART: Final = 5


def may_change_terms(actor: Actor) -> Decision:
    """Norms, ladder and what a pause means are the county's own; the operator, and the command line, writes them."""
    if actor.kind == "system" or actor.has(Role.OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change how long something may take."))


def may_ask_extension(
    *, due_at: datetime | None, now: datetime, before: Sequence[bool | None], most: int = MOST_EXTENSIONS
) -> Decision:
    """More time is asked for before the deadline, one request at a time. ``before``: what became of earlier ones."""
    if due_at is None:
        return Decision.no("no_deadline", _("There is no deadline that could be moved."))
    if now > due_at:
        return Decision.no("too_late", _("The deadline has passed. More time is asked for before it."))
    if None in before:
        return Decision.no("asked_already", _("A request for more time is still to be decided."))
    if len(before) >= most:
        return Decision.no("too_often", _("More time was asked for often enough. Finish it, or report to the leader."))
    return Decision.yes()


def may_decide_extension(actor: Actor, *, asked_by: str) -> Decision:
    """More time is granted by another than the one who asked for it."""
    if actor.ref == asked_by:
        return Decision.no("own_request", _("You have asked for this yourself. Somebody else decides."))
    return Decision.yes()


def light(*, runs: bool, due_at: datetime | None, started_at: datetime, now: datetime, soon: datetime) -> Light:
    """The colour of a deadline: of a thing, and of each of its clocks. ``soon`` is the close of the next working day.

    Grey: no deadline, or one that does not run, whether the thing is answered, settled, or waits for something that
    stops this clock. Red: it runs, and ``due_at`` has passed. Yellow: less than one working day is left (due before
    ``soon``), or less than a fifth of the term, by the clock. Green otherwise.
    """
    if due_at is None or not runs:
        return Light.GREY
    if now > due_at:
        return Light.RED
    if due_at < soon or due_at - now < (due_at - started_at) / LAST_PART:
        return Light.YELLOW
    return Light.GREEN

"""What may leave, who decides, and who takes it. Pure."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.exports.enums import Move, State
from minqing.exports.lifecycle import EXPORT
from minqing.org.enums import DESK, OVERSIGHT, Role

# no list of more leaves at all; more within a day needs a second person; an approval is good for a day
MOST_ROWS: Final = 10_000
FREE_ROWS: Final = 1_000
DAY: Final = timedelta(hours=24)
# a form sent twice, by a double tap or over a weak line
AGAIN: Final = timedelta(minutes=10)

EXPORTERS: Final = DESK | OVERSIGHT
APPROVERS: Final = frozenset({Role.CLERK, Role.LEADER})


def may_ask(actor: Actor, *, roles: Set[str]) -> Decision:
    """Who may take that list out. What of it is theirs to see, the list itself knows."""
    if not actor.has(*roles):
        return Decision.no("not_exporter", _("Only those who work with this list may take it out."))
    return Decision.yes()


def may_export(rows: int) -> Decision:
    """Whether a list of that length may leave at all."""
    if rows > MOST_ROWS:
        return Decision.no("too_many", _("No more than 10,000 rows leave at once. Narrow the list."))
    if rows == 0:
        return Decision.no("nothing", _("There is nothing in this list."))
    return Decision.yes()


def needs_approval(rows: int, *, taken_today: int) -> bool:
    """With what the same person took in the last 24 hours without being asked: many small ones are a large one."""
    return rows + taken_today > FREE_ROWS


def may_repeat(*, asked_at: datetime, now: datetime) -> Decision:
    """Whether the second of two sends still gets what the first one got."""
    if now < asked_at + AGAIN:
        return Decision.yes()
    return Decision.no("used", _("This form was used already. Open it again."))


def may_decide(actor: Actor, *, account: object, area_id: int, state: State) -> Decision:
    """Somebody else, in charge of the area, while it is still to be decided."""
    if EXPORT.target(state, Move.APPROVE) is None:
        return Decision.no("decided", _("This has been decided already."))
    if actor.id == account:
        return Decision.no("own_request", _("You have asked for this yourself. Somebody else decides."))
    if not actor.has(*APPROVERS) or area_id not in actor.areas:
        return Decision.no("not_in_charge", _("Only a clerk or leader of this place may approve an export."))
    return Decision.yes()


def may_take(
    actor: Actor, *, account: object, post: object, state: State, decided_at: datetime | None, now: datetime
) -> Decision:
    """The one who asked, in the post in which it was asked and approved, within a day of the approval."""
    if actor.id != account:
        return Decision.no("not_yours", _("Only the one who asked for it may download it."))
    if actor.post != post:
        # its list would be another's: what that post sees, with a word given for this one
        return Decision.no("other_post", _("This was asked for in another post. Ask again in this one."))
    if EXPORT.target(state, Move.TAKE) is None or decided_at is None:
        return Decision.no("not_approved", _("Somebody else has to approve this first."))
    if now >= decided_at + DAY:
        return Decision.no("too_late", _("The approval was good for 24 hours. Ask again."))
    return Decision.yes()

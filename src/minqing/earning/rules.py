"""Who changes functions, and who takes in, confirms, refuses and corrects a claim. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.earning.enums import Category, Confirmer, Move, Period, State
from minqing.earning.lifecycle import CLAIM, UNDECIDED
from minqing.org.enums import FIELD, OVERSIGHT, Role

OPERATORS: Final = frozenset({Role.OPERATOR})
# what somebody is thanked for is no secret; these have to know it for their work
READERS: Final = FIELD | OPERATORS | OVERSIGHT | {Role.AUDITOR}
# more for one thing is a slip of the keyboard
MOST_POINTS: Final = 1000
MOST_TIMES: Final = 1000
MOST_BUDGET: Final = 10_000_000
MOST_OPENING: Final = 100_000
CODE: Final = re.compile(r"[a-z][a-z0-9_]{2,29}")
CLERKS: Final = frozenset({Role.CLERK})
# who sees what budgets hold
BUDGETS: Final = OPERATORS | CLERKS | OVERSIGHT
# to leaders an objection is carried up that nobody decides on; they see where it hangs, and not who it is
SEES: Final = FIELD | {Role.LEADER}
# of two people who confirm many points, the second
SECONDS: Final = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
SECOND_FROM: Final = 50
# the posts that may ever make a move, and so the gate of its address
MAKES: Final[Mapping[Move, Set[Role]]] = {
    Move.VOUCH: FIELD,
    Move.CONFIRM: FIELD,
    Move.REFUSE: FIELD,
    Move.CORRECT: CLERKS,
    Move.APPEAL: FIELD,
    Move.GRANT: SECONDS,
    Move.UPHOLD: SECONDS,
    Move.PASS: SECONDS,
}
BY_ITSELF: Final = frozenset({Move.SEND, Move.THANK})
# who objects says so while the decision is fresh; what the operator has not set otherwise is promised for it
APPEAL_WITHIN: Final = timedelta(days=30)
TERM: Final = "10d"
# who claims says it while others still remember
OLDEST: Final = timedelta(days=60)
LONGEST_WORDS: Final = 2000
# nobody has looked who sends them: whoever holds a code is not to fill the village's list
OPEN_AT_DOOR: Final = 8
# a form with a mistake in it counts as well
CLAIM_BY_CODE: Final = Limit("earning.code", 40, timedelta(minutes=2))
CLAIM_BY_ADDRESS: Final = Limit("earning.address", 240, timedelta(seconds=15))
APPEAL_BY_LINK: Final = Limit("earning.appeal", 12, timedelta(minutes=5))
SAMPLE: Final = 0.1
WRONG_STATE: Final = Decision.no("wrong_state", _("This is not possible now: look at where the claim stands."))
NOT_CLERK: Final = Decision.no("not_clerk", _("A mistake is taken back by the township's clerk."))


def may_change_functions(actor: Actor) -> Decision:
    if actor.has(*OPERATORS):
        return Decision.yes()
    return Decision.no("not_operator", _("What people are thanked for is changed by the operator."))


def may_keep_budgets(actor: Actor) -> Decision:
    """Whether the actor says how many points may be given in a period, and table by table."""
    if actor.has(*OPERATORS):
        return Decision.yes()
    return Decision.no("not_operator", _("Budgets are kept by the operator."))


@dataclass(frozen=True, slots=True)
class Purse:
    """What is left in a budget, and the day on which there is more."""

    name: str
    left: int
    next_on: date


def may_pay(purse: Purse | None, points: int) -> Decision:
    """Whether so many points can be given now; without a budget the county issues them."""
    if purse is None or purse.left >= points:
        return Decision.yes()
    return Decision.no(
        "budget_empty",
        _(
            "The budget “%(name)s” has %(left)d points left and %(points)d are needed. It has more from %(day)s on, or "
            "once the operator raises it; until then this waits as it is."
        )
        % {"name": purse.name, "left": purse.left, "points": points, "day": purse.next_on.isoformat()},
    )


def began(period: Period, day: date) -> date:
    """The first day of the month, quarter or year in which ``day`` lies."""
    month = {Period.MONTH: day.month, Period.QUARTER: day.month - (day.month - 1) % 3, Period.YEAR: 1}[period]
    return date(day.year, month, 1)


def begins_next(period: Period, day: date) -> date:
    long = {Period.MONTH: 31, Period.QUARTER: 93, Period.YEAR: 366}[period]
    return began(period, began(period, day) + timedelta(days=long))


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at of a claim."""

    state: State
    area_id: int
    points: int
    confirmer: Confirmer
    taken_by: UUID | None
    vouched_by: UUID | None
    refused_by: UUID | None = None
    # who wrote the objection down for somebody
    appealed_by: UUID | None = None
    # by lot, and nobody has looked at it yet
    drawn: bool = False
    # somebody has objected to a refusal of it
    objected: bool = False


def confirmers(confirmer: Confirmer) -> frozenset[Role]:
    """Who looks first."""
    return FIELD if confirmer is Confirmer.VILLAGE else CLERKS


def may_take_in(actor: Actor, area_id: int) -> Decision:
    """On paper, for somebody of the actor's areas."""
    if actor.has(*FIELD) and area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_your_area", _("Only those who look after this place may take in a claim here."))


def may_open_balances(actor: Actor, area_id: int) -> Decision:
    """Take over what stood in paper books."""
    if actor.has(*CLERKS) and area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_clerk", _("Paper books are taken over by the township's clerk."))


def may_see(actor: Actor, one: Situation) -> Decision:
    if actor.has(*(SEES if one.objected else FIELD)) and one.area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_your_area", _("This claim is of a place that you do not look after."))


def confirming(one: Situation) -> Move:
    """Which move a confirmation is: of many points the first of two people only vouches."""
    return Move.VOUCH if one.state is State.SENT and one.points >= SECOND_FROM else Move.CONFIRM


def may(move: Move, actor: Actor, one: Situation) -> Decision:
    """Whether the actor may make that move now."""
    if not (seen := may_see(actor, one)):
        return seen
    if move in BY_ITSELF or CLAIM.target(one.state, move) is None:
        return WRONG_STATE
    if move is Move.APPEAL:
        return may_take_in(actor, one.area_id)
    if move is Move.PASS:
        return may_pass(actor, one)
    if move in {Move.GRANT, Move.UPHOLD}:
        return may_look_again(move, actor, one)
    if move is Move.CORRECT:
        return Decision.yes() if actor.has(*CLERKS) else NOT_CLERK
    if move is not Move.REFUSE and confirming(one) is not move:
        return Decision.no("second_person", _("So many points are given once a second person has confirmed it."))
    if not actor.has(*(SECONDS if one.state is State.VOUCHED else confirmers(one.confirmer))):
        return Decision.no("not_your_post", _("This is confirmed by another post: see what the function says."))
    if actor.id in {one.taken_by, one.vouched_by}:
        return Decision.no("own_claim", _("You have taken this in or confirmed it already. Somebody else looks at it."))
    return Decision.yes()


def may_look_again(move: Move, actor: Actor, one: Situation) -> Decision:
    """Whether the actor decides on an objection: the village secretary or the clerk, and nobody who had it before.

    An objection is no way around the township or the second person: where they would have been asked, the clerk grants.
    """
    if not actor.has(*SECONDS):
        return Decision.no(
            "not_your_post", _("An objection is decided by the village secretary or the township's clerk.")
        )
    if actor.id in {one.refused_by, one.taken_by, one.vouched_by, one.appealed_by}:
        return Decision.no("had_it_before", _("You had this claim before. Somebody else looks at the objection."))
    if move is Move.GRANT and granted_by_clerks(one) and not actor.has(*CLERKS):
        return Decision.no("clerk_grants", _("Points that the township or two people give are granted by the clerk."))
    return Decision.yes()


def granted_by_clerks(one: Situation) -> bool:
    """The township's to confirm, or so many points that one person alone does not give them."""
    return one.confirmer is Confirmer.TOWNSHIP or (one.points >= SECOND_FROM and one.vouched_by is None)


def may_pass(actor: Actor, one: Situation) -> Decision:
    """Whether the actor looks at what was given by itself and drawn by lot, or is in doubt."""
    if not one.drawn:
        return WRONG_STATE
    if actor.has(*SECONDS):
        return Decision.yes()
    return Decision.no(
        "not_your_post", _("What was given by itself is looked at by the village secretary or the clerk.")
    )


def drawn_of(given: int) -> int:
    """How many of so many are drawn: a tenth, and at least one."""
    return min(given, max(1, round(given * SAMPLE)))


def is_in_time(decided_at: datetime | None, now: datetime) -> bool:
    """Whether one may still object to what was decided then."""
    return decided_at is not None and now < decided_at + APPEAL_WITHIN


def moves_for(actor: Actor, one: Situation) -> list[Move]:
    return [move for move in CLAIM.moves_from(one.state) if may(move, actor, one)]


def waits_for(actor: Actor, one: Situation) -> bool:
    """Whether it waits for the actor to look at it."""
    return (one.state in UNDECIDED or one.drawn) and bool(moves_for(actor, one))


# of what is about safety, and what was given by itself, nobody is to read on a wall who it was
QUIET: Final = frozenset({Category.SAFETY})


def season_of(day: date) -> tuple[date, date]:
    """The first and the last day of the quarter of the year."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)

"""Who holds an activity, who signs up, who is checked in, who confirms. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.activities.enums import Move, SignUpState, State, Step
from minqing.activities.lifecycle import ACTIVITY, LISTING, OVER, SIGN_UP
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.earning.rules import CLERKS, SECOND_FROM, SECONDS
from minqing.org.enums import FIELD, OVERSIGHT

READERS: Final = FIELD | OVERSIGHT
LONGEST_TITLE, LONGEST_PLACE, LONGEST_WORDS = 40, 80, 1000
MOST_PEOPLE: Final = 2000
LONGEST: Final = timedelta(days=31)
MOST_PICTURES: Final = 6
# of fewer people it is not told to all how many came
FEW: Final = 5
# a code stands on the screen for so long, and the one before is still taken
CODE_FOR: Final = timedelta(seconds=60)
DIGITS: Final = 6
# people come early, and some lists are closed late
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=3)
SIGN_BY_CODE: Final = Limit("activities.sign", 30, timedelta(minutes=1))
SIGN_BY_ADDRESS: Final = Limit("activities.address", 240, timedelta(seconds=15))
# six digits are guessed by nobody in so many tries
CHECK_IN_BY_CODE: Final = Limit("activities.check_in", 8, timedelta(minutes=5))
CHECK_IN_BY_ADDRESS: Final = Limit("activities.check_in_address", 120, timedelta(seconds=30))
NOT_YOURS: Final = Decision.no("not_your_area", _("This is a place that you do not look after."))
WRONG_STATE: Final = Decision.no("wrong_state", _("This is not possible now: look at where the activity stands."))


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at of an activity; ``points`` are those for all who came."""

    state: State
    area_id: int
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime
    points: int = 0
    by_township: bool = False
    written_by: UUID | None = None
    settled_by: UUID | None = None
    # who signed up, or ticked, somebody of those who came
    listed_by: frozenset[UUID] = frozenset()


def may_write(actor: Actor, area_id: int) -> Decision:
    """Whether the actor holds activities in that area."""
    return Decision.yes() if actor.has(*FIELD) and area_id in actor.areas else NOT_YOURS


def needs_second(one: Situation) -> bool:
    """As for claims: many points are looked at by two people, and some functions by the township."""
    return one.points >= SECOND_FROM or one.by_township


def had_a_hand(actor: Actor, one: Situation) -> bool:
    """Whether the actor wrote the activity or put somebody on its list: then others look at it, as at claims."""
    return actor.id is not None and (actor.id == one.written_by or actor.id in one.listed_by)


def confirming(actor: Actor, one: Situation) -> Move:
    """Which move a confirmation of the list is: the first of two people only settles it."""
    return Move.SETTLE if one.state is State.ENDED and (needs_second(one) or had_a_hand(actor, one)) else Move.THANK


def may(move: Move, actor: Actor, one: Situation, now: datetime) -> Decision:
    """Whether the actor may make that move now."""
    if not (held := may_write(actor, one.area_id)):
        return held
    if ACTIVITY.target(one.state, move) is None:
        return WRONG_STATE
    if move is Move.PUBLISH and one.sign_up_until <= now:
        return Decision.no("too_late", _("Nobody can sign up any more: change until when people do."))
    if move is Move.END and now < one.starts_at:
        return Decision.no("not_begun", _("It has not begun yet. If it does not take place, cancel it."))
    if move in {Move.SETTLE, Move.THANK} and confirming(actor, one) is not move:
        return Decision.no("second_person", _("These points are given once a second person has looked at the list."))
    return may_be_second(actor, one) if one.state is State.SETTLED else Decision.yes()


def may_be_second(actor: Actor, one: Situation) -> Decision:
    """Of two people the second: of the right post, and neither the first nor who had a hand in the list."""
    if not actor.has(*(CLERKS if one.by_township else SECONDS)):
        return Decision.no(
            "not_your_post",
            _("The list is confirmed by the village secretary or the clerk, for some things by the clerk alone."),
        )
    if had_a_hand(actor, one) or actor.id == one.settled_by:
        return Decision.no(
            "own_list",
            _("You wrote the activity, or put people on its list, or confirmed it. Somebody else looks at it."),
        )
    return Decision.yes()


def may_sign_up(one: Situation, now: datetime) -> Decision:
    """Whether people may still sign up."""
    if one.state is not State.OPEN:
        return WRONG_STATE
    if now >= one.sign_up_until:
        return Decision.no("sign_up_over", _("Signing up is over. Ask your village committee whether there is room."))
    return Decision.yes()


def may_sign_up_others(actor: Actor, area_id: int, one: Situation) -> Decision:
    """For people without a phone, in the places that the actor looks after; also who came without having signed up."""
    if not (actor.has(*FIELD) and area_id in actor.areas):
        return NOT_YOURS
    return Decision.yes() if one.state in LISTING else WRONG_STATE


def may_withdraw(place: SignUpState, one: Situation, now: datetime) -> Decision:
    """Whether a sign-up may be taken back: until it begins."""
    if SIGN_UP.target(place, Step.WITHDRAW) is None or one.state is not State.OPEN:
        return WRONG_STATE
    if now >= one.starts_at:
        return Decision.no("begun", _("It has begun. Who does not come is simply not on the list."))
    return Decision.yes()


def may_list(actor: Actor, one: Situation, now: datetime) -> Decision:
    """Whether the actor says from the list who came."""
    if not (held := may_write(actor, one.area_id)):
        return held
    if one.state not in LISTING:
        return WRONG_STATE
    return Decision.yes() if now >= one.starts_at - BEFORE else TOO_EARLY


TOO_EARLY: Final = Decision.no("too_early", _("People are checked in from an hour before it begins."))


def may_show_code(actor: Actor, one: Situation, now: datetime) -> Decision:
    """Whether the organiser's screen shows the code by which people check in."""
    return may_check_in(one, now) if (held := may_write(actor, one.area_id)) else held


def may_check_in(one: Situation, now: datetime) -> Decision:
    """Whether the code on the screen is taken."""
    if one.state is not State.OPEN or now > one.ends_at + AFTER:
        return WRONG_STATE
    return Decision.yes() if now >= one.starts_at - BEFORE else TOO_EARLY


def may_report(actor: Actor, one: Situation) -> Decision:
    """Whether the actor tells how it was."""
    if not (held := may_write(actor, one.area_id)):
        return held
    return Decision.yes() if one.state in OVER else WRONG_STATE

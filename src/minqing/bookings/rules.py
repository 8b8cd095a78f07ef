"""Who keeps providers, books, acts for a provider and confirms; and which times are free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.bookings.enums import HELD, Move, State
from minqing.bookings.lifecycle import BOOKING
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.org.enums import FIELD, OVERSIGHT, Role

KEEPERS: Final = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
# who may act for a provider, if a keeper has named them
HANDS: Final = FIELD | {Role.VOLUNTEER}
# who sees what a provider has earned, for settling it in money
SUMS: Final = KEEPERS | OVERSIGHT
READERS: Final = HANDS | OVERSIGHT

# how far ahead somebody books, and how long before; points are held for 60 days at the most (``points``)
AHEAD: Final = timedelta(days=28)
LEAD: Final = timedelta(hours=1)
# a side is not there if it is later than that
GRACE: Final = timedelta(minutes=15)
# so long after the end points are held at first, and renewed when less than RENEW is left
HOLD_AFTER: Final = timedelta(days=28)
# so long beyond the end, or what was said last, a provider's hands see for whom it was: longer than silence lasts
SEEN_FOR: Final = timedelta(days=14)
RENEW: Final = timedelta(days=7)
# working days after which the other side's silence is an answer
CONFIRM_DAYS: Final = 3
# and those in which a keeper decides where the two differ, before they are reminded of it
DECIDE_DAYS: Final = 5
SILENT_DAYS: Final = 7
# a freed time is offered so long, and not at all where it begins too soon for that
OFFER_FOR: Final = timedelta(hours=3)
OFFER_BEFORE: Final = timedelta(hours=1)
OFFER_LEAST: Final = timedelta(minutes=30)
# a slip of the finger is taken back for nothing, however soon it begins
REGRET: Final = timedelta(minutes=30)
REMIND: Final = timedelta(hours=24)
# living bookings of one household at once; days somebody waits for
OPEN_AT_MOST: Final = 4
# a mistake of the keyboard beyond these
DEAREST: Final = 10_000
LONGEST: Final = 480
SHORTEST: Final = 5
LONGEST_WORDS: Final = 500

BOOK_BY_CODE: Final = Limit("bookings.code", 40, timedelta(minutes=1))
BOOK_BY_ADDRESS: Final = Limit("bookings.address", 240, timedelta(seconds=15))

OTHER_AREA: Final = Decision.no("other_area", _("This place is not in your area."))
# moves of the provider; others are made by the household, by who decides, or by the system alone
OF_HANDS: Final = frozenset({Move.CALL_OFF, Move.ARRIVE, Move.FINISH, Move.SAY_MISSED})
NOT_THERE: Final = frozenset({Move.SAY_MISSED, Move.SAY_NOT_COME})
AFTER_START: Final = NOT_THERE | {Move.ARRIVE, Move.FINISH, Move.DOUBT, Move.FAIL}


def may_keep(actor: Actor, area_id: int) -> Decision:
    """Whether the actor adds and closes providers of that area, and says who acts for them."""
    if not actor.has(*KEEPERS):
        return Decision.no(
            "not_keeper", _("Providers of services are kept by the village secretary or the township clerk.")
        )
    return Decision.yes() if area_id in actor.areas else OTHER_AREA


def may_plan(actor: Actor, area_id: int, hands: Collection[UUID]) -> Decision:
    """Whether the actor says when the provider is there: who acts for it, and who keeps it."""
    if actor.id in hands and actor.has(*HANDS):
        return Decision.yes()
    return may_keep(actor, area_id)


def may_book(actor: Actor, area_id: int, household: UUID, hands: Collection[UUID] = ()) -> Decision:
    """A resident for the own household, or somebody who works with the households of the place and does not act for
    the provider, whose ``hands`` are given.
    """
    if actor.kind == "resident":
        return Decision.yes() if actor.household == household else OTHER_AREA
    if not actor.has(*FIELD):
        return Decision.no("not_field", _("Services are booked for a household by those who look after it."))
    if area_id not in actor.areas:
        return OTHER_AREA
    return OWN_PROVIDER if actor.id in hands else Decision.yes()


OWN_PROVIDER: Final = Decision.no(
    "own_provider", _("You act for this provider. Another colleague books for the household, or it books itself.")
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at of a booking."""

    state: State
    area_id: int
    household: UUID | None
    provider_area: int
    hands: frozenset[UUID]
    begins_at: datetime
    # the end, or what was said last if that is later
    over_at: datetime
    done_by: UUID | None
    taken_by: UUID | None = None
    # who said for the household that it was otherwise
    spoken_by: UUID | None = None

    @property
    def is_one_side(self) -> bool:
        """Whoever booked it for the household acts for the provider, or did: then its silence says nothing."""
        return self.taken_by is not None and (self.taken_by in self.hands or self.taken_by == self.done_by)


def is_hand(actor: Actor, one: Situation) -> bool:
    return actor.id in one.hands and actor.has(*HANDS)


def was_hand(actor: Actor, one: Situation) -> bool:
    """Whether the actor acts for the provider, or said for it that it was done."""
    return is_hand(actor, one) or (actor.id is not None and actor.id == one.done_by)


def keeps(actor: Actor, one: Situation) -> bool:
    return actor.has(*KEEPERS) and (one.area_id in actor.areas or one.provider_area in actor.areas)


def is_theirs(actor: Actor, one: Situation) -> bool:
    """Whether the actor speaks for the household: itself, or whoever looks after it."""
    if actor.kind == "resident":
        return one.household is not None and actor.household == one.household
    return actor.has(*FIELD) and one.area_id in actor.areas


def may_see(actor: Actor, one: Situation, at: datetime) -> Decision:
    """Who acts for the provider only for as long as they need it: names and addresses are not theirs to keep."""
    if actor.kind == "system" or is_theirs(actor, one):
        return Decision.yes()
    lately = one.state in HELD or at < one.over_at + SEEN_FOR
    return Decision.yes() if lately and actor.id in one.hands else OTHER_AREA


def may(move: Move, actor: Actor, one: Situation, at: datetime) -> Decision:
    """Whether the actor may make that move now."""
    if not (seen := may_see(actor, one, at)):
        return seen
    if move in {Move.BOOK, Move.OFFER} or BOOKING.target(one.state, move) is None:
        return Decision.no("wrong_state", _("This is not possible now: look at where the booking stands."))
    if move in AFTER_START and at < one.begins_at + (GRACE if move in NOT_THERE | {Move.FAIL} else -GRACE):
        return Decision.no("too_early", _("It is too early for this: the time has not come yet."))
    if move is Move.CANCEL and at >= one.begins_at:
        return Decision.no("begun", _("The time has begun: it is not cancelled any more."))
    if actor.kind == "system":
        # silence is no answer where the two differ, nor where one person is both
        silent = one.state is State.DOUBTED or (move in {Move.CONFIRM, Move.MISS} and one.is_one_side)
        return DECIDED_BY_KEEPERS if silent else Decision.yes()
    return by_side(move, actor, one)


def by_side(move: Move, actor: Actor, one: Situation) -> Decision:
    """Which of the sides makes that move; where they differ, and afterwards, who keeps the providers."""
    if move is Move.GIVE_BACK or one.state is State.DOUBTED:
        is_party = was_hand(actor, one) or (actor.id is not None and actor.id == one.spoken_by)
        return Decision.yes() if keeps(actor, one) and not is_party else DECIDED_BY_KEEPERS
    if move is Move.MISS or (move is Move.FAIL and one.state is not State.FAIL_SAID):
        return Decision.no("wrong_state", _("The other side has some days to contradict, or to say what was."))
    if move in OF_HANDS or one.state is State.FAIL_SAID:
        if is_hand(actor, one) or (move is Move.CALL_OFF and keeps(actor, one)):
            return Decision.yes()
        return Decision.no("not_hand", _("This is said by those who act for the provider."))
    if not is_theirs(actor, one):
        return Decision.no("not_theirs", _("This is said by the household, or by whoever looks after it."))
    # not even a cancelling: late it leaves the provider a part of the points
    if was_hand(actor, one):
        return Decision.no("other_side", _("You act for the provider. This is said by the other side."))
    return Decision.yes()


DECIDED_BY_KEEPERS: Final = Decision.no(
    "not_keeper",
    _("This is decided by the village secretary or the township clerk, who has spoken for neither side."),
)


def may_rate(actor: Actor, one: Situation) -> Decision:
    """Whether the actor says for the household how it was."""
    if not is_theirs(actor, one) or is_hand(actor, one):
        return Decision.no("not_theirs", _("This is said by the household, or by whoever looks after it."))
    if one.state not in {State.DONE, State.CONFIRMED}:
        return Decision.no("wrong_state", _("This is not possible now: look at where the booking stands."))
    return Decision.yes()


def moves_for(actor: Actor, one: Situation, at: datetime) -> list[Move]:
    return [move for move in BOOKING.moves_from(one.state) if may(move, actor, one, at)]


def returned(points: int, share: int) -> int:
    """How many of the points come back at so many per cent; what does not divide is the resident's."""
    return -(-points * share // 100)


Span = tuple[datetime, datetime]


def free_starts(
    open_spans: Iterable[Span], busy: Collection[Span], length: timedelta, since: datetime
) -> list[datetime]:
    """The times at which something of that ``length`` may begin: one after the other, and again after each booking."""
    return sorted({start for span in open_spans for start in starts_in(span, busy, length, since)})


def starts_in(span: Span, busy: Collection[Span], length: timedelta, since: datetime) -> Iterator[datetime]:
    begin, end = span
    while begin + length <= end:
        clash = [until for since_then, until in busy if since_then < begin + length and begin < until]
        if clash:
            begin = max(clash)
            continue
        if begin >= since:
            yield begin
        begin += length

"""Words of services that are booked for points 预约服务. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class HoursKind(Word):
    """When somebody who provides a service is there, or is not."""

    WEEKLY = "weekly", _("Every week")
    SINGLE = "single", _("On one day")
    AWAY = "away", _("Not there on one day")


class State(Word):
    """How far a booking is."""

    OFFERED = "offered", _("Offered, not accepted yet")
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("The provider is there")
    DONE = "done", _("Done, to be confirmed")
    MISS_SAID = "miss_said", _("Nobody was at home, says the provider")
    FAIL_SAID = "fail_said", _("The provider did not come, says the household")
    DOUBTED = "doubted", _("The two sides say different things")
    CONFIRMED = "confirmed", _("Done and confirmed")
    CANCELLED = "cancelled", _("Cancelled")
    CALLED_OFF = "called_off", _("Called off by the provider")
    MISSED = "missed", _("Nobody was at home")
    NOT_COME = "not_come", _("The provider did not come")
    LAPSED = "lapsed", _("Offer not taken")
    RETURNED = "returned", _("Points given back")


class Move(Word):
    """What happens to a booking."""

    BOOK = "book", _("Book"), _("Booked")
    OFFER = "offer", _("Offer"), _("Offered to who waited")
    ACCEPT = "accept", _("Take this time"), _("The time is theirs")
    LAPSE = "lapse", _("Do not take it"), _("Not taken")
    CANCEL = "cancel", _("Cancel the booking"), _("Cancelled")
    CALL_OFF = "call_off", _("Call it off"), _("Called off, the points are given back")
    ARRIVE = "arrive", _("I am there"), _("Noted that the provider is there")
    FINISH = "finish", _("It is done"), _("Done, the other side confirms it")
    CONFIRM = "confirm", _("Confirm that it was done"), _("Confirmed, the provider gets the points")
    DOUBT = "doubt", _("It was not done"), _("Noted, the village looks at it")
    SAY_MISSED = "say_missed", _("Nobody was at home"), _("Noted, the household is told and may contradict")
    SAY_NOT_COME = "say_not_come", _("The provider did not come"), _("Noted, the provider is told and may contradict")
    CONTRADICT = "contradict", _("That is not so"), _("Noted, somebody who acts for neither side decides")
    MISS = "miss", _("Decide that nobody was at home"), _("Decided that nobody was at home")
    FAIL = "fail", _("The provider did not come, give all points back"), _("All points are given back")
    GIVE_BACK = "give_back", _("Give all points back"), _("All points are given back")


class WaitState(Word):
    """How far somebody is who waits for a free time."""

    WAITING = "waiting", _("Waits")
    OFFERED = "offered", _("Was offered a time")
    PASSED = "passed", _("Passed over: too few points, or too much was booked already")
    LEFT = "left", _("Left the list")
    OVER = "over", _("The day is over")


class WaitMove(StrEnum):
    """What happens to somebody who waits."""

    JOIN = "join"
    OFFER = "offer"
    SKIP = "skip"
    LEAVE = "leave"
    END = "end"


# of these no two of one provider overlap
LIVING: Final = frozenset(
    {
        State.OFFERED, State.BOOKED, State.ARRIVED, State.DONE, State.MISS_SAID, State.FAIL_SAID, State.DOUBTED,
        State.CONFIRMED,
    }
)  # fmt: skip
# points are held for these
HELD: Final = LIVING - {State.CONFIRMED}
# it is over, and one side has said what the other may contradict, or somebody decides
AFTERWARDS: Final = frozenset({State.MISS_SAID, State.FAIL_SAID, State.DOUBTED})

"""Words of the exchange machines 兑换机. Pure."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class State(Word):
    """How far one exchange at a machine is."""

    RESERVED = "reserved", _("Waits for the machine")
    GIVEN = "given", _("The machine was told")
    UNKNOWN = "unknown", _("Not known whether it dropped")
    DONE = "done", _("Dropped")
    FAILED = "failed", _("Did not drop, points given back")
    CALLED_OFF = "called_off", _("Called off, points given back")
    LOST = "lost", _("Dropped after points were given back")
    RETURNED = "returned", _("Taken back, points given back")


class Move(Word):
    """What happens to an exchange."""

    RESERVE = "reserve", _("Reserve")
    GIVE = "give", _("Tell the machine")
    CALL_OFF = "call_off", _("Call off")
    SUCCEED = "succeed", _("It dropped")
    FAIL = "fail", _("It did not drop")
    LOSE_SIGHT = "lose_sight", _("Lose sight of it")


class Told(Word):
    """What a machine says has become of a command. The last one is no answer: its journal ends in the middle."""

    DROPPED = "dropped", _("Dropped")
    FAILED = "failed", _("Did not drop")
    NOT_RUN = "not_run", _("Not carried out")
    UNKNOWN = "unknown", _("Not known")


class Reason(Word):
    """Why nothing dropped."""

    NONE = "", ""
    JAM = "jam", _("It is jammed")
    EMPTY = "empty", _("It is empty")
    MOTOR = "motor", _("The motor did not turn")
    LATE = "late", _("It came too late")
    REBOOT = "reboot", _("The machine had started anew")
    NEVER = "never", _("It never reached the machine")
    PERSON = "person", _("Somebody looked")
    POINTS = "points", _("The points were not there any more")


class Alarm(Word):
    """What is wrong with a machine."""

    TEMPERATURE = "temperature", _("Too warm")
    DOOR = "door", _("Door open")
    JAM = "jam", _("Jammed")
    CLONE = "clone", _("Its key is used by two devices")
    CONTRADICTION = "contradiction", _("It said two different things of one exchange")
    UNREADABLE = "unreadable", _("It said something of an exchange that nobody understands")


# as long as one of these is under way, nobody else may use the machine
BUSY: Final = frozenset({State.RESERVED, State.GIVEN})

"""Words of notices: what carries them, how somebody wants them, where a message stands."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Channel(StrEnum):
    """What carries a message out of the house. In the app a notice stands always."""

    WECHAT = "wechat"
    DINGTALK = "dingtalk"
    SMS = "sms"
    EMAIL = "email"

    @property
    def label(self) -> str:
        return str(CHANNEL_LABELS[self])


CHANNEL_LABELS = {
    Channel.WECHAT: _("WeChat"),
    Channel.DINGTALK: _("DingTalk"),
    Channel.SMS: _("Text message"),
    Channel.EMAIL: _("E-mail"),
}


class Mode(StrEnum):
    """How somebody wants to be told through a channel."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    URGENT = "urgent"
    OFF = "off"

    @property
    def label(self) -> str:
        return str(MODE_LABELS[self])


MODE_LABELS = {
    Mode.AT_ONCE: _("At once"),
    Mode.DIGEST: _("Together, each day at 8:00"),
    Mode.URGENT: _("Only what is urgent"),
    Mode.OFF: _("Not at all"),
}


class State(StrEnum):
    """Where a message in the outbox stands."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    PARKED = "parked"
    FOLDED = "folded"
    DROPPED = "dropped"


class Move(StrEnum):
    """What happens to a message."""

    HOLD = "hold"
    QUEUE = "queue"
    FOLD = "fold"
    TAKE = "take"
    SEND = "send"
    FAIL = "fail"
    PARK = "park"
    RETRY = "retry"
    DROP = "drop"


class Param(StrEnum):
    """The only things a text may name besides its own words.

    NUMBER is a human number (``MQ-2026-000123-4``), COUNT a whole number, DAY a date, PLACE the id of an area.
    """

    NUMBER = "number"
    COUNT = "count"
    DAY = "day"
    PLACE = "place"

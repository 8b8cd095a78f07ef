"""Words of partners 对接系统."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# scopes of this room's own addresses
EVENTS_SEND: Final = "events:send"
EVENTS_RECEIVE: Final = "events:receive"


class DeliveryState(StrEnum):
    """Where an event on its way to a partner stands."""

    QUEUED = "queued"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    DEAD = "dead"
    SETTLED = "settled"

    @property
    def label(self) -> StrOrPromise:
        return DELIVERY_LABELS[self]


DELIVERY_LABELS = {
    DeliveryState.QUEUED: _("Waiting to be sent"),
    DeliveryState.RETRYING: _("Trying again"),
    DeliveryState.DELIVERED: _("Delivered"),
    DeliveryState.DEAD: _("Not delivered"),
    DeliveryState.SETTLED: _("Done with"),
}
# still to be sent
DUE = frozenset({DeliveryState.QUEUED, DeliveryState.RETRYING})


class InboundState(StrEnum):
    """Where an event that came from a partner stands."""

    RECEIVED = "received"
    WAITING = "waiting"
    APPLIED = "applied"
    DEAD = "dead"
    SETTLED = "settled"

    @property
    def label(self) -> StrOrPromise:
        return INBOUND_LABELS[self]


INBOUND_LABELS = {
    InboundState.RECEIVED: _("Stored"),
    InboundState.WAITING: _("Waiting for what comes before it"),
    InboundState.APPLIED: _("Taken over"),
    InboundState.DEAD: _("Laid aside"),
    InboundState.SETTLED: _("Done with"),
}
# still to be taken over
OPEN = frozenset({InboundState.RECEIVED, InboundState.WAITING})


class Turn(StrEnum):
    """What can happen to an event on its way, out or in."""

    TAKE = "take"
    WAIT = "wait"
    GIVE_UP = "give_up"
    REPLAY = "replay"
    # its sender sent it anew with other content
    CORRECT = "correct"
    SETTLE = "settle"

"""The lives of events that go out and come in. Pure."""

from __future__ import annotations

from typing import Final

from minqing.core.lifecycle import Lifecycle
from minqing.partners.enums import DeliveryState, InboundState, Turn

DELIVERY: Final = Lifecycle[DeliveryState, Turn](
    {
        (None, Turn.TAKE): DeliveryState.QUEUED,
        (DeliveryState.QUEUED, Turn.TAKE): DeliveryState.DELIVERED,
        (DeliveryState.QUEUED, Turn.WAIT): DeliveryState.RETRYING,
        (DeliveryState.QUEUED, Turn.GIVE_UP): DeliveryState.DEAD,
        (DeliveryState.RETRYING, Turn.TAKE): DeliveryState.DELIVERED,
        (DeliveryState.RETRYING, Turn.WAIT): DeliveryState.RETRYING,
        (DeliveryState.RETRYING, Turn.GIVE_UP): DeliveryState.DEAD,
        (DeliveryState.DEAD, Turn.REPLAY): DeliveryState.QUEUED,
        (DeliveryState.DEAD, Turn.SETTLE): DeliveryState.SETTLED,
        (DeliveryState.SETTLED, Turn.REPLAY): DeliveryState.QUEUED,
    }
)
INBOUND: Final = Lifecycle[InboundState, Turn](
    {
        (None, Turn.TAKE): InboundState.RECEIVED,
        (InboundState.RECEIVED, Turn.TAKE): InboundState.APPLIED,
        (InboundState.RECEIVED, Turn.WAIT): InboundState.WAITING,
        (InboundState.RECEIVED, Turn.GIVE_UP): InboundState.DEAD,
        (InboundState.WAITING, Turn.TAKE): InboundState.APPLIED,
        (InboundState.WAITING, Turn.WAIT): InboundState.WAITING,
        (InboundState.WAITING, Turn.GIVE_UP): InboundState.DEAD,
        (InboundState.DEAD, Turn.REPLAY): InboundState.RECEIVED,
        (InboundState.DEAD, Turn.CORRECT): InboundState.RECEIVED,
        (InboundState.DEAD, Turn.SETTLE): InboundState.SETTLED,
        (InboundState.SETTLED, Turn.REPLAY): InboundState.RECEIVED,
    }
)

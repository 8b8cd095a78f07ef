"""The lives of events that go out and come in, as tables. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from minqing.partners.enums import DeliveryState, InboundState, Turn

S = TypeVar("S", bound=StrEnum)

# None: before it is there
OUT: Final[Mapping[tuple[DeliveryState | None, Turn], DeliveryState]] = {
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
IN: Final[Mapping[tuple[InboundState | None, Turn], InboundState]] = {
    (None, Turn.TAKE): InboundState.RECEIVED,
    (InboundState.RECEIVED, Turn.TAKE): InboundState.APPLIED,
    (InboundState.RECEIVED, Turn.WAIT): InboundState.WAITING,
    (InboundState.RECEIVED, Turn.GIVE_UP): InboundState.DEAD,
    (InboundState.WAITING, Turn.TAKE): InboundState.APPLIED,
    (InboundState.WAITING, Turn.WAIT): InboundState.WAITING,
    (InboundState.WAITING, Turn.GIVE_UP): InboundState.DEAD,
    (InboundState.DEAD, Turn.REPLAY): InboundState.RECEIVED,
    (InboundState.DEAD, Turn.SETTLE): InboundState.SETTLED,
    (InboundState.SETTLED, Turn.REPLAY): InboundState.RECEIVED,
}


def target(table: Mapping[tuple[S | None, Turn], S], state: S | None, turn: Turn) -> S | None:
    """Where ``turn`` leads from ``state``; None when it is not open there."""
    return table.get((state, turn))


def diagram(table: Mapping[tuple[S | None, Turn], S]) -> str:
    """The table as a Mermaid state diagram, for ``docs/reference/lifecycles.md``."""
    lines = [f"    {state or '[*]'} --> {to}: {turn}" for (state, turn), to in table.items()]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"

"""What this room hears of others."""

from __future__ import annotations

from minqing.journal.subscriptions import Event
from minqing.sync import serializers
from minqing.sync.services import follow_letters


def household_moved(event: Event) -> None:
    """A household's file changed: if it lies in another area now, who leads there decides about what waits of it.
    Where its area became part of another one what waits stays: who leads there sees it.
    """
    if "area_id" in event.data.get("fields", ()) and event.data.get("kept") is not True:
        follow_letters(parse=serializers.inside)

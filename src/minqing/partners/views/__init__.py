"""The operator's pages of other systems."""

from __future__ import annotations

from minqing.partners.views.events import (
    list_partners,
    replay_all,
    replay_delivery,
    replay_event,
    settle_delivery,
    settle_event,
)
from minqing.partners.views.one import add, edit, new_secret, partner, revoke

__all__ = [
    "add",
    "edit",
    "list_partners",
    "new_secret",
    "partner",
    "replay_all",
    "replay_delivery",
    "replay_event",
    "revoke",
    "settle_delivery",
    "settle_event",
]

"""Writes of partners."""

from minqing.partners.services.endpoints import rotate_secret, save_endpoint
from minqing.partners.services.queueing import queue_event
from minqing.partners.services.sending import forget_delivered, replay_delivery, send_due
from minqing.partners.services.who import (
    issue_token,
    note_use,
    register_partner,
    revoke_token,
    sweep_buckets,
    take,
    until_next,
)

__all__ = [
    "forget_delivered",
    "issue_token",
    "note_use",
    "queue_event",
    "register_partner",
    "replay_delivery",
    "revoke_token",
    "rotate_secret",
    "save_endpoint",
    "send_due",
    "sweep_buckets",
    "take",
    "until_next",
]

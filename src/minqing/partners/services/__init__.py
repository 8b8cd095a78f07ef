"""Writes of partners."""

from minqing.partners.services.applying import take_over, take_over_due
from minqing.partners.services.endpoints import rotate_secret, save_endpoint
from minqing.partners.services.queueing import queue_event
from minqing.partners.services.receiving import replay_event, store_event
from minqing.partners.services.sending import forget_delivered, replay_delivery, send_due
from minqing.partners.services.who import (
    give_secret,
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
    "give_secret",
    "issue_token",
    "note_use",
    "queue_event",
    "register_partner",
    "replay_delivery",
    "replay_event",
    "revoke_token",
    "rotate_secret",
    "save_endpoint",
    "send_due",
    "store_event",
    "sweep_buckets",
    "take",
    "take_over",
    "take_over_due",
    "until_next",
]

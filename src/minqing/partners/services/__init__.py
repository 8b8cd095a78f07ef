"""Writes of partners."""

from minqing.partners.services.dead_letters import replay_all, replay_delivery, settle_delivery
from minqing.partners.services.endpoints import rotate_secret, save_endpoint
from minqing.partners.services.handshake import ask_welcome
from minqing.partners.services.processing import take_over, take_over_due
from minqing.partners.services.queueing import queue_event
from minqing.partners.services.receiving import forget_settled, replay_event, settle_event, store_event
from minqing.partners.services.sending import forget_delivered, send_due
from minqing.partners.services.tokens import (
    allow,
    give_secret,
    issue_token,
    issue_token_once,
    note_use,
    register_partner,
    revoke_token,
    sweep_buckets,
    until_next,
)

__all__ = [
    "allow",
    "ask_welcome",
    "forget_delivered",
    "forget_settled",
    "give_secret",
    "issue_token",
    "issue_token_once",
    "note_use",
    "queue_event",
    "register_partner",
    "replay_all",
    "replay_delivery",
    "replay_event",
    "revoke_token",
    "rotate_secret",
    "save_endpoint",
    "send_due",
    "settle_delivery",
    "settle_event",
    "store_event",
    "sweep_buckets",
    "take_over",
    "take_over_due",
    "until_next",
]

"""Writes of partners."""

from minqing.partners.services.who import (
    issue_token,
    note_use,
    register_partner,
    revoke_token,
    sweep_buckets,
    take,
    until_next,
)

__all__ = ["issue_token", "note_use", "register_partner", "revoke_token", "sweep_buckets", "take", "until_next"]

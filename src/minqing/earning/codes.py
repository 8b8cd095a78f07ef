"""The private link of a claim: derived from its id with the key ring, never stored."""

from __future__ import annotations

from uuid import UUID

from minqing.privacy import tickets

PURPOSE = "earning.ticket"


def ticket_of(claim_id: UUID) -> str:
    return tickets.ticket_of(PURPOSE, claim_id)


def digest_of(claim_id: UUID) -> str:
    """What the claim's row keeps of its ticket."""
    return tickets.digest_of(PURPOSE, claim_id)

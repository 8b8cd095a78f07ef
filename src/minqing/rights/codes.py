"""The private link of a request: derived from its id with the key ring, never stored."""

from __future__ import annotations

from uuid import UUID

from minqing.privacy import tickets

PURPOSE = "rights.ticket"


def ticket_of(request_id: UUID) -> str:
    return tickets.ticket_of(PURPOSE, request_id)


def digest_of(request_id: UUID) -> str:
    """What the request's row keeps of its ticket."""
    return tickets.digest_of(PURPOSE, request_id)

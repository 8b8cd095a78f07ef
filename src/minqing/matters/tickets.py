"""The private link and the follow code of a matter: derived from its id with the key ring, never stored.

The row keeps only the digest of the link's token. Whoever has neither link nor code cannot make them, not even
with the whole database at hand.
"""

from __future__ import annotations

import hmac
from uuid import UUID

from minqing.core.ids import plain_code
from minqing.privacy import tickets


def ticket_of(matter_id: UUID) -> str:
    """The token of the private link: 128 bits, 22 URL-safe characters, the same each time."""
    return tickets.ticket_of("matters.ticket", matter_id)


def digest_of(matter_id: UUID) -> str:
    """What the matter's row keeps of its ticket."""
    return tickets.digest_of("matters.ticket", matter_id)


def follow_code_of(matter_id: UUID) -> str:
    """Eight characters to be read aloud and typed together with the number: about 39 bits, so throttle."""
    return tickets.code_of("matters.follow_code", matter_id)


def spaced(code: str) -> str:
    """``K7QM 2XHD``: two groups are read aloud and typed more safely than eight in a row."""
    return f"{code[:4]} {code[4:]}"


def is_follow_code(matter_id: UUID, typed: str) -> bool:
    """Whether ``typed`` (any case, with spaces or hyphens) is the matter's code; takes the same time either way."""
    return hmac.compare_digest(plain_code(typed).encode(), follow_code_of(matter_id).encode())

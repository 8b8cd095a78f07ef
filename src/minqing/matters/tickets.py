"""The private link and the follow code of a matter: derived from its id with the key ring, never stored.

The row keeps only the digest of the link's token. Whoever has neither link nor code cannot make them, not even
with the whole database at hand.
"""

from __future__ import annotations

import hmac
from typing import Final
from uuid import UUID

from minqing.core.ids import plain_code
from minqing.privacy.tickets import Tickets, spoken_code

TICKETS: Final = Tickets("matters.ticket")
ticket_of, digest_of = TICKETS.ticket_of, TICKETS.digest_of


def follow_code_of(matter_id: UUID) -> str:
    """Eight characters to be read aloud and typed together with the number: about 39 bits, so throttle."""
    return spoken_code("matters.follow_code", str(matter_id))


def spaced(code: str) -> str:
    """``K7QM 2XHD``: two groups are read aloud and typed more safely than eight in a row."""
    return f"{code[:4]} {code[4:]}"


def is_follow_code(matter_id: UUID, typed: str) -> bool:
    """Whether ``typed`` (any case, with spaces or hyphens) is the matter's code; takes the same time either way."""
    return hmac.compare_digest(plain_code(typed).encode(), follow_code_of(matter_id).encode())

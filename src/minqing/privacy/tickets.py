"""Private links and codes by which somebody without an account follows a record: derived, never stored (decision 6).

The row keeps only the digest of its link's token. Whoever has neither link nor code cannot make them, not even with
the whole database at hand.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from uuid import UUID

from minqing.core.ids import READABLE, digest
from minqing.privacy.seal import keyed_digest

CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Tickets:
    """The private links of one kind of record; ``purpose`` keeps them apart from those of every other kind."""

    purpose: str

    def ticket_of(self, id: UUID) -> str:
        """The token of a private link: 128 bits, 22 URL-safe characters, the same each time."""
        return base64.urlsafe_b64encode(keyed_digest(self.purpose, str(id))).decode().rstrip("=")

    def digest_of(self, id: UUID) -> str:
        """What the row keeps of its ticket."""
        return digest(self.ticket_of(id))


def spoken_code(purpose: str, text: str) -> str:
    """Eight characters to be read aloud and typed together with a number: about 39 bits, so throttle."""
    left = int.from_bytes(keyed_digest(purpose, text), "big")
    characters = []
    for _n in range(CODE_LENGTH):
        left, place = divmod(left, len(READABLE))
        characters.append(READABLE[place])
    return "".join(characters)

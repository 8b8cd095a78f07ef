"""The keys in use, held outside the database, and what is derived from them."""

from __future__ import annotations

import hashlib
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class KeyRing:
    """The field key, the key of the blind indexes, that of links, and former ones that are still read and looked for.

    ``links`` makes what is derived and stands on paper or in a message (private links, check codes of plates): it
    never changes, and is the index key where that was never changed. Each is 32 bytes. A field key is found again by
    the first two bytes of its SHA-256 digest, which stand in front of every value encrypted with it.
    """

    def __init__(
        self,
        *,
        field: bytes,
        index: bytes,
        former: tuple[bytes, ...] = (),
        former_indexes: tuple[bytes, ...] = (),
        links: bytes | None = None,
    ) -> None:
        self.indexes = tuple(dict.fromkeys((index, *former_indexes)))
        self.links = links or index
        for key in (field, *self.indexes, *former, self.links):
            if len(key) != 32:
                raise ValueError("a key is 32 bytes, written as 64 hexadecimal digits")
        self.field = field
        self.index = index
        # by the mark in front of each value; made once, as to make one takes longer than to encrypt a number with it
        self.ciphers = {mark(key): AESGCM(key) for key in (*former, field)}
        self.mark, self.cipher = mark(field), self.ciphers[mark(field)]
        if len(self.ciphers) < len({*former, field}):
            raise ValueError("two field keys begin alike in their digests: make another new key")


def mark(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:2]


@cache
def key_ring() -> KeyRing:
    """The ring of this process, from settings."""
    kept = settings.FIELD_KEYS
    return KeyRing(
        field=bytes.fromhex(str(kept["field_key"])),
        index=bytes.fromhex(str(kept["index_key"])),
        former=tuple(bytes.fromhex(key) for key in kept["old_field_keys"]),
        former_indexes=tuple(bytes.fromhex(key) for key in kept["old_index_keys"]),
        links=bytes.fromhex(str(kept["link_key"])) if kept["link_key"] else None,
    )

"""Encryption of single values: AES-256-GCM bound to table, column and row.

The binding (associated data) makes a value useless in any other row or column, so that swapping two people's
identity numbers in the database is noticed when they are read. NIST SP 800-38D: a 96-bit random nonce each time.
"""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag

from minqing.privacy.keys import KeyRing, key_ring

VERSION = b"\x01"
NONCE = 12


class CannotDecrypt(Exception):
    """The value was changed, moved to another row, or encrypted with a key that is not in the ring."""


def encrypt(text: str, *, place: str, ring: KeyRing | None = None) -> bytes:
    """``text`` as version, key mark, nonce and ciphertext. ``place`` is ``table:column:row``."""
    ring = ring or key_ring()
    nonce = os.urandom(NONCE)
    return VERSION + ring.mark + nonce + ring.cipher.encrypt(nonce, text.encode(), place.encode())


def decrypt(sealed: bytes, *, place: str, ring: KeyRing | None = None) -> str:
    """The text that was encrypted for ``place``; :class:`CannotDecrypt` otherwise."""
    ring = ring or key_ring()
    cipher = ring.ciphers.get(sealed[1:3])
    if sealed[:1] != VERSION or cipher is None:
        raise CannotDecrypt(f"no key for the value of {place}")
    try:
        return cipher.decrypt(sealed[3 : 3 + NONCE], sealed[3 + NONCE :], place.encode()).decode()
    except InvalidTag:
        raise CannotDecrypt(f"the value of {place} was changed or belongs elsewhere") from None


def blind_index(purpose: str, text: str, *, ring: KeyRing | None = None) -> bytes:
    """16 bytes that are equal for equal texts and tell nothing without the key (HMAC-SHA-256, cut).

    ``purpose`` keeps indexes apart: a phone's last four digits never match an identity number's. For columns that are
    reckoned anew under another key (:class:`~minqing.privacy.fields.BlindIndexField`); else :func:`keyed_digest`.
    """
    return keyed((ring or key_ring()).index, purpose, text)


def blind_indexes(purpose: str, text: str) -> list[bytes]:
    """The same under each key by which a row may still lie, the one in use first."""
    return [keyed(key, purpose, text) for key in key_ring().indexes]


def keyed_digest(purpose: str, text: str) -> bytes:
    """The same under the key that never changes: for what is derived from it, or kept without its text."""
    return keyed(key_ring().links, purpose, text)


def keyed(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}\x00{text}".encode(), "sha256")[:16]

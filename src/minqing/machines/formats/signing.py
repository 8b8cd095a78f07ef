"""Requests signed by a key of one device, over its boot number and a counter that never goes back.

No clock is trusted: a machine's is wrong after a power cut. The same message again has a counter that is known, a
message of another machine another key, and an answer is bound to the request that it answers.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

PREFIX: Final = "mqm_"
KEY_BYTES: Final = 32


def new_secret() -> str:
    return PREFIX + secrets.token_hex(KEY_BYTES)


def sign(secret: str, *parts: str, body: bytes = b"") -> str:
    """Hex of HMAC-SHA-256 over the parts, each on its line, and a digest of the body."""
    written = "\n".join([*parts, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), written.encode(), hashlib.sha256).hexdigest()


def fits(secret: str, given: str, *parts: str, body: bytes = b"") -> bool:
    return given.isascii() and hmac.compare_digest(given, sign(secret, *parts, body=body))

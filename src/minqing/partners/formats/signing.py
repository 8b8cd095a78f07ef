"""Standard Webhooks, symmetric (v1): https://github.com/standard-webhooks/standard-webhooks/blob/main/spec

Our own, over bytes: decision 0030. The tests compare it with the authors' library.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

PREFIX: Final = "whsec_"
KEY_BYTES: Final = 32
TOLERANCE: Final = timedelta(minutes=5)


class Unsigned(Exception):
    """No good signature. ``code`` tells clocks, headers and signatures apart."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def key_of(secret: str) -> bytes:
    text = secret.removeprefix(PREFIX)
    return base64.b64decode(text + "=" * (-len(text) % 4))


def sign(secret: str, *, id: str, at: datetime, body: bytes) -> str:
    """``v1,<base64>`` of HMAC-SHA-256 over id, seconds since 1970 and body, joined by full stops."""
    content = b".".join([id.encode(), str(int(at.timestamp())).encode(), body])
    return "v1," + base64.b64encode(hmac.new(key_of(secret), content, hashlib.sha256).digest()).decode()


def headers(secrets_in_force: Iterable[str], *, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; while a secret is being changed the message carries a signature by each."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(sign(secret, id=id, at=at, body=body) for secret in secrets_in_force),
    }


def verify(secrets_in_force: Iterable[str], *, given: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The message's id. Raises Unsigned ``not_signed``, ``wrong_clock`` (5 minutes off), ``wrong_signature``.

    Those who wrote the standard send its headers as ``svix-…`` by default; their libraries read either name.
    """
    name = "webhook" if "webhook-id" in given else "svix"
    id, stamp = given.get(f"{name}-id", ""), given.get(f"{name}-timestamp", "")
    passed = given.get(f"{name}-signature", "").split()
    if not (id and stamp and passed):
        raise Unsigned("not_signed")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise Unsigned("wrong_clock")
    at = datetime.fromtimestamp(int(stamp), UTC)
    if abs(now - at) > TOLERANCE:
        raise Unsigned("wrong_clock")
    wanted = [sign(secret, id=id, at=at, body=body) for secret in secrets_in_force]
    if not any(same(one, other) for one in passed for other in wanted):
        raise Unsigned("wrong_signature")
    return id


def same(given: str, wanted: str) -> bool:
    try:
        return hmac.compare_digest(decoded(given), decoded(wanted))
    except (ValueError, binascii.Error):
        return False


def decoded(signature: str) -> bytes:
    version, _comma, text = signature.partition(",")
    if version != "v1":
        raise ValueError(version)
    return base64.b64decode(text, validate=True)

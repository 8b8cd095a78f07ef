"""The chain of seals as bytes: what a seal's digest covers, and its Ed25519 signature (RFC 8032)."""

from __future__ import annotations

import hashlib
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from minqing.journal.canonical import canonical
from minqing.journal.models import Seal

# neither a leaf (0x00) nor a node (0x01) of a tree
PREFIX = b"\x02"
COVERED = ("number", "size", "root", "previous", "horizon", "sealed_at")


def digest_of(seal: Seal) -> str:
    """Hex SHA-256 over everything that the seal says, the link to the former seal included."""
    content = {name: getattr(seal, name) for name in COVERED}
    return hashlib.sha256(PREFIX + canonical(content)).hexdigest()


@cache
def signing_key() -> Ed25519PrivateKey | None:
    """The key of the seals, from settings; None where none was given."""
    kept = settings.FIELD_KEYS.get("seal_key")
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(str(kept))) if kept else None


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def last_public_key() -> str:
    """Whose signature the last seal bears, in hex; empty if none."""
    return Seal.objects.order_by("-number").values_list("public_key", flat=True).first() or ""


def sign(seal: Seal, key: Ed25519PrivateKey | None) -> None:
    """Set digest, signature and public key of a seal that is otherwise complete."""
    seal.digest = digest_of(seal)
    if key is not None:
        seal.signature = key.sign(bytes.fromhex(seal.digest)).hex()
        seal.public_key = public_hex(key)


def signature_holds(seal: Seal) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.public_key))
        key.verify(bytes.fromhex(seal.signature), bytes.fromhex(seal.digest))
    except (InvalidSignature, ValueError):
        return False
    return True

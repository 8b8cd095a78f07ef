"""Letters that this server alone opens: sealed to its public key, so that whoever seals need not keep any secret.

ECDH on P-256 with a key of its own for each letter, HKDF-SHA-256 and AES-256-GCM, as WebCrypto has them. The private
key is derived from that of links (:mod:`minqing.privacy.keys`), which is never changed: it lies where that lies, and is
there again wherever the database can be read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from minqing.privacy.keys import key_ring
from minqing.privacy.seal import CannotDecrypt

CURVE: Final = ec.SECP256R1()
# of NIST P-256, FIPS 186-5
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NONCE: Final = 12
OF_KEY, OF_LETTER = b"minqing letters", b"minqing letter"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An uncompressed point of 65 bytes; ``mark`` tells it from others."""

    mark: str
    point: bytes


@cache
def private_key(links: bytes) -> ec.EllipticCurvePrivateKey:
    """48 bytes for a number below the order: the remainder is as good as even (FIPS 186-5, A.2.1)."""
    drawn = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=OF_KEY).derive(links)
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (ORDER - 1) + 1, CURVE)


def public_key() -> PublicKey:
    """To be handed to whoever is to seal letters."""
    own = private_key(key_ring().links).public_key()
    point = own.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return PublicKey(hashlib.sha256(point).hexdigest()[:16], point)


def open_letter(*, mark: str, point: bytes, sealed: bytes) -> bytes:
    """What was sealed. ``point`` is the letter's own public key, ``sealed`` nonce and ciphertext.

    Raises CannotDecrypt: for another key than ours, changed, or cut off.
    """
    if mark != public_key().mark:
        raise CannotDecrypt("the letter is for another key than that of this server")
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = private_key(key_ring().links).exchange(ec.ECDH(), theirs)
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=point, info=OF_LETTER).derive(shared)
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], mark.encode())
    except (InvalidTag, ValueError):
        raise CannotDecrypt("the letter was changed or is not whole") from None

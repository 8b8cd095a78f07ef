"""Letters as a phone seals them to the server (frontend/diary/seal.js)."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from minqing.privacy.letters import CURVE, public_key
from minqing.sync.services.letters import Sealed


def sealed_to_server(data: bytes) -> dict[str, str]:
    key, own = public_key(), ec.generate_private_key(CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key.point)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=point, info=b"minqing letter")
    nonce = os.urandom(12)
    data = AESGCM(derived.derive(own.exchange(ec.ECDH(), theirs))).encrypt(nonce, data, key.mark.encode())
    return {"mark": key.mark, "point": b64encode(point).decode(), "sealed": b64encode(nonce + data).decode()}


def letter(device: object, operation: dict[str, Any]) -> dict[str, str]:
    told = json.dumps({"device": str(device), "operation": operation}, ensure_ascii=False)
    return {"operation": str(operation["id"]), "sha256": ""} | sealed_to_server(told.encode())


def photo_letter(operation: str, sha256: str, picture: bytes) -> dict[str, str]:
    return {"operation": operation, "sha256": sha256} | sealed_to_server(picture)


def as_sent(told: dict[str, str]) -> Sealed:
    return Sealed(
        UUID(told["operation"]), told["sha256"], told["mark"], b64decode(told["point"]), b64decode(told["sealed"])
    )

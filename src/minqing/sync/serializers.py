"""What a device is answered."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from uuid import UUID

from minqing.core.errors import Conflict
from minqing.core.incarnation import incarnation
from minqing.privacy.letters import public_key
from minqing.sync.enums import Wait
from minqing.sync.models import Device, Entry, Photo
from minqing.sync.queries import came_of
from minqing.sync.schemas import InsideBody, LetterBody, MessageBody, OperationBody, read
from minqing.sync.services.exchange import Answer
from minqing.sync.services.letters import Sealed, drop_secret
from minqing.sync.services.taking import Given


def given(one: OperationBody) -> Given:
    return Given(
        id=one.id,
        number=one.number,
        kind=one.kind,
        schema=one.schema_number,
        about=one.about,
        after=one.after,
        base=one.base,
        written_at=one.written_at,
        digest=one.digest,
        body=one.body,
    )


def operations(message: MessageBody) -> list[Given]:
    return [given(one) for one in message.operations]


def sealed(letters: Sequence[LetterBody]) -> list[Sealed]:
    return [Sealed(one.operation, one.sha256, one.mark, b64decode(one.point), b64decode(one.sealed)) for one in letters]


def inside(data: bytes, device: Device) -> Given:
    """The entry that a letter of that device holds. Raises Invalid; Conflict for that of another device."""
    told: InsideBody = read(InsideBody, data)
    if told.device != device.pk:
        raise Conflict("another_device")
    return given(told.operation)


def dropped(letters: Sequence[LetterBody], device: Device) -> dict[str, object]:
    """What became of each so far: its receipt, that nobody took it, or that it is kept until somebody decides."""
    entries, left = came_of(device.pk, {one.operation for one in letters})
    told: list[dict[str, object]] = []
    for id in dict.fromkeys(one.operation for one in letters if not one.sha256):
        if id in left:
            told.append({"id": str(id), "outcome": "left"})
        else:
            told.append(receipt(entries[id]) if id in entries else {"id": str(id), "outcome": "kept"})
    return {"letters": told}


def to_seal(device: UUID) -> dict[str, str]:
    """To whom the phone seals what is unsent, and by what it shows later that it is that phone."""
    key = public_key()
    return {"mark": key.mark, "point": b64encode(key.point).decode(), "secret": drop_secret(device)}


def answered(answer: Answer, device: UUID) -> dict[str, object]:
    pulled = answer.pulled
    told: dict[str, object] = {
        "generation": answer.generation,
        "receipts": [receipt(one) for one in answer.receipts],
        "waits": [wait(id, why) for id, why in answer.waits.items()],
        "revoked": pulled is None,
        "photos": [to_come(one) for one in answer.photos],
        "letters": to_seal(device),
    }
    if pulled is not None:
        told["pull"] = {
            "shelf": pulled.number,
            "anew": pulled.anew,
            "parcels": pulled.parcels,
            "left": pulled.left,
            "more": pulled.more,
        }
    return told


def receipt(entry: Entry) -> dict[str, object]:
    return {
        "id": str(entry.pk),
        "number": entry.number,
        "outcome": entry.outcome,
        "code": entry.code,
        "told": entry.told,
        "thing": entry.thing,
        "received_at": entry.received_at.isoformat(),
    }


def to_come(photo: Photo) -> dict[str, object]:
    return {
        "id": str(photo.pk),
        "operation": str(photo.entry_id),
        "thing": photo.thing,
        "sha256": photo.sha256,
        "size": photo.size,
        "offset": photo.received,
    }


def piece_taken(photo: Photo | None) -> dict[str, object]:
    """How far the photo is here; ``gone`` is one that nobody asks for: the phone need not keep it."""
    if photo is None:
        return {"state": "gone", "offset": 0, "told": ""}
    return {"state": photo.arrival, "offset": photo.received, "told": photo.told}


def wait(id: UUID, why: Wait) -> dict[str, object]:
    return {"id": str(id), "code": why.value, "told": str(why.label)}


def registered(device: Device) -> dict[str, object]:
    return {
        "device": str(device.pk),
        "key": device.key,
        "account": str(device.account_id),
        "person": device.account.name,
        "generation": incarnation(),
        "letters": to_seal(device.pk),
    }

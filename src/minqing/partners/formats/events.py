"""What partners send, read: CloudEvents 1.0 over HTTP, structured, binary and in batches. Pure.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
The bytes become JSON in :mod:`minqing.partners.formats.decoding`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from minqing.core.clock import SHANGHAI
from minqing.partners.formats.decoding import Unreadable, header_text, json_of
from minqing.partners.formats.inbound_schema import FIELDS

MOST_BYTES: Final = 256 * 1024
STRUCTURED: Final = "application/cloudevents+json"
EARLIEST: Final = 1900
BATCH: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"
# the media type of any other JSON, as binary mode may name it: application/vnd.hotline+json
ANY_JSON: Final = re.compile(r"[\w.-]+/(?:json|[\w.-]+\+json)", re.ASCII)
LONGEST: Final = 200
NEEDED_ATTRIBUTES: Final = ("id", "source", "type")
OPTIONAL_ATTRIBUTES: Final = ("subject", "sequence", "time")
LEAP: Final = re.compile(r"(?<=:\d\d):60(?=$|[.Z+-])")

# whether an event of the type needs data: the subject alone says what it is about
NEEDED: Final = {type: any(one.required for one in fields) for type, fields in FIELDS.items()}


@dataclass(frozen=True)
class Envelope:
    """What came over the wire: the body as it was, its media type and charset, and the ``ce-`` headers."""

    body: bytes
    media: str = JSON
    charset: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> str:
        """As text to be kept until it is read again."""
        kept = {"media": self.media, "charset": self.charset, "attributes": dict(self.attributes)}
        return json.dumps(kept | {"body": base64.b64encode(self.body).decode()})

    @classmethod
    def load(cls, text: str) -> Envelope:
        kept = json.loads(text)
        return cls(**kept | {"body": base64.b64decode(kept["body"])})

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Told:
    """An event as it was told. ``subject`` is what it is about; ``sequence`` and ``at`` order those of one subject."""

    id: str
    source: str
    type: str
    subject: str = ""
    sequence: str = ""
    at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    # attributes that need not be there, and that could not be read
    unusable: Mapping[str, str] = field(default_factory=dict)


def read(envelope: Envelope) -> Told:
    """The event in the envelope; raises Unreadable."""
    if envelope.attributes:
        bare = not envelope.body and not NEEDED.get(envelope.attributes.get("type", ""), True)
        return parse_event(envelope.attributes, {} if bare else body_of(envelope))
    if envelope.media not in {STRUCTURED, JSON}:
        raise Unreadable("media_type")
    event = body_of(envelope)
    return parse_event(event, data_of(event))


def unbatched(envelope: Envelope) -> list[Envelope]:
    """The events of a batch, each in an envelope of its own; raises Unreadable where it is no JSON array."""
    found = json_of(envelope.body, envelope.charset)
    if not isinstance(found, list):
        raise Unreadable("not_an_array")
    # escaped: what cannot be written in UTF-8 is told when the event is read
    return [Envelope(json.dumps(one).encode(), STRUCTURED) for one in found]


def body_of(envelope: Envelope) -> dict[str, object]:
    """The body as a JSON object of sound texts; raises Unreadable."""
    found = json_of(envelope.body, envelope.charset)
    if not isinstance(found, dict):
        raise Unreadable("not_an_object")
    return check_sound(found)


def check_sound(found: dict[str, object]) -> dict[str, object]:
    """Refuse what no database stores: NUL and halves of characters."""
    text = json.dumps(found, ensure_ascii=False)
    if "\\u0000" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise Unreadable("characters")
    return found


def data_of(event: Mapping[str, object]) -> dict[str, object]:
    """The data of a structured event; raises Unreadable. ``null`` is none; both forms at once are no event."""
    plain, packed = event.get("data"), event.get("data_base64")
    if plain is None and packed is None and not NEEDED.get(str(event.get("type", "")), True):
        return {}
    if plain is not None and packed is not None:
        raise Unreadable("data_twice")
    if packed is not None:
        try:
            return body_of(Envelope(body=base64.b64decode(str(packed), validate=True)))
        except binascii.Error:
            raise Unreadable("no_data") from None
    if not isinstance(plain, dict):
        raise Unreadable("no_data")
    return plain


def parse_event(attributes: Mapping[str, Any], data: dict[str, Any]) -> Told:
    if str(attributes.get("specversion", "")) != "1.0":
        raise Unreadable("specversion")
    text = {name: attribute(attributes, name) for name in NEEDED_ATTRIBUTES}
    for name in NEEDED_ATTRIBUTES:
        if not text[name]:
            raise Unreadable(f"no_{name}")
    return Told(text["id"], text["source"], text["type"], data=data, **optional(attributes, data))


def optional(attributes: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What need not be there: one that cannot be read is as one that is not, and is told."""
    found: dict[str, object] = {}
    unusable = {}
    for name in OPTIONAL_ATTRIBUTES:
        try:
            text = attribute(attributes, name)
            found[name] = parse_time(text) if name == "time" else text
        except Unreadable as failed:
            found[name] = None if name == "time" else ""
            unusable[name] = failed.code
    number = data.get("partnernumber")
    found["subject"] = found["subject"] or (kept_short(str(number)) if isinstance(number, (str, int)) else "")
    return {"at": found.pop("time"), "unusable": unusable} | found


def attribute(attributes: Mapping[str, Any], name: str) -> str:
    """As text; what is ``null`` is not there (JSON format, 2.2: null is as unset)."""
    value = attributes.get(name)
    if value is None:
        return ""
    text = str(value).strip() if isinstance(value, (str, int)) else "\0"
    if any(forbidden(one) for one in text) or (name == "type" and len(text) > LONGEST):
        raise Unreadable(f"{name}_unfit")
    return kept_short(text)


def forbidden(one: str) -> bool:
    """What the specification keeps out of a String: control characters and what is no character, nothing else."""
    code = ord(one)
    return unicodedata.category(one) in {"Cc", "Cs"} or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def kept_short(text: str) -> str:
    """As long as a column holds; of a longer text (there is no limit) the beginning and its digest."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 65]}#{hashlib.sha256(text.encode()).hexdigest()}"


def parse_time(text: str) -> datetime | None:
    """RFC 3339, and what hotlines write: ``2026-10-12 08:00:00``, the county's time. Raises Unreadable ``time``."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(spelled(text))
        at = (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("time") from None
    if at.year < EARLIEST:
        raise Unreadable("time")
    return at


def spelled(text: str) -> str:
    """As Python reads it: ``20261012080000``, small letters, a slash, and the 61st second of RFC 3339."""
    if len(text) == 14 and text.isascii() and text.isdigit():
        text = f"{text[:8]}T{text[8:]}"
    return LEAP.sub(":59", text.replace("/", "-").upper())


def attributes_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The ``ce-`` headers of binary mode, decoded; empty in structured mode. Raises Unreadable ``header``."""
    found = {name[3:].lower(): value for name, value in headers.items() if name[:3].lower() == "ce-"}
    if "id" not in found and "type" not in found:
        return {}
    return {name: header_text(value) for name, value in found.items()}

"""What partners send, read: CloudEvents 1.0 over HTTP, structured and binary, in UTF-8 or GB 18030. Pure.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from __future__ import annotations

import base64
import binascii
import codecs
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

from minqing.core.clock import SHANGHAI
from minqing.partners.taken import FIELDS

MOST_BYTES: Final = 256 * 1024
STRUCTURED: Final = "application/cloudevents+json"
EARLIEST: Final = 1900
BATCH: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"
# GB 2312 ⊂ GBK ⊂ GB 18030: whoever names one of the smaller writes characters of the larger sooner or later
LEAP: Final = re.compile(r"(?<=:\d\d):60(?=$|[.Z+-])")
CHINESE: Final = frozenset({"gb2312", "gbk", "gb18030"})


# whether an event of the type needs data: the subject alone says what it is about
NEEDED: Final = {type: any(one.required for one in fields) for type, fields in FIELDS.items()}


class Unreadable(Exception):
    """Not an event, whatever it is. ``code`` says in a word why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


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


def read(envelope: Envelope) -> Told:
    """The event in the envelope; raises Unreadable."""
    if envelope.attributes:
        bare = not envelope.body and not NEEDED.get(envelope.attributes.get("type", ""), True)
        return told(envelope.attributes, {} if bare else body_of(envelope))
    if envelope.media not in {STRUCTURED, JSON}:
        raise Unreadable("media_type")
    event = body_of(envelope)
    return told(event, data_of(event))


def unbatched(envelope: Envelope) -> list[Envelope]:
    """The events of a batch, each in an envelope of its own; raises Unreadable where it is no JSON array."""
    try:
        found = json.loads(decode(envelope.body, envelope.charset))
    except (ValueError, RecursionError):
        raise Unreadable("not_json") from None
    if not isinstance(found, list):
        raise Unreadable("not_an_array")
    # escaped: what cannot be written in UTF-8 is told when the event is read
    return [Envelope(json.dumps(one).encode(), STRUCTURED) for one in found]


def body_of(envelope: Envelope) -> dict[str, Any]:
    """The body as a JSON object of sound texts; raises Unreadable."""
    try:
        found = json.loads(decode(envelope.body, envelope.charset))
    except (ValueError, RecursionError):
        raise Unreadable("not_json") from None
    if not isinstance(found, dict):
        raise Unreadable("not_an_object")
    return check_sound(found)


def decode(body: bytes, charset: str) -> str:
    """As the sender says, else UTF-8, else GB 18030; raises Unreadable ``encoding``."""
    named = charset.strip("\"' ").lower().replace("_", "-")
    try:
        names = [codecs.lookup(named).name] if named else ["utf-8", "gb18030"]
    except LookupError:
        raise Unreadable("encoding") from None
    if not {*names} <= {*CHINESE, "utf-8", "utf-8-sig", "ascii"}:
        raise Unreadable("encoding")
    for name in names:
        try:
            return body.decode("gb18030" if name in CHINESE else "utf-8-sig")
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def check_sound(found: dict[str, Any]) -> dict[str, Any]:
    """Refuse what no database stores: NUL and halves of characters."""
    text = json.dumps(found, ensure_ascii=False)
    if "\\u0000" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise Unreadable("characters")
    return found


def data_of(event: Mapping[str, Any]) -> dict[str, Any]:
    if "data" not in event and "data_base64" not in event and not NEEDED.get(str(event.get("type", "")), True):
        return {}
    if "data_base64" in event:
        try:
            return body_of(Envelope(body=base64.b64decode(str(event["data_base64"]), validate=True)))
        except binascii.Error:
            raise Unreadable("no_data") from None
    data = event.get("data")
    if not isinstance(data, dict):
        raise Unreadable("no_data")
    return data


def told(attributes: Mapping[str, Any], data: dict[str, Any]) -> Told:
    if str(attributes.get("specversion", "")) != "1.0":
        raise Unreadable("specversion")
    text = {name: attribute(attributes, name) for name in ("id", "source", "type", "subject", "sequence", "time")}
    for name in ("id", "source", "type"):
        if not text[name]:
            raise Unreadable(f"no_{name}")
    subject = text["subject"] or str(data.get("partnernumber", ""))[:200]
    return Told(text["id"], text["source"], text["type"], subject, text["sequence"], moment(text["time"]), data)


def attribute(attributes: Mapping[str, Any], name: str) -> str:
    value = attributes.get(name, "")
    if not isinstance(value, (str, int)) or len(str(value)) > 200 or not str(value).isprintable():
        raise Unreadable(f"{name}_unfit")
    return str(value).strip()


def moment(text: str) -> datetime | None:
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
    """The ``ce-`` headers of binary mode, percent-decoded; empty in structured mode."""
    found = {name[3:].lower(): unquote(value) for name, value in headers.items() if name[:3].lower() == "ce-"}
    return found if "id" in found or "type" in found else {}

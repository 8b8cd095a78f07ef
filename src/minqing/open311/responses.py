"""One answer, two spellings: XML without a schema, and JSON by the Spark convention. Knows no database.

Spark (https://wiki.open311.org/JSON_and_XML_Conversion): the root element disappears, an element that holds children
of one kind is a list, any other an object, an empty element ``null``. Both spellings are made from the same values,
so they cannot say different things.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

Format: TypeAlias = Literal["xml", "json"]
CONTENT_TYPES: Final[Mapping[str, str]] = {
    "xml": "text/xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
# all that XML 1.0 has no way to write, escaped or not
UNWRITABLE: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Rows:
    """An element that holds any number of elements called ``name``; in JSON a list."""

    name: str
    rows: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An answer: ``name`` is the root element, ``value`` a mapping of elements or :class:`Rows`."""

    name: str
    value: Mapping[str, object] | Rows


def format_time(at: datetime) -> str:
    """``2010-01-01T00:00:00Z``: the W3C form in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str) -> str:
    """``text`` with what XML cannot hold left out, and lines ended by ``\\n`` as its readers would see them."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def simple(value: object) -> object:
    """What JSON holds of a value: objects, lists, and None for an empty text."""
    if isinstance(value, Rows):
        return [simple(row) for row in value.rows]
    if isinstance(value, Mapping):
        return {name: simple(part) for name, part in value.items()}
    if isinstance(value, datetime):
        return format_time(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return plain(str(value)) or None


def fill(element: ET.Element, value: object) -> None:
    if isinstance(value, Rows):
        for row in value.rows:
            fill(ET.SubElement(element, value.name), row)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            fill(ET.SubElement(element, name), part)
    else:
        known = simple(value)
        if known is not None:
            element.text = str(known).lower() if isinstance(known, bool) else str(known)


def written(document: Document, form: Format) -> bytes:
    """The answer in UTF-8."""
    if form == "json":
        return json.dumps(simple(document.value), ensure_ascii=False, allow_nan=False).encode()
    root = ET.Element(document.name)
    fill(root, document.value)
    return DECLARATION + ET.tostring(root, encoding="unicode").encode()


def errors(status: int, sentences: Sequence[object]) -> Document:
    """The standard's errors, each with the HTTP status as its code."""
    rows = [{"code": status, "description": str(sentence)} for sentence in sentences]
    return Document("errors", Rows("error", rows))

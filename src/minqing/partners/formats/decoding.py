"""Bytes of partners become text and JSON, whatever their label says. Pure.

JSON between systems is UTF-8 (RFC 8259, 8.1), so bytes that are UTF-8 are read as such under any label of
:data:`KNOWN`: software that writes UTF-8 under the label GBK is common, and Chinese read as GBK out of it is wrong
without anybody noticing. The other way round no UTF-8 comes of GBK by chance, but for a few short words.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_to_bytes

# GB 2312 ⊂ GBK ⊂ GB 18030: whoever names one of the smaller writes characters of the larger sooner or later
CHINESE: Final = frozenset({"gb2312", "gbk", "gb18030"})
SIXTEEN: Final = frozenset({"utf-16", "utf-16-le", "utf-16-be"})
# the label that clients give which were told of none
KNOWN: Final = CHINESE | SIXTEEN | {"utf-8", "utf-8-sig", "ascii", "iso8859-1"}
# below it are the alphabets; two bytes of UTF-8 each, as those of a Chinese character in GBK
FIRST_OF_THREE_BYTES: Final = "\u0800"
QUOTED: Final = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)


class Unreadable(Exception):
    """Not an event, whatever it is. ``code`` says in a word why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def json_of(body: bytes, charset: str) -> object:
    """The JSON in ``body``; raises Unreadable ``encoding``, ``not_json`` (NaN too), ``twice_named``."""
    text = decode(body, charset)
    try:
        found = json.loads(text, object_pairs_hook=once, parse_constant=no_number)
        # what is nested nearly too deep to be read is too deep to be written
        json.dumps(found)
    except (ValueError, RecursionError):
        raise Unreadable("not_json") from None
    return found


def once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Two members of one name: the next reader might take the other one (RFC 8259, 4)."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable("twice_named")
        found[name] = value
    return found


def no_number(text: str) -> float:
    raise ValueError(text)


def decode(body: bytes, charset: str) -> str:
    """The text: UTF-16 where it is that, else UTF-8, else GB 18030.

    Raises Unreadable ``encoding``, for a label too that names no encoding of Chinese texts.
    """
    label = name_of(charset)
    for name in candidates(body):
        try:
            text = body.decode(name)
        except UnicodeError:
            continue
        if name == "utf-8-sig" and label in CHINESE and by_chance(text):
            continue
        return text
    raise Unreadable("encoding")


def candidates(body: bytes) -> list[str]:
    """Which encodings to try, the likeliest first. Only JSON in UTF-16 holds zero bytes."""
    if body[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return ["utf-16"]
    if b"\0" in body:
        return ["utf-16-be" if body[:1] == b"\0" else "utf-16-le"]
    return ["utf-8-sig", "gb18030"]


def name_of(charset: str) -> str:
    label = charset.strip("\"' ").lower().replace("_", "-")
    try:
        found = codecs.lookup(label).name if label else "utf-8"
    except (LookupError, ValueError):
        raise Unreadable("encoding") from None
    if found not in KNOWN:
        raise Unreadable("encoding")
    return found


def by_chance(text: str) -> bool:
    """Whether it may be GBK that happens to be UTF-8: letters of other alphabets, and no Chinese character."""
    return any(one > "\x7f" for one in text) and not any(one >= FIRST_OF_THREE_BYTES for one in text)


def header_text(value: str) -> str:
    """The value of a ``ce-`` header: out of its quotes, percent-decoded once; raises Unreadable ``header``.

    Servers hand over the bytes of a header as Latin-1; some senders write them in UTF-8 or GBK as they are.
    """
    if found := QUOTED.fullmatch(value):
        value = re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)
    try:
        raw = unquote_to_bytes(value.encode("latin-1"))
    except UnicodeEncodeError:
        raise Unreadable("header") from None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        if "%" in value:
            # the specification: what is no UTF-8 then must be rejected
            raise Unreadable("header") from None
    return decode(raw, "")

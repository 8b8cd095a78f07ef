"""Which events are taken from partners, with which data. Pure; ``docs/partners.md`` shows the table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.characters import clean
from minqing.core.errors import Invalid

REPORTED: Final = "cn.minqing.matter.reported"
ACCEPTED: Final = "cn.minqing.matter.accepted"
NOTED: Final = "cn.minqing.matter.noted"
SENT_BACK: Final = "cn.minqing.matter.sent_back"
FINISHED: Final = "cn.minqing.matter.finished"
CONFIRMED: Final = "cn.minqing.matter.confirmed"
WITHDRAWN: Final = "cn.minqing.matter.withdrawn"


@dataclass(frozen=True)
class Field:
    """One member of ``data``: ``kind`` is text, number, truth or object."""

    name: str
    kind: str
    what: str
    required: bool = False


KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "text": (str, int),
    "number": (int, float, str),
    "truth": (bool, str),
    "object": (dict,),
}
TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
WHICH = Field("partnernumber", "text", "the partner's own number of the matter; else the event's subject names it")
TEXT = Field("text", "text", "what was done or said; the reporter reads it")
FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    REPORTED: (
        WHICH,
        Field("title", "text", "a line; without it, the first of the text"),
        Field("text", "text", "what it is about", required=True),
        Field("area", "text", "code of the area", required=True),
        Field("category", "text", "code of the category"),
        Field("place", "text", "where, in words"),
        Field("latitude", "number", "degrees"),
        Field("longitude", "number", "degrees"),
        Field("datum", "text", "WGS-84 (unless given), GCJ-02 or CGCS2000"),
        Field("reporter", "object", "name and phone; may be left out"),
        Field("answers", "object", "to the category's questions, by their codes"),
    ),
    ACCEPTED: (WHICH, TEXT),
    NOTED: (
        WHICH,
        Field("text", "text", TEXT.what, required=True),
        Field("public", "truth", "false: the reporter does not read it"),
    ),
    SENT_BACK: (
        WHICH,
        Field("text", "text", "why it is not its own", required=True),
        Field("unit", "text", "code of the unit whose it should be", required=True),
    ),
    FINISHED: (
        WHICH,
        Field("text", "text", "the reply that the reporter reads", required=True),
        Field("outcome", "text", "solved, partly or not_now; without it nobody has said"),
        Field("outcome_note", "text", "why, or what comes next: needed unless it is solved"),
    ),
    CONFIRMED: (
        WHICH,
        Field("solved", "truth", "false opens the matter again"),
        Field("answered", "truth", "whether there was an answer"),
        Field("satisfaction", "number", "1 to 5"),
        TEXT,
    ),
    WITHDRAWN: (WHICH, TEXT),
}


def check_data(type: str, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Field]]:
    """``data`` with what :data:`FIELDS` knows of it, in its kinds, and the fields that cannot be used.

    Raises Invalid ``unknown_type``, and ``data`` for a field that is needed.
    """
    if type not in FIELDS:
        raise Invalid("unknown_type", _("Events of this type are not taken."))
    found: dict[str, object] = {}
    unusable = []
    for field in FIELDS[type]:
        value = data.get(field.name)
        value = clean(value) if isinstance(value, str) else value
        if value not in (None, ""):
            try:
                found[field.name] = fitted(field, value)
            except Invalid:
                if field.required:
                    raise
                unusable.append(field)
        elif field.required:
            raise wrong(field)
    known = {field.name for field in FIELDS[type]}
    strange = [name for name, value in data.items() if name not in known and value not in (None, "", [], {})]
    return found, [*unusable, *(Field(name, "unknown", "") for name in strange)]


def fitted(field: Field, value: object) -> Any:
    if not isinstance(value, KINDS[field.kind]) or (isinstance(value, bool) and field.kind != "truth"):
        raise wrong(field)
    if field.kind == "text":
        return str(value)
    if field.kind == "number":
        return finite(field, value)
    if field.kind == "truth" and isinstance(value, str):
        if value.lower() not in TRUTHS:
            raise wrong(field)
        return TRUTHS[value.lower()]
    return value


def finite(field: Field, value: Any) -> float:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise wrong(field) from None
    if not math.isfinite(number):
        raise wrong(field)
    return number


def wrong(field: Field) -> Invalid:
    sentence = format_lazy(_("“{name}” is missing, or is not what it must be."), name=field.name)
    return Invalid("data", sentence, field=field.name)

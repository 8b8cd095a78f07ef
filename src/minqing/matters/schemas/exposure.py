"""What another system is told of a matter, and of which matters it is told everything.

One declaration decides: a field of :class:`Matter` is told to all who see the matter where its class is public or
internal, to those who handle or reported it where it is personal, and to nobody where it is sensitive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from minqing.matters.enums import Channel, Mechanism, Outcome, State
from minqing.matters.models import Matter

Getter = Callable[[str], Any]
Classes = Literal["public", "internal", "personal", "sensitive"]


@dataclass(frozen=True)
class Told:
    """A field of the answer: ``field`` of the model gives its class, ``column`` is where it is read.

    Areas and units are read by their ids here, and told by their codes (:mod:`minqing.matters.schemas.serializers`).
    """

    name: str
    field: str
    type: Any
    column: str = ""
    listed: bool = True

    @property
    def path(self) -> str:
        return self.column or self.field

    @property
    def privacy(self) -> Classes:
        return class_of(self.field)


def class_of(field: str) -> Classes:
    kinds: tuple[Classes, ...] = ("public", "internal", "personal", "sensitive")
    return next(kind for kind in kinds if field in getattr(Matter.Privacy, kind))


FIELDS: Final = (
    Told("id", "id", UUID),
    Told("number", "number", str),
    Told("state", "state", State),
    Told("mechanism", "mechanism", Mechanism),
    Told("channel", "channel", Channel),
    Told("category", "category", str, "category_id"),
    Told("area", "area", str, "area_id"),
    Told("unit", "lead_unit", str, "lead_unit_id"),
    Told("received_at", "received_at", datetime),
    Told("assigned_at", "assigned_at", datetime),
    Told("due_at", "due_at", datetime),
    Told("due_provisional", "due_provisional", bool),
    Told("changed_at", "changed_at", datetime),
    Told("finished_at", "finished_at", datetime),
    Told("closed_at", "closed_at", datetime),
    Told("reopened", "reopened", int),
    Told("outcome", "outcome", Outcome),
    Told("outcome_note", "outcome_note", str, listed=False),
    Told("confidential", "confidential", bool),
    Told("title", "title", str),
    Told("text", "text", str, listed=False),
    Told("answers", "answers", dict[str, Any], listed=False),
    Told("place", "place", str, listed=False),
    Told("latitude", "latitude", float, listed=False),
    Told("longitude", "longitude", float, listed=False),
    Told("datum", "datum", str, listed=False),
)
# not a field of its own: the number without its partner, told to that partner alone
OWN_NUMBER: Final = "partnernumber"
# never empty, whoever asks
FILLED: Final = frozenset(
    {
        "id",
        "number",
        "state",
        "mechanism",
        "channel",
        "area",
        "received_at",
        "due_provisional",
        "changed_at",
        "reopened",
        "confidential",
    }
)
LISTED: Final = tuple(one for one in FIELDS if one.listed)
ALWAYS: Final = frozenset({"public", "internal"})
# what the rules look at, besides what is told
SITUATION: Final = ("area_id", "lead_unit_id", "supporting", "mechanism", "contested", "bound", "state")
COLUMNS: Final = tuple(dict.fromkeys([*(one.path for one in LISTED), *SITUATION, "outside_number", "light", "own"]))


def facts(fields: tuple[Told, ...], get: Getter, *, known: bool) -> dict[str, object]:
    """The fields with what may be told of them; what may not is None, whatever its value."""
    told = {}
    for one in fields:
        open_to_all = one.privacy in ALWAYS
        # a sensitive field is not even read
        told[one.name] = get(one.path) if open_to_all or (known and one.privacy == "personal") else None
    return told


def own_number(outside: str | None, *, own: bool) -> str | None:
    return outside.partition(":")[2] or None if own and outside else None

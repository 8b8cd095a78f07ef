"""The moves that another system may make, as one table: its fields, and the scope that opens it.

The fields of a body are the service's own arguments; units in it are codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import Field, create_model

from minqing.matters.enums import Move, Outcome, PauseReason
from minqing.matters.schemas.bodies import Pictures
from minqing.web.api import Body, Day, NeededCode, NeededText, Text, Version

HANDLE: Final = "matters:handle"
REPORT: Final = "matters:report"
# fields that name a unit by its code
UNIT_FIELDS: Final = frozenset({"unit", "proposed"})


@dataclass(frozen=True)
class Spec:
    """A move: ``fields`` are what its service takes besides the id (type, default)."""

    move: Move
    scope: str
    fields: Mapping[str, tuple[object, object]]

    @property
    def body(self) -> type[Body]:
        return BODIES[self.move]


TEXT: Final = (NeededText, ...)
NO_TEXT: Final = (Text, "")
UNIT: Final[tuple[object, object]] = (NeededCode, Field(description="Code of a unit: `GET /units`."))
PART: Final = (UUID | None, Field(None, description="Which part, where the unit has several."))
DAYS: Final = (int | None, Field(None, ge=0, le=250, description="Working days; without it the norm."))
SEEN: Final[tuple[object, object]] = (
    Version,
    Field("", description="The `version` of the matter that you saw: 412 where it has changed since."),
)
YES_NO: Final = (bool | None, None)
PICTURES: Final[tuple[object, object]] = (Pictures, [])
# who sent answers before anybody asked goes on doing so: then it is not said
WENT: Final[Mapping[str, tuple[object, object]]] = {
    "outcome": (Outcome | None, Field(None, description="How it went; without it nobody has said.")),
    "outcome_note": (Text, Field("", description="Why, or what comes next: needed unless it is `solved`.")),
}

SPECS: Final = (
    Spec(Move.ACCEPT, HANDLE, {"note": NO_TEXT}),
    Spec(Move.ACT, HANDLE, {"text": TEXT, "public": (bool, True), "pictures": PICTURES}),
    Spec(Move.NOTE, HANDLE, {"text": TEXT}),
    Spec(Move.SEND_BACK, HANDLE, {"reason": TEXT, "proposed": UNIT}),
    Spec(Move.TRANSFER, HANDLE, {"unit": UNIT, "reason": TEXT}),
    Spec(Move.JOIN, HANDLE, {"unit": UNIT, "task": TEXT, "due_days": DAYS}),
    Spec(Move.DROP_PART, HANDLE, {"part": (UUID, ...), "reason": TEXT}),
    Spec(Move.REPLY_PART, HANDLE, {"reply": TEXT, "part": PART, **WENT}),
    Spec(Move.REFUSE_PART, HANDLE, {"reason": TEXT, "proposed": UNIT, "part": PART}),
    Spec(
        Move.ASK_EXTENSION,
        HANDLE,
        {"days": (int, Field(ge=1, le=250, description="Working days.")), "reason": TEXT},
    ),
    Spec(Move.SUSPEND, HANDLE, {"reason": (PauseReason, ...), "until": (Day, ...), "text": TEXT}),
    Spec(Move.RESUME, HANDLE, {"note": NO_TEXT}),
    Spec(
        Move.FINISH,
        HANDLE,
        {
            "reply": TEXT,
            **WENT,
            "override": (Text, Field("", description="Why, although a part is still open.")),
            "pictures": PICTURES,
        },
    ),
    Spec(Move.REPORT, HANDLE, {"text": TEXT}),
    Spec(
        Move.CONFIRM,
        REPORT,
        {
            "answered": YES_NO,
            "solved": (bool | None, Field(None, description="`false` reopens the matter.")),
            "satisfaction": (int | None, Field(None, ge=1, le=5)),
            "text": NO_TEXT,
        },
    ),
    Spec(Move.REOPEN, REPORT, {"reason": TEXT}),
    Spec(Move.WITHDRAW, REPORT, {"reason": NO_TEXT}),
    Spec(Move.APPEAL, REPORT, {"reason": TEXT}),
    Spec(Move.SPLIT, REPORT, {"reason": NO_TEXT}),
)
MOVES: Final = tuple(spec.move for spec in SPECS)


def body_of(spec: Spec) -> type[Body]:
    """The typed body of one move; its id is the sender's, and the same again does it once."""
    name = "".join(part.title() for part in spec.move.value.split("_"))
    fields: dict[str, Any] = {"id": (UUID, ...), **spec.fields, "seen": SEEN}
    return create_model(f"{name}Body", __base__=Body, __doc__=None, **fields)


BODIES: Final[Mapping[Move, type[Body]]] = {spec.move: body_of(spec) for spec in SPECS}


def units_named(values: Mapping[str, object]) -> Iterator[str]:
    """The names of fields that hold the code of a unit."""
    return (name for name in values if name in UNIT_FIELDS)


WHY_SCOPE: Final[Mapping[str, str]] = {
    HANDLE: "For a matter of your unit, or one that it was asked to join.",
    REPORT: "For a matter that you reported, as the word of its reporter; not where your unit handles it.",
}

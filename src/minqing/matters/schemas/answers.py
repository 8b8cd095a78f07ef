"""The shapes of answers. Those of a matter are made of :mod:`minqing.matters.schemas.exposure`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, create_model

from minqing.matters.enums import Outcome, State
from minqing.matters.schemas.exposure import FIELDS, FILLED, LISTED, OWN_NUMBER, Told


class Ability(BaseModel):
    allowed: bool
    code: str = ""
    reason: str = ""


def shape(name: str, fields: tuple[Told, ...], **more: Any) -> type[BaseModel]:
    """The answer's model: what is not public or internal, or may be empty, can be null.

    ``state_label`` is the county's word for ``state``, in the language that was asked for; ``version`` changes with
    each step and is given back in ``If-Match`` or ``seen``; ``handler`` is the name of who in the unit has it, told to
    those who handle it, and null while nobody is named.
    """
    given: dict[str, Any] = {one.name: (one.type if one.name in FILLED else one.type | None, ...) for one in fields}
    given |= {OWN_NUMBER: (str | None, None), "light": (str, ...), "own": (bool, ...), "state_label": (str, ...)}
    given |= {"version": (str, ...), "handler": (str | None, None)}
    return create_model(name, **given, **more)


MatterRow = shape("MatterRow", LISTED, can=(list[str], ...))


class Matters(BaseModel):
    """``next`` is given back as ``after``; null on the last page."""

    matters: list[MatterRow]  # type: ignore[valid-type]
    next: str | None


class Picture(BaseModel):
    id: UUID
    step: UUID | None


class PictureTold(Picture):
    """A JPEG made anew by us; ``size`` in bytes. ``url`` and ``thumbnail`` take the same token."""

    width: int
    height: int
    size: int
    url: str
    thumbnail: str


class Pictures(BaseModel):
    pictures: list[PictureTold]


class PictureKept(BaseModel):
    """``id`` is the sender's, to be named in a report or a move."""

    id: UUID
    width: int
    height: int
    size: int


class StepTold(BaseModel):
    id: UUID
    move: str
    state: str
    at: datetime
    unit: str | None
    public: bool
    by_name: str | None
    text: str | None
    aside: str | None


class PartTold(BaseModel):
    id: UUID
    unit: str | None
    handler: str | None
    state: str
    asked_at: datetime
    replied_at: datetime | None
    outcome: Outcome | None
    outcome_note: str | None
    refusals: int
    bound: bool
    task: str | None
    reply: str | None


class ClockTold(BaseModel):
    """A deadline; ``why`` tells how it was reckoned, in the language that was asked for."""

    kind: str
    unit: str | None
    part: UUID | None
    started_at: datetime
    due_at: datetime | None
    forecast_at: datetime
    paused: bool
    overdue: bool
    provisional: bool
    stopped_at: datetime | None
    why: list[str]


class WordTold(BaseModel):
    answered: bool | None
    solved: bool | None
    satisfaction: int | None
    declined: bool = Field(description="Asked by a person, and would not say.")
    source: str
    at: datetime
    text: str | None


class SupervisionTold(BaseModel):
    ordered_at: datetime
    rhythm: str
    order: str | None


class ExtensionTold(BaseModel):
    more: str
    asked_at: datetime
    reason: str | None


class MergedTold(BaseModel):
    id: UUID
    number: str
    state: str
    state_label: str


MatterDetail = shape(
    "MatterDetail",
    FIELDS,
    supporting=(list[str], ...),
    cause=(UUID | None, ...),
    steps=(list[StepTold], ...),
    parts=(list[PartTold], ...),
    clocks=(list[ClockTold], ...),
    words=(list[WordTold], ...),
    pictures=(list[Picture], ...),
    supervision=(SupervisionTold | None, ...),
    extension=(ExtensionTold | None, ...),
    merged=(list[MergedTold], ...),
    why_here=(list[str], ...),
    can=(dict[str, Ability], ...),
)


class UnusableTold(BaseModel):
    """An optional field that could not be used, and why; the rest was taken."""

    field: str
    code: str
    sentence: str


class Moved(BaseModel):
    """What became of a matter; ``can`` as it is now, empty where it has left the caller's sight."""

    id: UUID
    number: str
    state: State
    state_label: str
    changed_at: datetime
    version: str
    can: dict[str, Ability]
    unusable: list[UnusableTold]


class QuestionTold(BaseModel):
    code: str
    kind: str
    text: str
    required: bool
    variable: bool
    hint: str
    values: list[dict[str, str]]


class CategoryTold(BaseModel):
    code: str
    name: str
    working_days: int
    questions: list[QuestionTold]
    children: list[CategoryTold]


class Categories(BaseModel):
    categories: list[CategoryTold]


class FigureRow(BaseModel):
    key: str
    label: str
    received: int | None
    open: int | None
    red: int | None


class FiguresTold(BaseModel):
    by: str
    rows: list[FigureRow]

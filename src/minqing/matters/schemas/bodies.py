"""Filters of the list, and a report."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from minqing.core.point import Point
from minqing.deadlines.enums import Light
from minqing.matters.enums import Channel, State
from minqing.matters.queries.finding import ANSWERED, ANY_OPEN
from minqing.matters.questions import LENGTH
from minqing.web.api import ANY, Body, Code, Day, Moment, NeededCode, NeededText, ShortText

MOST_ROWS = 200
# as the forms of pages take
MOST_PICTURES = 6
Pictures = Annotated[
    list[UUID], Field(max_length=MOST_PICTURES, description="Ids of pictures that you sent before: `POST /pictures`.")
]
StateAsked = Literal["", "open", "answered"] | State
assert {ANY_OPEN, ANSWERED} == {"open", "answered"}  # noqa: S101  # a Literal takes no names


# as long as a question of several lines takes; others take less, see matters.questions
Answer = Annotated[str, StringConstraints(max_length=LENGTH, pattern=ANY)]


# what names no question is not kept, so it may hold anything
Key = Annotated[str, StringConstraints(max_length=40)]


class Asked(BaseModel):
    """Filters, all of them at once. ``area`` and ``category`` hold what lies below them; days are local."""

    text: ShortText = Field("", description="A number, or words of matters that you reported or handle.")
    state: StateAsked = ""
    light: Literal[""] | Light = ""
    category: Code = ""
    area: Code = Field("", description="Code of an area, with everything below it.")
    unit: Code = Field("", description="Code of the unit that has the matter.")
    channel: Literal[""] | Channel = ""
    since: Day | None = Field(None, description="Received on this day or later.")
    until: Day | None = Field(None, description="Received on this day or earlier.")
    changed_since: Moment | None = Field(
        None, description="Changed at this moment or later. The oldest change then comes first, else the newest report."
    )
    after: ShortText = Field("", description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=MOST_ROWS)


class PlaceBody(Body):
    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)
    datum: Literal["WGS-84", "GCJ-02", "CGCS2000"] = "WGS-84"

    def point(self) -> Point:
        return Point(self.latitude, self.longitude, self.datum)


class ReporterBody(Body):
    """Who raised it; kept encrypted, and never told by the API."""

    name: ShortText = ""
    phone: ShortText = ""
    contact: ShortText = Field(default="", description="A safe way to be reached, in the reporter's words.")


class MatterBody(Body):
    """A matter to be taken in. ``id`` is made by the sender: the same again is the same matter."""

    id: UUID
    text: NeededText
    area: NeededCode = Field(description="Code of an area: `GET /areas`.")
    title: ShortText = ""
    category: Code = Field("", description="Code of a category: `GET /categories`.")
    answers: dict[Key, Answer | list[Answer]] = Field({}, description="To the category's questions, by their codes.")
    place: ShortText = ""
    point: PlaceBody | None = None
    reporter: ReporterBody | None = None
    confidential: bool = Field(False, description="Belongs to no household's file.")
    objection: bool = Field(False, description="The reporter does not want it published, not even without names.")
    pictures: Pictures = []
    partnernumber: ShortText = Field("", description="The sender's own number; that number again is the same matter.")


class FiguresAsked(BaseModel):
    by: Literal["category", "subcategory", "area", "unit", "channel", "state", "light", "day", "week", "month"]
    since: Day | None = None
    until: Day | None = None

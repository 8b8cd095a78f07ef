"""A diary as a phone writes it without a signal; anything else in it is refused."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from minqing.hazards.rules import LONGEST_WORDS, MOST_ITEMS
from minqing.sync.schemas import Count, Digest
from minqing.visits.enums import Met
from minqing.visits.rules import MOST_HAZARDS, MOST_PICTURES, MOST_PROMISE
from minqing.web.api import Body, Day, ShortText, Text

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
Version = Annotated[int, Field(ge=1, le=2_000_000_000, strict=True)]
Address = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class MatterBody(Body):
    """What needs doing; it becomes a matter of its own. ``with_photos``: whoever handles it sees those of the diary."""

    id: UUID
    title: ShortText
    text: Text = ""
    with_words: bool = True
    with_photos: bool = True


class PhotoBody(Body):
    """A photo that comes after the words: the SHA-256 of its bytes, and how many they are."""

    sha256: Digest
    size: Count


class PromiseBody(Body):
    """What was promised, and by which day."""

    id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_PROMISE, pattern=r"^[^\x00]*$")]
    due_on: Day


class SeenBody(Body):
    """A hazard by one ``version`` of a checklist, or by none: each code that was ticked with its words."""

    id: UUID
    version: Version | None = None
    name: ShortText = ""
    looks: Annotated[dict[Code, ShortText], Field(max_length=MOST_ITEMS)] = Field(default_factory=dict)
    words: Annotated[str, StringConstraints(max_length=LONGEST_WORDS, pattern=r"^[^\x00]*$")] = ""


class PointBody(Body):
    """Where the phone was, on WGS-84, to so many metres; only where somebody tapped for it."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    accuracy: Annotated[float, Field(ge=0, le=10_000_000)]


class DiaryBody(Body):
    """One visit. ``day`` is one that was chosen, None the one on which it was written."""

    visit: UUID
    household: UUID
    day: Day | None = None
    met: Met
    met_residents: Annotated[list[UUID], Field(max_length=60)] = Field(default_factory=list)
    met_people: ShortText = ""
    text: Text = ""
    hazards: Annotated[list[SeenBody], Field(max_length=MOST_HAZARDS)] = Field(default_factory=list)
    point: PointBody | None = None
    matter: MatterBody | None = None
    promises: Annotated[list[PromiseBody], Field(max_length=3)] = Field(default_factory=list)
    photos: Annotated[list[PhotoBody], Field(max_length=MOST_PICTURES)] = Field(default_factory=list)


class FileBody(Body):
    """What a cadre has changed of a household's file: by field, the value. Nothing is there of what stayed."""

    household: UUID
    address: Address | None = None
    lives_here: Annotated[dict[UUID, bool], Field(max_length=60)] = Field(default_factory=dict)

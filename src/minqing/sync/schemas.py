"""What a device sends, field by field; anything else in it is refused."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints, ValidationError

from minqing.core.errors import Invalid
from minqing.sync.rules import MOST_AT_ONCE, MOST_BODY, MOST_LETTERS, MOST_OPERATIONS, MOST_PHOTO, MOST_PHOTOS
from minqing.web.api import Body, Moment, field_told

Number = Annotated[int, Field(ge=1, le=2_000_000_000, strict=True)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000, strict=True)]
Name = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9_.:-]+$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, StringConstraints(max_length=MOST_BODY, pattern=r"^[^\x00]*$")]


class OperationBody(Body):
    """One operation. ``body`` is its content as the very text of which the device took the ``digest`` (SHA-256)."""

    id: UUID
    number: Number
    kind: Key
    schema_number: Annotated[int, Field(ge=1, le=1000, strict=True)]
    about: Key
    after: UUID | None = None
    base: dict[Key, Key] = Field(default_factory=dict, max_length=40)
    written_at: Moment
    digest: Digest
    body: Text


class OutboxBody(Body):
    """What the device says of its outbox before it sends: so that a loss is seen even if it never speaks again."""

    last: Count
    waiting: Count
    oldest: Moment | None = None


class MessageBody(Body):
    """One message of a device. ``clock`` is what its clock says now, ``shelf`` what it holds of ours.

    ``knows`` are the feeds that it can keep besides those that every phone keeps.
    ``lost`` are photos still to come, as the last answer named them, that are not on it any more.
    """

    device: UUID
    clock: Moment
    outbox: OutboxBody
    shelf: Count
    operations: list[OperationBody] = Field(default_factory=list, max_length=MOST_OPERATIONS)
    lost: list[UUID] = Field(default_factory=list, max_length=MOST_PHOTOS)
    knows: list[Key] = Field(default_factory=list, max_length=20)


Base64 = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")]


class LetterBody(Body):
    """An entry sealed to the server, or with ``sha256`` a photo of one. What it says of itself stands inside too."""

    operation: UUID
    sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    mark: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    point: Annotated[Base64, StringConstraints(max_length=88)]
    sealed: Annotated[Base64, StringConstraints(max_length=MOST_PHOTO * 4 // 3 + 200)]


class FileBody(Body):
    """The file of what is unsent, as a phone saves it; nothing in it can be read but by the server."""

    minqing: Literal["unsent"]
    device: UUID
    saved_at: Moment
    letters: Annotated[list[LetterBody], Field(min_length=1, max_length=MOST_LETTERS)]


class DropBody(Body):
    """What a phone hands in whose owner cannot sign in any more. ``secret`` shows that it is that phone."""

    device: UUID
    secret: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    clock: Moment
    letters: Annotated[list[LetterBody], Field(max_length=MOST_AT_ONCE)]


class InsideBody(Body):
    """What is sealed of an entry."""

    device: UUID
    operation: OperationBody


class RegisterBody(Body):
    """A device that somebody who is signed in makes their own; ``owner`` is whose the phone thinks that it is."""

    id: UUID
    name: Name
    owner: UUID | None = None


def read(schema: type[Body], given: bytes) -> Any:
    """Raises Invalid ``not_json`` or ``invalid``, with the first field that is wrong."""
    try:
        return schema.model_validate(json.loads(given))
    except ValidationError as error:
        raise unreadable(error) from None
    except (ValueError, RecursionError):
        raise Invalid("not_json", _("The body could not be read. Send one JSON object in UTF-8.")) from None


def unreadable(error: ValidationError) -> Invalid:
    """The places and codes of what is wrong, and nothing of what was sent."""
    fields = [field_told(one) for one in error.errors(include_input=False, include_url=False)[:20]]
    sentence = _("This is not what a device says: %(field)s. %(what)s")
    first = fields[0]
    return Invalid("invalid", sentence % {"field": first["field"], "what": first["sentence"]}, fields=fields)

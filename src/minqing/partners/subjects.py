"""What other systems sent about a person and is kept as it came."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.matters.subjects import raised_by
from minqing.partners.enums import OPEN
from minqing.partners.formats.decoding import Unreadable, json_of
from minqing.partners.formats.events import Envelope
from minqing.partners.models import Inbound
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked, tells_of

# without its digest an event is not known again: sent once more it is laid aside for the operator
INBOUND: Final = Holding(model="partners.Inbound", blank={"raw": b"", "content": None})

# characters as JSON writes them in ASCII
ESCAPED: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")


def about(person: Person) -> list[Inbound]:
    """Events of matters that the person raised, and those not yet taken over, or laid aside, that name the person.
    These lie where the partner does, which may be the county.

    Bodies are encrypted: those that are still held are few, and read one by one.
    """
    taken = list(Inbound.objects.filter(matter__in=raised_by(person)).exclude(raw=b"", content=None))
    return taken + [one for scope in person.everywhere for one in held_of(scope)]


def held_of(person: Person) -> list[Inbound]:
    held = Inbound.objects.filter(area__in=person.areas, matter=None).exclude(raw=b"")
    return [one for one in held.iterator() if tells_of(told_in(one.raw), person)]


def told_in(raw: str) -> object:
    """All that the envelope says: its headers, and its body as JSON, or as text where it is none."""
    envelope = Envelope.load(raw)
    return [dict(envelope.attributes), opened(envelope.body, envelope.charset)]


def opened(body: bytes, charset: str) -> Any:
    try:
        found = json_of(body, charset)
    except Unreadable:
        # no event, and kept all the same: read in both ways in which it may be meant
        return [ESCAPED.sub(unescaped, body.decode(name, errors="replace")) for name in ("utf-8", "gb18030")]
    packed = found.get("data_base64") if isinstance(found, dict) else None
    try:
        return [found, opened(base64.b64decode(packed, validate=True), "")] if isinstance(packed, str) else found
    except binascii.Error:
        return found


def unescaped(run: re.Match[str]) -> str:
    return str(json.loads(f'"{run[0]}"'))


def find(person: Person) -> Found:
    rows = about(person)
    waits = any(one.state in OPEN for one in rows)
    return Found(len(rows), (_("An event of another system waits to be taken over."),) if waits else ())


def give(person: Person) -> list[Section]:
    """What was taken over stands in the matter."""
    return []


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Event: ``partners.person.erased``."""
    ids = [one.pk for one in about(person)]
    gone = blanked(Inbound.objects.filter(pk__in=ids), INBOUND)
    if gone:
        record(type="partners.person.erased", subject=person.cause, by=by, at=at, data={"events": gone})
    return gone


SUBJECTS: Final = Subjects(
    room="partners", label=_("Other systems"), find=find, give=give, erase=erase, holdings=(INBOUND,)
)

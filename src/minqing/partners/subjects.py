"""What other systems sent about a person and is kept as it came."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.matters.subjects import raised_by
from minqing.partners.enums import OPEN
from minqing.partners.models import Inbound
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked

# without its digest an event is not known again: sent once more it is laid aside for the operator
INBOUND: Final = Holding(model="partners.Inbound", blank={"raw": b"", "content": None})


def about(person: Person) -> list[Inbound]:
    """Events of matters that the person raised, and those not yet taken over, or laid aside, that name the person.

    Bodies are encrypted: those that are still held are few, and read one by one.
    """
    taken = list(Inbound.objects.filter(matter__in=raised_by(person)).exclude(raw=b"", content=None))
    held = Inbound.objects.filter(area__in=person.areas, matter=None).exclude(raw=b"")
    return taken + [one for one in held.iterator() if any(word in one.raw for word in person.words)]


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

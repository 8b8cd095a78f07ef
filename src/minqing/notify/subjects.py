"""What waits to be sent to somebody without an account, by the only thing it is known by: the address."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.notify.models import Outgoing
from minqing.notify.queries import job
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects

OUTGOING: Final = Holding(model="notify.Outgoing", gone=True)


def waiting_for(person: Person) -> list[Outgoing]:
    """Messages to the person's numbers. Addresses are encrypted, each for its row, and emptied when a message ends:
    those that hold one are few, and are read one by one.
    """
    held = Outgoing.objects.filter(account=None).exclude(address=b"")
    return [one for one in held.iterator() if one.address in person.phones]


def find(person: Person) -> Found:
    if not person.phones:
        return Found()
    with acting_as(job()):
        return Found(len(waiting_for(person)))


def give(person: Person) -> list[Section]:
    """What a message says is made when it is sent, of the record that it is about."""
    return []


@transaction.atomic
def drop(*, person: Person, by: Actor, at: datetime) -> int:
    """Nothing that waits for these numbers is sent any more. Event: ``notify.person.erased``."""
    if not person.phones:
        return 0
    with acting_as(job()):
        gone = [one.pk for one in waiting_for(person)]
        Outgoing.objects.filter(pk__in=gone).delete()
    if gone:
        record(type="notify.person.erased", subject=person.cause, by=by, at=at, data={"messages": len(gone)})
    return len(gone)


SUBJECTS: Final = Subjects(
    room="notify", label=_("Messages"), find=find, give=give, erase=drop, withhold=drop, holdings=(OUTGOING,)
)

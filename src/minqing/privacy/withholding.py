"""Numbers whose owner has objected: nobody calls back there, and no message goes out, whoever asks for it later.

Kept is a keyed mark of the number and nothing else; it goes with the person when they are erased,
unless somebody else on file has the number.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.privacy.models import Withheld
from minqing.privacy.seal import keyed_digest
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects

PURPOSE: Final = "privacy.withheld"


def mark_of(phone: str) -> bytes:
    return keyed_digest(PURPOSE, phone)


def is_withheld(phone: str) -> bool:
    """Whether the owner of the number (as ``check_phone`` gives it) does not want to be called or written to."""
    return bool(phone) and Withheld.objects.filter(mark=mark_of(phone)).exists()


def withheld_among(phones: Iterable[str]) -> set[str]:
    """Those of the numbers whose owners do not want to be called or written to."""
    marks = {mark_of(one): one for one in phones if one}
    found = Withheld.objects.filter(mark__in=marks).values_list("mark", flat=True) if marks else ()
    return {marks[bytes(one)] for one in found}


def find(person: Person) -> Found:
    return Found(Withheld.objects.filter(mark__in=[mark_of(one) for one in person.phones]).count())


def give(person: Person) -> list[Section]:
    """That somebody objected stands in the request; a mark says nothing that could be read."""
    return []


@transaction.atomic
def withhold(*, person: Person, by: Actor, at: datetime) -> int:
    """From now on. Event: ``privacy.person.withheld``."""
    rows = [Withheld(mark=mark_of(phone), since=at) for phone in sorted(person.phones)]
    Withheld.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        record(type="privacy.person.withheld", subject=person.cause, by=by, at=at, data={"numbers": len(rows)})
    return len(rows)


@transaction.atomic
def forget(*, person: Person, by: Actor, at: datetime) -> int:
    """The marks of numbers that nobody else on file bears. Event: ``privacy.person.erased``."""
    mine = person.phones - person.shared
    gone, _rows = Withheld.objects.filter(mark__in=[mark_of(one) for one in mine]).delete()
    if gone:
        record(type="privacy.person.erased", subject=person.cause, by=by, at=at, data={"numbers": gone})
    return gone


SUBJECTS: Final = Subjects(
    room="privacy",
    label=_("Objections"),
    find=find,
    give=give,
    erase=forget,
    withhold=withhold,
    holdings=(Holding(model="privacy.Withheld", gone=True),),
)

"""Lists that somebody keeps may be named after a person, or search for one: they go with whoever is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.listing.models import SavedFilter
from minqing.org.queries import accounts_ever_over, system_actor
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import ERASER, Found, Holding, Person, Section, Subjects, naming, tells_of, written

FILTER: Final = Holding(model="listing.SavedFilter", gone=True)


def find(person: Person) -> Found:
    """Nothing that could be told: what others keep is theirs until it goes."""
    return Found()


def give(person: Person) -> list[Section]:
    return []


def tells(row: SavedFilter, person: Person) -> bool:
    """Whether its name, or what it searches for, is of the person."""
    return tells_of([row.name, *(value for _name, value in parse_qsl(row.query))], person)


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Delete lists kept under the person's name, or that search for it, of those who work for the person's place.

    Event: ``listing.person.erased``.
    """
    with acting_as(system_actor(ERASER)):
        named = written(person) | naming(person, "name")
        rows = SavedFilter.objects.filter(named, account__in=accounts_ever_over(person.areas))
        gone, _rows = SavedFilter.objects.filter(pk__in=[one.pk for one in rows if tells(one, person)]).delete()
    if gone:
        record(type="listing.person.erased", subject=person.cause, by=by, at=at, data={"lists": gone})
    return gone


SUBJECTS: Final = Subjects(room="listing", label=_("My lists"), find=find, give=give, erase=erase, holdings=(FILTER,))

"""Test cases of routing rules may quote somebody's matter: those that tell of a person who is erased go."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, naming, tells_of
from minqing.routing.models import RouteCase

# somebody's matter, copied: without its words it tries nothing
CASE: Final = Holding(model="routing.RouteCase", gone=True)


def naming_cases(person: Person) -> QuerySet[RouteCase]:
    """What the database finds is read once more: it finds too much rather than too little. A case lies where its set
    does, which may be the county's.
    """
    return RouteCase.objects.filter(pk__in=[pk for scope in person.everywhere for pk in telling(scope)])


def telling(person: Person) -> list[UUID]:
    rows = RouteCase.objects.filter(naming(person, "title", "text", "answers"), area__in=person.areas)
    return [one.pk for one in rows.iterator() if tells_of([one.title, one.text, one.answers], person)]


def find(person: Person) -> Found:
    return Found(naming_cases(person).count())


def give(person: Person) -> list[Section]:
    """Nothing: what a case copies stands in the matter, which is given."""
    return []


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Delete the cases that name the person. Event: ``routing.person.erased``."""
    gone, _rows = naming_cases(person).delete()
    if gone:
        record(type="routing.person.erased", subject=person.cause, by=by, at=at, data={"cases": gone})
    return gone


SUBJECTS: Final = Subjects(
    room="routing", label=_("Routing rules"), find=find, give=give, erase=erase, holdings=(CASE,)
)

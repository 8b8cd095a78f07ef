"""A person's name in what somebody searched for before taking a list out. No list itself is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.exports.models import ExportRequest
from minqing.journal.services import record
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, tells_of, without, written

REQUEST: Final = Holding(model="exports.ExportRequest", covered=("query",))


def covered_query(query: str, person: Person) -> str:
    """The address without the person: other words that were searched for stay."""
    pairs = [(name, without(value, person.words, person)) for name, value in parse_qsl(query, keep_blank_values=True)]
    return urlencode(pairs)


def find(person: Person) -> Found:
    return Found()


def give(person: Person) -> list[Section]:
    return []


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Event: ``exports.person.erased``."""
    covered = sum(map(cover, person.everywhere))
    if covered:
        record(type="exports.person.erased", subject=person.cause, by=by, at=at, data={"requests": covered})
    return covered


def cover(person: Person) -> int:
    """In what was asked in the person's areas; how many changed. A request lies where whoever asked works."""
    asked = ExportRequest.objects.filter(written(person), area__in=person.areas)
    rows = [row for row in asked if tells_of([value for _name, value in parse_qsl(row.query)], person)]
    for row in rows:
        ExportRequest.objects.filter(pk=row.pk).update(query=covered_query(row.query, person)[:1000])
    return len(rows)


SUBJECTS: Final = Subjects(room="exports", label=_("Exports"), find=find, give=give, erase=erase, holdings=(REQUEST,))

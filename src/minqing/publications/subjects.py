"""What is published, or drafted, of a person's matters: it goes when the person is erased, and when they object."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.matters.subjects import raised_by
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects
from minqing.publications.models import Publication

PUBLICATION: Final = Holding(model="publications.Publication", gone=True)
_LABELS: Final = {
    "number": _("Number"),
    "title": _("Headline"),
    "question": _("What it was about"),
    "answer": _("How it was solved"),
}


def of(matters: Collection[UUID]) -> list[Publication]:
    rows = Publication.objects.filter(matter__in=matters).select_related("matter").defer("search")
    return list(rows.order_by("pk"))


def find(person: Person) -> Found:
    return Found(len(of(raised_by(person))))


def give(person: Person) -> list[Section]:
    rows = [
        {"number": one.matter.number, "title": one.title, "question": one.question, "answer": one.answer}
        for one in of(raised_by(person))
    ]
    return [Section("publications", _("For the public"), _LABELS, rows)]


@transaction.atomic
def take_off(*, person: Person, by: Actor, at: datetime) -> int:
    """Delete what was written for the public of the person's matters. Event: ``publications.person.erased``."""
    gone = [one.pk for one in of(raised_by(person))]
    Publication.objects.filter(pk__in=gone).delete()
    if gone:
        record(type="publications.person.erased", subject=person.cause, by=by, at=at, data={"texts": len(gone)})
    return len(gone)


SUBJECTS: Final = Subjects(
    room="publications",
    label=_("For the public"),
    find=find,
    give=give,
    erase=take_off,
    withhold=take_off,
    holdings=(PUBLICATION,),
)

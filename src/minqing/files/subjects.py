"""Pictures of a person. Whose one is, the record knows that holds it; here are those that no record holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.files.models import Attachment
from minqing.files.queries import pictures_of_places, unused_pictures
from minqing.files.services import delete_pictures
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, covered_in, naming

PICTURE: Final = Holding(model="files.Attachment", gone=True, covered=("name",))


def left_by(person: Person, at: datetime | None = None) -> list[UUID]:
    """Pictures sent behind the household's code that no record holds, where the household is that person's alone."""
    if not person.own_homes:
        return []
    sent = Attachment.objects.filter(sent_by__in=[f"resident:household:{home}" for home in person.own_homes])
    rows = unused_pictures(before=at) if at else Attachment.objects.all()
    return list(rows.filter(pk__in=sent.values("pk")).values_list("pk", flat=True))


def find(person: Person) -> Found:
    return Found()


def give(person: Person) -> list[Section]:
    """The records that hold pictures name them."""
    return []


def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Each is told by an event of its own, ``files.picture.deleted``. A file that is called after the person, of a
    record of the place that stays, loses the name: nobody needs that.
    """
    return delete_pictures(ids=left_by(person, at), by=by) + sum(map(forget_name, person.everywhere))


def forget_name(person: Person) -> int:
    named = pictures_of_places(person.areas).filter(naming(person, "name")).order_by("pk")
    return covered_in(named, PICTURE, person)


def delete_unheld(*, ids: Collection[UUID], at: datetime, by: Actor) -> int:
    """Of these pictures those that no record of any room holds any more, with their files."""
    unheld = unused_pictures(before=at).filter(pk__in=ids)
    return delete_pictures(ids=list(unheld.values_list("pk", flat=True)), by=by)


SUBJECTS: Final = Subjects(
    room="files",
    label=_("Photos"),
    find=find,
    give=give,
    erase=erase,
    holdings=(PICTURE,),
)

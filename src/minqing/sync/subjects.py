"""Photos of a person that are still on their way. Whose one is, the room knows whose record names it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects


def find(person: Person) -> Found:
    return Found()


def give(person: Person) -> list[Section]:
    """What has not arrived nobody can look at; what has is the other room's."""
    return []


def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """By :func:`~minqing.sync.services.forget_photos`, which that room calls for its records."""
    return 0


SUBJECTS: Final = Subjects(
    room="sync",
    label=_("Photos"),
    find=find,
    give=give,
    erase=erase,
    holdings=(Holding(model="sync.Photo", gone=True), Holding(model="sync.PhotoPiece", gone=True)),
)

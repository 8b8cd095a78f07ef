"""Photos of a person that are still on their way, and sealed entries that wait. Whose a photo is, the room knows whose
record names it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.privacy.access import one_of
from minqing.privacy.seal import CannotDecrypt
from minqing.privacy.spelling import places_of
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, told_apart
from minqing.sync import serializers
from minqing.sync.enums import Outcome
from minqing.sync.models import Letter
from minqing.sync.services import empty_refused
from minqing.sync.services.letters import unpacked
from minqing.sync.services.taking import read

BUSY: Final = _("A diary that tells of this person was handed in sealed, and nobody has decided about it yet.")


def find(person: Person) -> Found:
    """A letter that is taken after somebody was erased would bring them back: it is decided about first. One that can
    never be taken holds up nobody, and is emptied with them.
    """
    told = letters_of(person)
    waiting = sum(one.outcome != Outcome.REFUSED for one in told)
    return Found(len(told), (BUSY,) if waiting else (), waiting)


def letters_of(person: Person) -> list[Letter]:
    there = Q(one_of("area_id", person.areas)) | Q(area=None)
    waiting = Letter.objects.filter(there, decided_at=None, sha256="").select_related("device")
    return [one for one in waiting if tells_of(person, one)]


def tells_of(person: Person, row: Letter) -> bool:
    """Whether it is about the household, or names the person; one that cannot be read can never be taken."""
    try:
        given = serializers.inside(unpacked(row), row.device)
        text = json.dumps(read(given.body), ensure_ascii=False)
    except (CannotDecrypt, DomainError):
        return False
    if any(str(home) in text.lower() for home in person.households):
        return True
    return bool(places_of(text, *told_apart(person.words, person), person.within))


def give(person: Person) -> list[Section]:
    """What has not arrived nobody can look at; what has is the other room's."""
    return []


def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Letters that could not be taken. Photos go by :func:`~minqing.sync.services.forget_photos`, which that room calls
    for its records.
    """
    return empty_refused(letters=[one.pk for one in letters_of(person)], cause=person.cause, by=by, at=at)


SUBJECTS: Final = Subjects(
    room="sync",
    label=_("Photos"),
    find=find,
    give=give,
    erase=erase,
    holdings=(
        Holding(model="sync.Photo", gone=True),
        Holding(model="sync.PhotoPiece", gone=True),
        Holding(model="sync.Letter", blank={"sealed": b""}),
    ),
)

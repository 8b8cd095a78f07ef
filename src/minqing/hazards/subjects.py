"""What hazards hold of a person: those at their home, and their name in what was written of others."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.files.subjects import delete_unheld
from minqing.hazards.models import Hazard, HazardMore, HazardPhoto
from minqing.journal.services import record
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked, covered_in, naming

HOME: Final = Holding(
    model="hazards.Hazard", blank={"household": None, "place": "", "words": "", "righted": "", "reasons": ""}
)
TEXTS: Final = Holding(model="hazards.Hazard", covered=("place", "words", "righted", "reasons"))
MORE: Final = Holding(model="hazards.HazardMore", covered=("reason",))
_LABELS: Final = {"day": _("Found"), "what": _("Hazard"), "words": _("In words"), "state": _("State")}


def at_home(person: Person) -> QuerySet[Hazard]:
    rows = Hazard.objects.filter(household__in=person.households)
    return rows.select_related("version").order_by("found_at", "pk")


def find(person: Person) -> Found:
    return Found(at_home(person).count())


def give(person: Person) -> list[Section]:
    rows = [
        {
            "day": local_date(one.found_at).isoformat(),
            "what": one.title,
            "words": one.words,
            "state": one.state_label,
        }
        for one in at_home(person)
    ]
    return [Section("hazards", _("Hazards"), _LABELS, rows)]


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """What was found at a home that was theirs alone keeps its checklist and its state, and neither home nor words nor
    photos; their name is covered in all other texts of the place.

    Event: ``hazards.person.erased``.
    """
    own = Hazard.objects.filter(household__in=person.own_homes)
    ids = list(own.order_by("pk").select_for_update().values_list("pk", flat=True))
    blanked(Hazard.objects.filter(pk__in=ids), HOME)
    photos = HazardPhoto.objects.filter(hazard__in=ids)
    pictures = list(photos.values_list("attachment", flat=True))
    photos.delete()
    delete_unheld(ids=pictures, at=at, by=by)
    covered = sum(map(forget_name, person.everywhere))
    if ids or covered:
        data: dict[str, Any] = {"homes": len(ids), "covered": covered, "photos": len(pictures)}
        record(type="hazards.person.erased", subject=person.cause, by=by, at=at, data=data)
    return len(ids) + covered


def forget_name(person: Person) -> int:
    rows = Hazard.objects.filter(naming(person, *TEXTS.covered), area__in=person.areas)
    asked = HazardMore.objects.filter(naming(person, *MORE.covered), hazard__area__in=person.areas)
    return covered_in(rows, TEXTS, person) + covered_in(asked, MORE, person)


SUBJECTS: Final = Subjects(
    room="hazards", label=_("Hazards"), find=find, give=give, erase=erase, holdings=(HOME, TEXTS, MORE)
)

"""What diaries hold of a person, for requests under the law: found, given, erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.files.subjects import delete_unheld
from minqing.journal.services import record
from minqing.privacy.masking import mask
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked, covered_in, naming
from minqing.visits.models import DiaryEntry, HazardCheck, Visit, VisitPhoto

VISIT: Final = Holding(model="visits.Visit", blank={"latitude": None, "longitude": None, "accuracy": None, "datum": ""})
# of a visit in which others were met the words stay, without the name; the person is no longer among those met
ENTRY: Final = Holding(
    model="visits.DiaryEntry", blank={"text": "", "met_people": "", "met_residents": ()}, covered=("text", "met_people")
)
WORDS: Final = Holding(model="visits.DiaryEntry", blank={"text": "", "met_people": ""})
HAZARD: Final = Holding(model="visits.HazardCheck", blank={"note": ""}, covered=("note",))
_LABELS: Final = {"day": _("Day of the visit"), "text": _("What was said")}


def home_visits(person: Person) -> QuerySet[Visit]:
    return Visit.objects.filter(household=person.household) if person.household else Visit.objects.none()


def own_visits(person: Person) -> QuerySet[Visit]:
    """Visits to this person alone: nobody else lives there, or nobody else was met."""
    if person.alone:
        return home_visits(person)
    met = home_visits(person).filter(entry__met_residents=person.resident, entry__met_people="")
    others = DiaryEntry.met_residents.through.objects.exclude(resident=person.resident)
    return met.exclude(entry__in=others.values("diaryentry"))


def find(person: Person) -> Found:
    met = home_visits(person) if person.alone else home_visits(person).filter(entry__met_residents=person.resident)
    return Found(met.count() if person.resident else 0)


def give(person: Person) -> list[Section]:
    """When somebody came, and what was noted of this person alone; other people's names in it are covered."""
    if person.resident is None:
        return []
    own = set(own_visits(person).values_list("pk", flat=True))
    met = home_visits(person) if person.alone else home_visits(person).filter(entry__met_residents=person.resident)
    rows = [
        visit_row(one, own=one.pk in own, person=person) for one in met.select_related("entry").order_by("visited_at")
    ]
    return [Section("visits", _("Visits"), _LABELS, rows)]


def visit_row(visit: Visit, *, own: bool, person: Person) -> dict[str, str]:
    entry = getattr(visit, "entry", None)
    return {
        "day": local_date(visit.visited_at).isoformat(),
        "text": without_others(entry.text, person) if own and entry else "",
    }


def without_others(text: str, person: Person) -> str:
    """The cadre's words with what tells of somebody covered, this person's own name left standing."""
    here = "\ue000"
    return mask(text.replace(person.name, here)).text.replace(here, person.name) if person.name else mask(text).text


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Words, places and photos of visits to this person alone; the name in those to others. That somebody went, when
    and to which household stays: it is the record of the office. Event with the counts.
    """
    own = list(own_visits(person).select_for_update(of=("self",)).order_by("pk"))
    visits = Visit.objects.filter(pk__in=[one.pk for one in own])
    blanked(visits, VISIT)
    blanked(DiaryEntry.objects.filter(visit__in=visits), WORDS)
    blanked(HazardCheck.objects.filter(visit__in=visits), HAZARD)
    photos = VisitPhoto.objects.filter(visit__in=visits)
    ids = list(photos.values_list("attachment", flat=True))
    photos.delete()
    delete_unheld(ids=ids, at=at, by=by)
    covered = forget_name(person)
    if own or covered:
        data: dict[str, Any] = {"visits": len(own), "covered": covered, "photos": len(ids)}
        record(type="visits.person.erased", subject=person.cause, by=by, at=at, data=data)
    return len(own) + covered


def forget_name(person: Person) -> int:
    """Cover the person in what is written of the household, and of others in the place."""
    DiaryEntry.met_residents.through.objects.filter(resident=person.resident).delete()
    home = Q(visit__household=person.household) if person.household else Q(pk__in=[])
    there = Q(area__in=person.areas)
    changed = 0
    for holding, model in ((ENTRY, DiaryEntry), (HAZARD, HazardCheck)):
        linked = model._base_manager.filter(home).order_by("pk")
        changed += covered_in(linked, holding, person, whole=True)
        changed += covered_in(model._base_manager.filter(there & naming(person, *holding.covered)), holding, person)
    return changed


SUBJECTS: Final = Subjects(
    room="visits", label=_("Visits"), find=find, give=give, erase=erase, holdings=(VISIT, ENTRY, WORDS, HAZARD)
)

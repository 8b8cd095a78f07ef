"""What diaries hold of a person, for requests under the law: found, given, erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.files.subjects import delete_unheld
from minqing.households.queries import names_in
from minqing.households.services import held_households
from minqing.journal.services import record
from minqing.org.queries import system_actor
from minqing.privacy.subjects import (
    ERASER,
    Found,
    Holding,
    Person,
    Section,
    Subjects,
    blanked,
    covered_in,
    naming,
    without_others,
)
from minqing.sync.services import forget_photos
from minqing.visits.enums import FileField
from minqing.visits.models import DiaryEntry, FileConflict, Promise, Visit, VisitPhoto
from minqing.visits.queries.files import in_words

VISIT: Final = Holding(model="visits.Visit", blank={"latitude": None, "longitude": None, "accuracy": None, "datum": ""})
# of a visit in which others were met the words stay, without the name; the person is no longer among those met
ENTRY: Final = Holding(
    model="visits.DiaryEntry", blank={"text": "", "met_people": "", "met_residents": ()}, covered=("text", "met_people")
)
WORDS: Final = Holding(model="visits.DiaryEntry", blank={"text": "", "met_people": ""})
PROMISE: Final = Holding(model="visits.Promise", blank={"text": ""}, covered=("text",))
CONFLICT: Final = Holding(model="visits.FileConflict", gone=True)
_LABELS: Final = {"day": _("Day of the visit"), "text": _("What was said")}
_PROMISE_LABELS: Final = {
    "day": _("Day of the visit"),
    "text": _("What was promised"),
    "due_on": _("By when"),
    "kept": _("What became of it"),
}
_CONFLICT_LABELS: Final = {
    "field": _("What is said differently"),
    "value": _("What was written on the phone"),
    "stands": _("On file when it came"),
}


def home_visits(person: Person) -> QuerySet[Visit]:
    return Visit.objects.filter(household__in=person.households)


def met_visits(person: Person) -> QuerySet[Visit]:
    """Visits in which the person was met, in whichever household they lived then."""
    met = DiaryEntry.met_residents.through.objects.filter(resident__in=person.residents).values("diaryentry")
    return Visit.objects.filter(entry__in=met)


def known_visits(person: Person) -> QuerySet[Visit]:
    """Those in which the person was met, and those to a home that is theirs alone."""
    return Visit.objects.filter(pk__in=own_visits(person).values("pk").union(met_visits(person).values("pk")))


def own_visits(person: Person) -> QuerySet[Visit]:
    """Visits to this person alone: nobody else was met, and is not said to have been unless nobody else lives there."""
    alone = met_visits(person).filter(entry__met_people="").values("pk")
    if person.own_homes:
        # not joined by OR: every visit of the county would be looked at
        alone = alone.union(Visit.objects.filter(household__in=person.own_homes).values("pk"))
    met = DiaryEntry.met_residents.through.objects.filter(diaryentry__visit=OuterRef("pk"))
    return Visit.objects.filter(~Exists(met.exclude(resident__in=person.residents)), pk__in=alone)


def own_conflicts(person: Person) -> QuerySet[FileConflict]:
    """Values of fields that are this person's, and of the home of somebody who lives alone."""
    return FileConflict.objects.filter(Q(household__in=person.own_homes) | Q(resident__in=person.residents))


def find(person: Person) -> Found:
    return Found(known_visits(person).count() + own_conflicts(person).count()) if person.residents else Found()


def give(person: Person) -> list[Section]:
    """When somebody came, and what was noted of this person alone, and promised to them; other people's names in it are
    covered. What two have said differently for the person's file.
    """
    if not person.residents:
        return []
    own = set(own_visits(person).values_list("pk", flat=True))
    visits = list(known_visits(person).select_related("entry").order_by("visited_at"))
    promises = list(Promise.objects.filter(visit__in=own).select_related("visit").order_by("made_at", "pk"))
    words = [entry.text for one in visits if (entry := entry_of(one))] + [one.text for one in promises]
    names = names_in("\n".join(words), person.areas)
    rows = [visit_row(one, own=one.pk in own, person=person, names=names) for one in visits]
    told = [conflict_row(one) for one in own_conflicts(person).order_by("received_at", "pk")]
    return [
        Section("visits", _("Visits"), _LABELS, rows),
        Section("promises", _("Promises"), _PROMISE_LABELS, [promise_row(one, person, names) for one in promises]),
        Section("file_conflicts", _("Files that two changed"), _CONFLICT_LABELS, told),
    ]


def conflict_row(one: FileConflict) -> dict[str, str]:
    label = str(FileField(one.field).label)
    return {"field": label, "value": in_words(one, one.value), "stands": in_words(one, one.stands)}


def visit_row(visit: Visit, *, own: bool, person: Person, names: Iterable[str]) -> dict[str, str]:
    entry = entry_of(visit)
    return {
        "day": local_date(visit.visited_at).isoformat(),
        "text": without_others(entry.text, person, names) if own and entry else "",
    }


def promise_row(one: Promise, person: Person, names: Iterable[str]) -> dict[str, str]:
    kept = {True: _("Kept"), False: _("Could not be kept"), None: _("Still to be kept")}[one.kept]
    return {
        "day": local_date(one.visit.visited_at).isoformat(),
        "text": without_others(one.text, person, names),
        "due_on": one.due_on.isoformat(),
        "kept": str(kept),
    }


def entry_of(visit: Visit) -> DiaryEntry | None:
    return getattr(visit, "entry", None)


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Words, places and photos of visits to this person alone; the name in those to others; what two said differently
    for the file, so that nobody puts it back. That somebody went, when and to which household stays: it is the record
    of the office. Event with the counts.
    """
    if person.households:
        # as whoever hands in a diary or a change of the file: what comes later finds the household closed
        held_households(person.households, system_actor(ERASER))
    own = list(own_visits(person).select_for_update(of=("self",), no_key=True).order_by("pk"))
    visits = Visit.objects.filter(pk__in=[one.pk for one in own])
    blanked(visits, VISIT)
    blanked(DiaryEntry.objects.filter(visit__in=visits), WORDS)
    blanked(Promise.objects.filter(visit__in=visits), PROMISE)
    conflicts, _rows = own_conflicts(person).delete()
    # those that come now are in the way first, so that none comes after the others have gone
    owed = forget_photos(things=[f"visit:{one.pk}" for one in own], by=by)
    photos = VisitPhoto.objects.filter(visit__in=visits)
    ids = list(photos.values_list("attachment", flat=True))
    photos.delete()
    delete_unheld(ids=ids, at=at, by=by)
    covered = forget_name(person)
    if own or covered or conflicts:
        data: dict[str, Any] = {
            "visits": len(own),
            "covered": covered,
            "photos": len(ids),
            "owed": owed,
            "conflicts": conflicts,
        }
        record(type="visits.person.erased", subject=person.cause, by=by, at=at, data=data)
    return len(own) + covered + conflicts


def forget_name(person: Person) -> int:
    """Cover the person in what is written of the household, of visits in which they were met, and of others there."""
    visits = [*home_visits(person).values_list("pk", flat=True), *met_visits(person).values_list("pk", flat=True)]
    DiaryEntry.met_residents.through.objects.filter(resident__in=person.residents).delete()
    home = Q(visit__in=visits)
    there = Q(area__in=person.areas)
    changed = 0
    for holding, model in ((ENTRY, DiaryEntry), (PROMISE, Promise)):
        linked = model._base_manager.filter(home).order_by("pk")
        changed += covered_in(linked, holding, person, whole=True)
        changed += covered_in(model._base_manager.filter(there & naming(person, *holding.covered)), holding, person)
    return changed


SUBJECTS: Final = Subjects(
    room="visits",
    label=_("Visits"),
    find=find,
    give=give,
    erase=erase,
    holdings=(VISIT, ENTRY, WORDS, PROMISE, CONFLICT),
)

"""What matters hold of a person, for requests under the law: found, given, corrected, erased, withheld."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import fold_name
from minqing.core.clock import local_date
from minqing.core.formats import check_phone
from minqing.files.subjects import delete_unheld
from minqing.households.queries import names_in
from minqing.households.subjects import is_others
from minqing.journal.services import record
from minqing.matters.enums import OPEN, State
from minqing.matters.models import (
    CallBack,
    Confirmation,
    Evidence,
    Extension,
    Matter,
    Part,
    Reporter,
    Step,
    Supervision,
)
from minqing.matters.queries.clocks import IN_ORDER
from minqing.matters.words import vector
from minqing.privacy.fields import indexes_of
from minqing.privacy.subjects import (
    GONE,
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

MATTER: Final = Holding(
    model="matters.Matter",
    blank={
        "title": GONE,
        "text": "",
        "answers": {},
        "outcome_note": "",
        "household": None,
        "place": "",
        "latitude": None,
        "longitude": None,
        "datum": "",
        "ticket": None,
        "search": None,
    },
    covered=("title", "text", "answers", "outcome_note", "place"),
)
REPORTER: Final = Holding(model="matters.Reporter", gone=True)
STEP: Final = Holding(model="matters.Step", blank={"text": "", "aside": ""}, covered=("text", "aside"))
CONFIRMATION: Final = Holding(model="matters.Confirmation", blank={"text": ""}, covered=("text",))
PART: Final = Holding(
    model="matters.Part",
    blank={"task": GONE, "reply": "", "outcome_note": ""},
    covered=("task", "reply", "outcome_note"),
)
EXTENSION: Final = Holding(model="matters.Extension", blank={"reason": GONE}, covered=("reason",))
SUPERVISION: Final = Holding(model="matters.Supervision", blank={"order": GONE}, covered=("order",))
# what hangs on a matter; of each its words go
HANGING: Final[tuple[tuple[Holding, Any], ...]] = (
    (STEP, Step),
    (CONFIRMATION, Confirmation),
    (PART, Part),
    (EXTENSION, Extension),
    (SUPERVISION, Supervision),
)
CORRECTS: Final[Mapping[str, Any]] = {"name": _("Name"), "phone": _("Telephone")}
_LABELS: Final[Mapping[str, Any]] = {
    "number": _("Number"),
    "received": _("Received"),
    "state": _("State"),
    "title": _("Title"),
    "text": _("Text"),
    "place": _("Place"),
    "name": _("Reporter"),
    "phone": _("Telephone"),
    "contact": _("How to reach them"),
    "answer": _("Answer"),
    "word": _("What the reporter said of it"),
}


def raised_by(person: Person) -> list[UUID]:
    """Matters that the person raised, by name and number together: a number alone may be a whole family's.

    One without a name is theirs only where it can be nobody else's, and never one that was told in confidence: whoever
    hid the name hid it from the family too.
    """
    phones = [one for phone in person.phones for one in indexes_of(Reporter, "phone_index", phone)]
    at_home = Q(matter__household__in=person.households)
    rows = list(Reporter.objects.filter(Q(phone_index__in=phones) | at_home))
    named = [one.matter_id for one in rows if fold_name(one.name) == fold_name(person.name)]
    return sorted({*named, *nameless(person, [one for one in rows if not fold_name(one.name)])})


def nameless(person: Person, rows: list[Reporter]) -> list[UUID]:
    """Of reports without a name those that the person must have made."""
    own = {phone for phone in person.phones if is_own(person, phone)}
    open_ones = Matter.objects.filter(confidential=False)
    there = [id for one in person.everywhere for id in one.areas]
    by_number = open_ones.filter(area__in=there, pk__in=[one.matter_id for one in rows if one.phone in own])
    found = list(by_number.values_list("pk", flat=True))
    if person.own_homes:
        # nobody else can have raised them; a neighbour who reported for the household has a name of their own
        silent = Q(reporter=None) | Q(pk__in=[one.matter_id for one in rows if not one.phone])
        found += open_ones.filter(silent, household__in=person.own_homes).values_list("pk", flat=True)
    return found


def is_own(person: Person, phone: str) -> bool:
    """Whether nobody else, on file or among those who reported, bears the number."""
    told = Reporter.objects.filter(phone_index__in=indexes_of(Reporter, "phone_index", phone))
    names = {fold_name(one.name) for one in told} - {"", fold_name(person.name)}
    return not names and not is_others(person, phone)


def find(person: Person) -> Found:
    mine = Matter.objects.filter(pk__in=raised_by(person))
    open_ones = sorted(mine.filter(state__in=OPEN | {State.FINISHED}).values_list("number", flat=True))
    busy = _("These are still being handled: %(numbers)s") % {"numbers": "、".join(open_ones)}
    return Found(mine.count(), (busy,) if open_ones else (), len(open_ones))


def give(person: Person) -> list[Section]:
    """What the person said, what was answered, and their word on it; nobody who worked on it is named."""
    rows = Matter.objects.filter(pk__in=raised_by(person)).select_related("reporter").order_by("received_at")
    told = [(one, answer_of(one)) for one in rows.defer("search")]
    # the answer is somebody else's, and may tell of a neighbour
    names = names_in("\n".join(answer for _one, answer in told), person.areas)
    lines = [matter_row(one, without_others(answer, person, names)) for one, answer in told]
    return [Section("matters", _("Matters"), _LABELS, lines)]


def answer_of(one: Matter) -> str:
    answers = one.steps.filter(public=True, move="finish").order_by("at").values_list("text", flat=True)
    return "\n".join(filter(None, [*answers, one.outcome_note]))


def matter_row(one: Matter, answer: str) -> dict[str, str]:
    reporter = getattr(one, "reporter", None)
    words = one.confirmations.exclude(text="").order_by("at").values_list("text", flat=True)
    return {
        "number": one.number,
        "received": local_date(one.received_at).isoformat(),
        "state": one.state_label,
        "title": one.title,
        "text": one.text,
        "place": one.place,
        "name": reporter.name if reporter else "",
        "phone": reporter.phone if reporter else "",
        "contact": reporter.contact if reporter else "",
        "answer": answer,
        "word": "\n".join(words),
    }


def named_in(person: Person) -> QuerySet[Matter]:
    """Matters of the place whose words may tell of the person."""
    return Matter.objects.filter(naming(person, *MATTER.covered), area__in=person.areas)


def locked(ids: Collection[UUID]) -> list[UUID]:
    """Those of the matters that are there, locked in the one order of the room: what hangs on them is under it."""
    rows = Matter.objects.select_for_update().filter(pk__in=ids).order_by(*IN_ORDER)
    return [one.pk for one in rows.only("pk")]


@transaction.atomic
def correct(*, person: Person, values: Mapping[str, str], by: Actor, at: datetime) -> int:
    """Name and number of the reporter, in each matter that the person raised by name; one without a name keeps none.

    Event: ``matters.person.corrected``.
    """
    found = Reporter.objects.filter(matter__in=locked(raised_by(person))).order_by("matter")
    rows = [one for one in found if fold_name(one.name) == fold_name(person.name)]
    for row in rows:
        row.name = fold_name(values["name"]) if values.get("name") else row.name
        row.phone = check_phone(values["phone"]) if values.get("phone") else row.phone
        row.save(update_fields=["name", "phone", "phone_index"])
    if rows:
        data: dict[str, Any] = {"matters": len(rows), "fields": sorted(values)}
        record(type="matters.person.corrected", subject=person.cause, by=by, at=at, data=data)
    return len(rows)


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Of matters that the person raised every word, place, picture and the private link; that there was one, of which
    kind, when and how it ended stays. In others' the person is covered. Event: ``matters.person.erased``.
    """
    ids = raised_by(person)
    # at once with the others': two erasures, or one beside who merges, would each hold what the other one needs
    locked({*ids, *(id for one in person.everywhere for id in named_in(one).values_list("pk", flat=True))})
    pictures = Evidence.objects.filter(matter__in=ids)
    held = list(pictures.values_list("attachment", flat=True))
    pictures.delete()
    Reporter.objects.filter(matter__in=ids).delete()
    for holding, model in HANGING:
        blanked(model.objects.filter(matter__in=ids), holding)
    blanked(Matter.objects.filter(pk__in=ids), MATTER)
    CallBack.objects.filter(matter__in=ids, done_at=None).delete()
    delete_unheld(ids=held, at=at, by=by)
    covered = sum(map(cover_elsewhere, person.everywhere))
    if ids or covered:
        data: dict[str, Any] = {"matters": len(ids), "covered": covered, "pictures": len(held)}
        record(type="matters.person.erased", subject=person.cause, by=by, at=at, data=data)
    return len(ids) + covered


def cover_elsewhere(person: Person) -> int:
    """The person in other people's matters of the place."""
    named = list(named_in(person).defer("search"))
    changed = covered_in(named, MATTER, person)
    for one in Matter.objects.filter(pk__in=[one.pk for one in named]).defer("search"):
        Matter.objects.filter(pk=one.pk).update(search=vector(one.title, one.text, one.number, one.place))
    for holding, model in HANGING:
        rows = model.objects.filter(matter__area__in=person.areas)
        changed += covered_in(rows.filter(naming(person, *holding.covered)), holding, person)
    return changed


@transaction.atomic
def withhold(*, person: Person, by: Actor, at: datetime) -> int:
    """Nobody calls back, and nothing is published, on account of matters that the person raised.

    Event: ``matters.person.withheld``.
    """
    ids = locked(raised_by(person))
    Matter.objects.filter(pk__in=ids).update(objection=True)
    calls, _rows = CallBack.objects.filter(matter__in=ids, done_at=None).delete()
    if ids:
        data: dict[str, Any] = {"matters": len(ids), "calls": calls}
        record(type="matters.person.withheld", subject=person.cause, by=by, at=at, data=data)
    return len(ids)


SUBJECTS: Final = Subjects(
    room="matters",
    label=_("Matters"),
    find=find,
    give=give,
    erase=erase,
    correct=correct,
    withhold=withhold,
    corrects=CORRECTS,
    holdings=(MATTER, REPORTER, STEP, CONFIRMATION, PART, EXTENSION, SUPERVISION),
)

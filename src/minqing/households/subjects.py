"""What household files hold of a person, for requests under the law: found, given, corrected, erased."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.formats import check_date
from minqing.households.enums import Datum, Relation, Sex, TagSource
from minqing.households.models import Household, HouseholdCode, Resident, TagGrant
from minqing.households.queries import visible_resident, visible_residents
from minqing.households.queries.duplicates import merged_into
from minqing.households.queries.names import longer_names, names_in
from minqing.households.rules.values import PERSON
from minqing.households.services import save_resident
from minqing.journal.queries import events_between
from minqing.journal.services import record
from minqing.org.queries import areas_below, township_over
from minqing.privacy.access import one_of
from minqing.privacy.fields import indexes_of
from minqing.privacy.subjects import (
    Found,
    Holding,
    Person,
    Place,
    Section,
    Subjects,
    blanked,
    covered_in,
    naming,
    without_others,
)

RESIDENT: Final = Holding(model="households.Resident", gone=True)
GRANT: Final = Holding(model="households.TagGrant", gone=True, covered=("reason",))
DUPLICATE: Final = Holding(model="households.Duplicate", gone=True)
CODE: Final = Holding(model="households.HouseholdCode", gone=True)
# of a home in which others live on the place stays, and the note loses the name
HOME: Final = Holding(
    model="households.Household",
    blank={"address": "", "latitude": None, "longitude": None, "datum": Datum.WGS84.value, "note": ""},
    covered=("note",),
)
NOTE: Final = Holding(model="households.Household", covered=("note",))
CORRECTS: Final[Mapping[str, Any]] = {
    "name": _("Name"),
    "born_on": _("Born on"),
    "identity_number": _("Identity number"),
    "phone": _("Telephone"),
}
CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    **PERSON,
    "born_on": lambda text: str(PERSON["born_on"](check_date(text)).isoformat()),
}


def person_of(by: Actor, resident_id: UUID, *, cause: str) -> Person:
    """Somebody on file, as all rooms find them; NotFound where ``by`` may not know of that person."""
    one = visible_resident(by, resident_id, left=True)
    home = Household.objects.select_related("area").get(pk=one.household_id)
    return Person(
        cause=cause,
        name=one.name,
        phones=frozenset(filter(None, [one.phone])),
        identity_number=one.identity_number,
        resident=one.pk,
        household=home.pk,
        alone=not shared(home, one),
        address=home.address,
        **surroundings(by, one.name, home.area.path, but=one.pk),
    )


def surroundings(by: Actor, name: str, path: str, *, but: UUID | None = None) -> dict[str, Any]:
    """Where somebody of that name is told of whose home, or whose office, is the area of that path: the fields of
    :class:`Person` for the township, and for what lies above it.
    """
    township = township_over(path)
    root = township.path if township else path
    areas = areas_below([root])
    told = {"areas": areas, "namesakes": bears_name(by, name, areas, but=but), "within": longer_names(name, areas)}
    over = frozenset(int(part) for part in root.split(".") if part) - areas
    if not over:
        return told
    county = areas_below([f"{root.partition('.')[0]}."])
    wide = Place(areas=over, namesakes=bears_name(by, name, county, but=but), within=longer_names(name, county))
    return {**told, "above": wide}


def shared(home: Household, one: Resident) -> bool:
    """Whether anybody else was ever on file in the household: also who left, moved on, or was erased."""
    others = Resident.objects.filter(household=home).exclude(pk=one.pk)
    here = events_between().filter(subject=f"household:{home.pk}", type__startswith="households.resident.")
    gone = events_between().filter(type="households.resident.moved", data__from=str(home.pk))
    told = [rows.exclude(data__resident=str(one.pk)).exists() for rows in (here, gone)]
    return others.exists() or any(told)


def bears_name(by: Actor, name: str, areas: frozenset[int], *, but: UUID | None = None) -> bool:
    """Whether somebody on file in these areas bears the name, ``but`` for one."""
    rows = visible_residents(by).filter(one_of("area_id", areas), name=name)
    return (rows.exclude(pk=but) if but else rows).exists()


def is_others(person: Person, phone: str) -> bool:
    """Whether anybody else on file, wherever, has or had the number."""
    rows = Resident.objects.filter(phone_index__in=indexes_of(Resident, "phone_index", phone))
    return (rows.exclude(pk=person.resident) if person.resident else rows).exists()


def find(person: Person) -> Found:
    if person.resident is None:
        return Found()
    return Found(people_of(person).count() + grants_of(person).count())


def people_of(person: Person) -> QuerySet[Resident]:
    """The entry of the person, and those that ended when they were made one with it."""
    if person.resident is None:
        return Resident.objects.none()
    merged = merged_into(person.resident).values_list("pk", flat=True)
    return Resident.objects.filter(pk__in=[person.resident, *merged])


def give(person: Person) -> list[Section]:
    """The person as on file, the home's address, and the person's tags; in their reasons others are covered."""
    rows, grants = people_of(person).select_related("household__area"), list(grants_of(person))
    names = names_in("\n".join(one.reason for one in grants), person.areas)
    return [
        Section("person", _("Household file"), _LABELS, [resident_row(one) for one in rows]),
        Section("tags", _("Tags"), _TAG_LABELS, [tag_row(one, person, names) for one in grants]),
    ]


_LABELS: Final[Mapping[str, Any]] = {
    "name": _("Name"),
    "relation": _("Relation to the head"),
    "sex": _("Sex"),
    "born_on": _("Born on"),
    "identity_number": _("Identity number"),
    "phone": _("Telephone"),
    "lives_here": _("Lives here"),
    "household": _("Household number"),
    "address": _("Address"),
}
_TAG_LABELS: Final[Mapping[str, Any]] = {
    "tag": _("Tag"),
    "reason": _("Why"),
    "source": _("How it is known"),
    "granted": _("Given on"),
    "expires": _("Runs out on"),
}


def resident_row(one: Resident) -> dict[str, str]:
    return {
        "name": one.name,
        "relation": str(Relation(one.relation).label),
        "sex": str(Sex(one.sex).label),
        "born_on": one.born_on.isoformat() if one.born_on else "",
        "identity_number": one.identity_number,
        "phone": one.phone,
        "lives_here": str(_("Yes") if one.lives_here else _("No")),
        "household": one.household.number,
        "address": one.household.address,
    }


def grants_of(person: Person) -> Any:
    """The person's own; those of the household too where nobody else ever lived in it."""
    rows = TagGrant.objects.filter(household=person.household).select_related("tag").order_by("granted_at", "pk")
    own = Q(resident=person.resident, resident__isnull=False)
    return rows.filter(own | Q(resident=None)) if person.alone and person.household else rows.filter(own)


def tag_row(one: TagGrant, person: Person, names: Iterable[str]) -> dict[str, str]:
    return {
        "tag": one.tag.name,
        "reason": without_others(one.reason, person, names),
        "source": str(TagSource(one.source).label),
        "granted": one.granted_at.date().isoformat(),
        "expires": one.expires_on.isoformat(),
    }


@transaction.atomic
def correct(*, person: Person, values: Mapping[str, str], by: Actor, at: datetime) -> int:
    """Correct the file as its own form would; the event is ``households.resident.updated``."""
    if person.resident is None or person.household is None:
        return 0
    given: dict[str, Any] = {name: value for name, value in values.items() if name in CORRECTS}
    if "born_on" in given:
        given["born_on"] = check_date(given["born_on"])
    name = given.pop("name", person.name)
    _row, outcome = save_resident(id=person.resident, household_id=person.household, name=name, by=by, at=at, **given)
    return int(outcome == "updated")


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """The person, their tags and, of a home that is theirs alone, its place, note and code; event with the counts."""
    people, tags = erase_at_home(person, person.household, at) if person.household else (0, 0)
    covered = cover_elsewhere(person)
    if people or tags or covered:
        data: dict[str, Any] = {"people": people, "tags": tags, "covered": covered}
        record(type="households.person.erased", subject=person.cause, by=by, at=at, data=data)
    return people + tags + covered


def erase_at_home(person: Person, household: UUID, at: datetime) -> tuple[int, int]:
    """How many people and tags that were."""
    home = Household.objects.select_for_update().get(pk=household)
    people = people_of(person).select_for_update()
    gone = people.count()
    grants = grants_of(person)
    tags = grants.count()
    grants.delete()
    covered_in(TagGrant.objects.filter(household=home), GRANT, person, whole=True)
    people.delete()
    if person.alone:
        HouseholdCode.objects.filter(household=home).delete()
        blanked(Household.objects.filter(pk=home.pk), HOME)
        Household.objects.filter(pk=home.pk, closed_at=None).update(closed_at=at, changed_at=at)
    else:
        covered_in([home], HOME, person, whole=True)
    return gone, tags


def cover_elsewhere(person: Person) -> int:
    """The person in notes and reasons of other households of the place."""
    homes = Household.objects.filter(naming(person, "note"), area__in=person.areas)
    grants = TagGrant.objects.filter(naming(person, "reason"), household__area__in=person.areas)
    return covered_in(homes, NOTE, person) + covered_in(grants, GRANT, person)


SUBJECTS: Final = Subjects(
    room="households",
    label=_("Household files"),
    find=find,
    give=give,
    erase=erase,
    correct=correct,
    corrects=CORRECTS,
    checks=CHECKS,
    holdings=(RESIDENT, DUPLICATE, GRANT, CODE, HOME, NOTE),
)

"""What household files hold of a person, for requests under the law: found, given, corrected, erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
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
from minqing.households.queries.merges import entries_of
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
MOVE: Final = Holding(model="households.Move", gone=True)
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
    """Somebody on file, as all rooms find them; NotFound where ``by`` may not know of that person. Of an entry that
    ended when it was made one with another it is the same person as of that other.
    """
    visible_resident(by, resident_id, left=True)
    kept, merged = entries_of(resident_id)
    one = visible_resident(by, kept, left=True)
    rows = list(Resident.objects.filter(pk__in=merged).select_related("household__area").order_by("pk"))
    home = Household.objects.select_related("area").get(pk=one.household_id)
    ids, homes = {kept, *merged}, {row.household_id: row.household for row in rows if row.household_id != home.pk}
    return Person(
        cause=cause,
        name=one.name,
        phones=frozenset(filter(None, [one.phone, *(row.phone for row in rows)])),
        identity_number=one.identity_number,
        resident=one.pk,
        household=home.pk,
        alone=not shared(home, ids),
        merged=merged,
        left=frozenset(homes),
        lone=frozenset(pk for pk, left in homes.items() if not shared(left, ids)),
        address=home.address,
        **surroundings(by, one.name, home.area.path, *(left.area.path for left in homes.values()), but=ids),
    )


def surroundings(by: Actor, name: str, *paths: str, but: Collection[UUID] = ()) -> dict[str, Any]:
    """Where somebody of that name is told of whose homes, or whose office, are the areas of these paths: the fields of
    :class:`Person` for the township, and for what lies above it. ``but``: their own entries.
    """
    roots = sorted({township.path if (township := township_over(path)) else path for path in paths})
    areas = areas_below(roots)
    told = {"areas": areas, "namesakes": bears_name(by, name, areas, but=but), "within": longer_names(name, areas)}
    over = frozenset(int(part) for root in roots for part in root.split(".") if part) - areas
    if not over:
        return told
    county = areas_below(sorted({f"{root.partition('.')[0]}." for root in roots}))
    wide = Place(areas=over, namesakes=bears_name(by, name, county, but=but), within=longer_names(name, county))
    return {**told, "above": wide}


def shared(home: Household, ids: Collection[UUID]) -> bool:
    """Whether anybody but the one whose entries these are was ever on file in the household: also who left, moved on,
    or was erased.
    """
    others = Resident.objects.filter(household=home).exclude(pk__in=ids)
    here = events_between().filter(subject=f"household:{home.pk}", type__startswith="households.resident.")
    gone = events_between().filter(type="households.resident.moved", data__from=str(home.pk))
    for id in ids:
        here, gone = here.exclude(data__resident=str(id)), gone.exclude(data__resident=str(id))
    # whom a pair that was taken apart names may have lived elsewhere
    return others.exists() or here.exclude(type="households.resident.parted").exists() or gone.exists()


def bears_name(by: Actor, name: str, areas: frozenset[int], *, but: Collection[UUID] = ()) -> bool:
    """Whether somebody on file in these areas bears the name, ``but`` for one, whose entries these are."""
    return visible_residents(by).filter(one_of("area_id", areas), name=name).exclude(pk__in=but).exists()


def is_others(person: Person, phone: str) -> bool:
    """Whether anybody else on file, wherever, has or had the number."""
    rows = Resident.objects.filter(phone_index__in=indexes_of(Resident, "phone_index", phone))
    return rows.exclude(pk__in=person.residents).exists()


def find(person: Person) -> Found:
    return Found(people_of(person).count() + grants_of(person).count())


def people_of(person: Person) -> QuerySet[Resident]:
    """The entry of the person, and those that ended when they were made one with it."""
    return Resident.objects.filter(pk__in=person.residents).order_by("pk")


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
    """The person's own; those of a household too where nobody else ever lived in it."""
    rows = TagGrant.objects.filter(household__in=person.households).select_related("tag").order_by("granted_at", "pk")
    return rows.filter(Q(resident__in=person.residents) | Q(resident=None, household__in=person.own_homes))


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
    people, tags = erase_at_home(person, at)
    covered = cover_elsewhere(person)
    if people or tags or covered:
        data: dict[str, Any] = {"people": people, "tags": tags, "covered": covered}
        record(type="households.person.erased", subject=person.cause, by=by, at=at, data=data)
    return people + tags + covered


def erase_at_home(person: Person, at: datetime) -> tuple[int, int]:
    """How many entries and tags that were, in all households in which the person is on file."""
    homes = list(Household.objects.select_for_update().filter(pk__in=person.households).order_by("pk"))
    gone = len(people_of(person).select_for_update())
    grants = grants_of(person)
    tags = grants.count()
    grants.delete()
    covered_in(TagGrant.objects.filter(household__in=homes), GRANT, person, whole=True)
    people_of(person).delete()
    own = Household.objects.filter(pk__in=person.own_homes)
    HouseholdCode.objects.filter(household__in=own).delete()
    blanked(own, HOME)
    own.filter(closed_at=None).update(closed_at=at, changed_at=at)
    covered_in([home for home in homes if home.pk not in person.own_homes], HOME, person, whole=True)
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
    holdings=(RESIDENT, DUPLICATE, MOVE, GRANT, CODE, HOME, NOTE),
)

"""A household's file and lists of households, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.formats import mask_identity, mask_phone
from minqing.households.enums import Relation, Sex
from minqing.households.models import Household, HouseholdCode, Resident
from minqing.households.queries.merges import last_kept, merges_of
from minqing.households.queries.visibility import visible_households, visible_residents
from minqing.journal.queries import with_data
from minqing.org.enums import FIELD
from minqing.org.queries import accounts_over, system_actor
from minqing.privacy.access import acting_as, one_of, transaction_as

# how many homes are looked at for one whom somebody visits
PROVED = 100

# the head first, then as a family is told: spouse, children, parents …
ORDER = {relation.value: place for place, relation in enumerate(Relation)}


@dataclass(frozen=True, slots=True)
class Row:
    """One household in a list. ``matched`` names who was found, when it is not the head."""

    id: UUID
    number: str
    address: str
    village: str
    head: str
    closed: bool
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household; numbers are masked, and empty where not known."""

    id: UUID
    name: str
    relation: Relation
    sex: Sex
    age: int | None
    lives_here: bool
    phone: str
    identity_number: str


@dataclass(frozen=True, slots=True)
class MemberName:
    """One person of a household, by name alone; ``pinyin`` are the initials by which the name is found."""

    household_id: UUID
    id: UUID
    name: str
    pinyin: str
    relation: Relation
    age: int | None
    lives_here: bool


@dataclass(slots=True)
class HouseholdArea:
    """Which household, and in which area it lies."""

    id: UUID
    area_id: int


def visible_household(actor: Actor, household_id: UUID) -> Household:
    """One household with its area and the area above; NotFound if the actor may not know of it."""
    found = visible_households(actor).select_related("area__parent").filter(pk=household_id).first()
    if found is None:
        raise NotFound("no_household")
    return found


def visible_resident(actor: Actor, resident_id: UUID, *, left: bool = False) -> Resident:
    """One person, with the household; NotFound if the actor may not know of it. Also one who has ``left``, if asked."""
    found = visible_residents(actor).select_related("household").filter(pk=resident_id).first()
    if found is None or (found.left_at is not None and not left):
        raise NotFound("no_resident")
    return found


def check_home(by: Actor, *, area_id: int, household_id: UUID | None, resident_id: UUID | None = None) -> None:
    """Raises NotFound unless that household lies in that area and that person lives in it: ids come from outside.

    A resident knows of their own household alone.
    """
    if by.kind == "resident" and (household_id is None or by.household != household_id):
        raise NotFound("no_household")
    if household_id is None:
        if resident_id is not None:
            raise NotFound("no_resident")
        return
    with acting_as(system_actor("households.home")) as system:
        if visible_household(system, household_id).area_id != area_id:
            raise NotFound("no_household")
        if resident_id is not None and visible_resident(system, resident_id).household_id != household_id:
            raise NotFound("no_resident")


def village_of(household: Household) -> str:
    """``棠溪村`` or, for a grid, ``棠溪村 第二网格``; the household's area and its parent must be joined."""
    area = household.area
    if area.level != "grid" or area.parent is None or area.name.startswith(area.parent.name):
        return str(area.name)
    return f"{area.parent.name} {area.name}"


def village_alone(household: Household) -> str:
    """``棠溪村``, of a grid too: what is said of the village as a whole is headed by it."""
    area = household.area
    return str(area.parent.name if area.level == "grid" and area.parent else area.name)


def heads_of(actor: Actor, household_ids: Iterable[UUID]) -> dict[UUID, str]:
    heads = visible_residents(actor).filter(
        household_id__in=list(household_ids), relation=Relation.HEAD.value, left_at=None
    )
    return dict(heads.values_list("household_id", "name"))


def rows_of(
    actor: Actor, households: Sequence[Household], matched: Mapping[UUID, Sequence[str]] | None = None
) -> list[Row]:
    """Rows for households that were read with ``select_related("area__parent")``: one query, for their heads."""
    heads = heads_of(actor, [household.pk for household in households])
    matched = matched or {}
    return [
        Row(
            id=household.pk,
            number=household.number,
            address=household.address,
            village=village_of(household),
            head=heads.get(household.pk, ""),
            closed=household.closed_at is not None,
            matched=tuple(name for name in matched.get(household.pk, ()) if name != heads.get(household.pk)),
        )
        for household in households
    ]


def members_of(actor: Actor, household_id: UUID, *, on: date | None = None) -> list[Member]:
    """The people of a household, the head first; one query."""
    on = on or clock.today()
    people = visible_residents(actor).filter(household_id=household_id, left_at=None)
    return sorted((member(person, on) for person in people), key=lambda one: (ORDER[one.relation], -(one.age or 0)))


def family_of(actor: Actor, household_id: UUID) -> list[Resident]:
    """The people of a household, and those who have moved from it to another one, or stand in another one since an
    entry of theirs here was made one with that.
    """
    moved = with_data("households.resident.moved", **{"from": str(household_id)})
    were = {UUID(id) for id in moved.values_list("data__resident", flat=True)}
    ended = visible_residents(actor).filter(household_id=household_id).exclude(left_at=None)
    into = merges_of(were | set(ended.values_list("pk", flat=True)))
    there = Q(household_id=household_id) | Q(pk__in=were | {last_kept(id, into) for id in into})
    return list(visible_residents(actor).filter(there, left_at=None).select_related("household").order_by("pk"))


def names_of_members(actor: Actor, household_ids: Iterable[UUID]) -> list[MemberName]:
    """The people of many households, of each the head first; one query, and no number of anybody is read."""
    today = clock.today()
    people = visible_residents(actor).filter(household_id__in=list(household_ids), left_at=None)
    rows = people.values_list("household_id", "id", "name", "pinyin", "relation", "born_on", "lives_here")
    named = [MemberName(home, id, name, pinyin, Relation(kind), age_of(born, today), here)
             for home, id, name, pinyin, kind, born, here in rows.order_by("id")]  # fmt: skip
    return sorted(named, key=lambda one: (ORDER[one.relation], -(one.age or 0)))


def places_of_homes(ids: Iterable[UUID]) -> list[HouseholdArea]:
    """Where these households lie, for whoever may see them."""
    return [HouseholdArea(*row) for row in Household.objects.filter(pk__in=list(ids)).values_list("pk", "area_id")]


def member(person: Resident, on: date) -> Member:
    return Member(
        id=person.pk,
        name=person.name,
        relation=Relation(person.relation),
        sex=Sex(person.sex),
        age=age_of(person.born_on, on),
        lives_here=person.lives_here,
        phone=mask_phone(person.phone) if person.phone else "",
        identity_number=mask_identity(person.identity_number) if person.identity_number else "",
    )


def age_of(born: date | None, on: date) -> int | None:
    """Full years; someone born on 29 February is a year older from 1 March."""
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def open_households(areas: Iterable[int]) -> int:
    """Households that are not closed, in areas of these ids."""
    return Household.objects.filter(one_of("area_id", areas), closed_at=None).count()


def how_many() -> int:
    """Households that are not closed, in the whole county."""
    with transaction_as(system_actor("households.count")):
        return Household.objects.filter(closed_at=None).count()


def codes_given() -> int:
    """Household codes that are in force, in the whole county."""
    with transaction_as(system_actor("households.count")):
        return HouseholdCode.objects.filter(revoked_at=None).count()


def a_file_that_opens() -> tuple[UUID, str] | None:
    """Some household with people in it, and who may open its file; None where there is neither yet."""
    with transaction_as(system_actor("households.proof")):
        homes = Household.objects.filter(closed_at=None, residents__left_at=None).order_by("id").distinct()
        for home in homes[:PROVED]:
            found = accounts_over(home.area_id, FIELD)
            if found:
                return found[0], reverse("households:file", args=[home.pk])
    return None

"""Finding a household by what a cadre has: a name, its initials, a number, a telephone, a part of an address.

Row-level security lets an index be used only with leakproof operators: ``=``, ``<``, ``>=`` on text are, LIKE is
not. So a beginning is looked for as a range (``'张' ≤ name < '张' + the last character there is``): of the name; where
none begins so, of what follows its first sign or its second, which is how a given name alone is found. Parts of
numbers and addresses (``177``, ``老街177号``) are found by the pairs of signs in them (``@@``, decision 0077) and then
looked at. A single sign is the beginning of a number and no part of anything.

What is frequent is never sorted: the first few hundred that the index gives are enough, since fifty are shown and the
page says that there are more. Sorting the people of a surname for fifty of them took a county's office 30 ms.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Literal
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Replace

from minqing.core.actor import Actor
from minqing.core.characters import DOT, HAN, fold_name
from minqing.core.errors import FormatError
from minqing.core.formats import check_identity_number, check_phone, normalise_text
from minqing.households.codes import is_address
from minqing.households.enums import Relation
from minqing.households.models import Household, Resident
from minqing.households.queries.doors import code_state
from minqing.households.queries.files import Row, rows_of, village_of
from minqing.households.queries.visibility import visible_households, visible_residents
from minqing.households.rules import is_residents, number_readings
from minqing.org.queries import is_office_phone
from minqing.privacy.fields import indexes_of

SearchKind = Literal["nothing", "identity", "phone", "tail", "initials", "number", "name", "address"]

MOST = 50
# a shorter part stands in almost every address and number
SHORTEST_PART = 2
# of so many places those with the shortest address come first
MOST_PLACES = 8 * MOST
# of a long part the pairs at its end, which tell the most, and the first one; each more costs the index time
LAST_PAIRS = 5
# a landline of a large family, or of a home where several live
MOST_CALLERS = 20
LAST = "\U0010ffff"
CHINESE = re.compile(f"[{HAN}{DOT}]")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose telephone number it is, with the household; ``path`` is that of the household's area."""

    id: UUID
    name: str
    relation: str
    household: UUID
    address: str
    village: str
    area: int
    path: str


@dataclass(frozen=True, slots=True)
class Found:
    """``rows``: those of the people found, then those of the place, by household number; ``more`` when there are
    others that are not shown.
    """

    kind: SearchKind
    rows: list[Row] = field(default_factory=list)
    more: bool = False


def kind_of(text: str) -> tuple[SearchKind, str]:
    """What was typed, and its normal form. A whole identity or telephone number is told apart from a part of one."""
    typed = normalise_text(text)
    if not typed:
        return "nothing", ""
    plain = re.sub(r"[\s\-]", "", typed)
    if re.fullmatch(r"\d{15}|\d{17}[\dXx]", plain, re.ASCII):
        return whole(plain, "identity")
    if re.fullmatch(r"(\+?86)?1\d{10}|0\d{9,11}", plain, re.ASCII):
        return whole(plain, "phone")
    if re.fullmatch(r"\d{4}", plain, re.ASCII):
        return "tail", plain
    if re.fullmatch(r"[A-Za-z]{1,8}", plain, re.ASCII):
        return "initials", plain.lower()
    if not CHINESE.search(typed):
        return "number", typed.upper()
    # nobody's name has a digit
    return ("address", typed) if re.search(r"\d", plain, re.ASCII) else ("name", fold_name(typed))


def whole(plain: str, kind: Literal["identity", "phone"]) -> tuple[SearchKind, str]:
    try:
        return kind, check_identity_number(plain).value if kind == "identity" else check_phone(plain)
    except FormatError:
        # a mistyped number is nobody's; it may still be the county's number of a household
        return "number", plain.upper()


def begins(field_name: str, text: str) -> Q:
    """A beginning as a range, which an index may answer behind the second wall."""
    return Q(**{f"{field_name}__gte": text, f"{field_name}__lt": text + LAST})


def people_like(actor: Actor, kind: SearchKind, text: str) -> QuerySet[Resident] | None:
    people = visible_residents(actor).filter(left_at=None)
    if kind == "identity":
        return people.filter(identity_index__in=indexes_of(Resident, "identity_index", text))
    if kind == "phone":
        return people.filter(phone_index__in=indexes_of(Resident, "phone_index", text))
    if kind == "tail":
        return people.filter(phone_tail_index__in=indexes_of(Resident, "phone_tail_index", text))
    if kind == "initials":
        return people.filter(begins("pinyin", text))
    return people.filter(begins("name", text)) if kind == "name" else None


def matches(actor: Actor, kind: SearchKind, text: str) -> dict[UUID, list[str]]:
    """Household id → names found there; at most three queries."""
    people = people_like(actor, kind, text)
    if people is None:
        return {}
    found = some(people)
    if not found and kind == "name":
        anybody = visible_residents(actor).filter(left_at=None)
        found = [one for part in ("given", "rest") for one in some(anybody.filter(begins(part, text)))]
    names: dict[UUID, list[str]] = defaultdict(list)
    for household_id, name in dict.fromkeys(found):
        names[household_id].append(name)
    return names


def some(people: QuerySet[Resident]) -> list[tuple[UUID, str]]:
    # more people than households are shown, for a family that shares a name
    return list(people.values_list("household_id", "name")[: MOST * 4])


def search_households(actor: Actor, text: str) -> Found:
    """Households that fit ``text``, at most :data:`MOST`, in two to six queries whatever the size of the county."""
    if is_address(text):
        # what a hand scanner types of a plate
        _state, home = code_state(actor, text)
        at_door = visible_households(actor).filter(pk__in=[home] if home else [])
        return Found("number", rows_of(actor, list(at_door), {}))
    kind, wanted = kind_of(text)
    if kind == "nothing":
        return Found(kind)
    names = matches(actor, kind, wanted)
    fits = [*list(names)[: MOST + 1], *at_place(actor, kind, text, room=MOST + 1 - len(names))]
    households = list(
        visible_households(actor)
        .filter(pk__in=fits)
        .select_related("area__parent")
        .order_by("number", "pk")[: MOST + 1]
    )
    households.sort(key=lambda one: (one.pk not in names, goes_on(one, text)))
    return Found(kind, rows_of(actor, households[:MOST], names), len(households) > MOST)


def at_place(actor: Actor, kind: SearchKind, text: str, *, room: int) -> list[UUID]:
    """At most ``room`` households that have what was typed in their number or address; at most one query."""
    if kind in {"identity", "phone"} or room <= 0:
        return []
    readings = number_readings(text)
    short = len(readings[-1]) < SHORTEST_PART
    if kind == "name" and short:
        return []
    if kind == "initials" or short:
        fits = reduce(or_, (begins("number", reading) for reading in readings))
    else:
        fits = reduce(or_, (has_part(reading) for reading in dict.fromkeys((*readings, unspaced(text)))))
    places = visible_households(actor).alias(written=Replace("address", Value(" "), Value(""))).filter(fits)
    # 祠堂路23号 before 祠堂路231号, where there are more than are shown
    some_places = places.values_list("pk", "address", "number")[:MOST_PLACES]
    return [key for key, *_ in sorted(some_places, key=lambda one: (len(one[1]), one[2]))[:room]]


class HasPairs(Func):
    """``pairs @@ query``, which the index answers behind the wall: the query comes in as finished text."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def has_part(reading: str) -> Q:
    # an older system may have brought numbers in small letters
    part = Q(number__icontains=reading) | Q(written__contains=reading)
    return Q(HasPairs(F("pairs"), Value(pairs_of("".join(reading.split()))))) & part


def pairs_of(part: str) -> str:
    """The text of a tsquery of pairs that a number or an address with this ``part`` has."""
    pairs = list(map("".join, pairwise(part.upper())))
    told = dict.fromkeys([*pairs[:1], *pairs[-LAST_PAIRS:]])
    return " & ".join("'" + one.replace("\\", "\\\\").replace("'", "''") + "'" for one in told)


def unspaced(text: str) -> str:
    """As an address may be typed and written: 老街 177 号."""
    return "".join(normalise_text(text).split())


def goes_on(household: Household, text: str) -> bool:
    """Whether the number in the address is longer than the one that was typed."""
    typed = unspaced(text)
    after = unspaced(household.address).partition(typed)[2][:1]
    return after.isdigit() and typed[-1:].isdigit()


def people_with_phone(actor: Actor, phone: str) -> list[Caller]:
    """Those who live in the actor's areas and have this number (as ``check_phone`` gives it), by household number.

    Nobody for a number that stands on an office's desk. Whoever asks has the look journalled.
    """
    if not is_residents(phone) or is_office_phone(phone):
        return []
    people = visible_residents(actor).filter(
        left_at=None, household__closed_at=None, phone_index__in=indexes_of(Resident, "phone_index", phone)
    )
    rows = people.select_related("household__area__parent").order_by("household__number", "name", "id")
    return [caller(person) for person in rows[:MOST_CALLERS]]


def caller(person: Resident) -> Caller:
    home = person.household
    return Caller(
        id=person.pk,
        name=person.name,
        relation=str(Relation(person.relation).label),
        household=home.pk,
        address=home.address or home.number,
        village=village_of(home),
        area=home.area_id,
        path=home.area.path,
    )


__all__ = [
    "Caller",
    "Found",
    "Household",
    "SearchKind",
    "begins",
    "kind_of",
    "people_with_phone",
    "search_households",
]

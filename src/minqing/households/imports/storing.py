"""What the database holds against a batch of household rows, and the batch stored set by set.

A row is matched to a person by household and identity number, or by household and name where one of the two has no
number. An empty cell leaves what is stored.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import fold_name, key_of
from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.core.text import pinyin_initials
from minqing.households.enums import Datum, Relation
from minqing.households.imports.columns import Person, index_field
from minqing.households.models import Household, HouseholdCode, Resident, Tag, TagGrant, last_four
from minqing.intake.kinds import Row, Stored
from minqing.intake.staging import Among, upsert
from minqing.journal.services import Json, record_all
from minqing.org.imports.places import Places
from minqing.privacy.seal import encrypt

SOURCE = "import"


class House(NamedTuple):
    """Columns of a household as they are stored."""

    id: UUID
    number: str
    area_id: int
    address: str
    datum: str
    note: str
    closed_at: datetime | None
    changed_at: datetime


class One(NamedTuple):
    """Columns of a resident as they are stored, private values as they lie in the table."""

    id: UUID
    household_id: UUID
    area_id: int
    name: str
    pinyin: str
    sex: str
    born_on: date | None
    relation: str
    identity_number: bytes
    identity_index: bytes | None
    phone: bytes
    phone_index: bytes | None
    phone_tail_index: bytes | None
    lives_here: bool
    left_at: datetime | None
    changed_at: datetime


class Grant(NamedTuple):
    id: UUID
    household_id: UUID
    resident_id: UUID | None
    area_id: int
    tag_id: str
    reason: str
    source: str
    granted_by: str
    granted_at: datetime
    expires_on: date
    revoked_at: datetime | None


class Tags:
    """The tags that may be given now, by name and by code."""

    def __init__(self) -> None:
        self.days = dict(Tag.objects.filter(retired=False).values_list("code", "days_valid"))
        names = Tag.objects.filter(retired=False).values_list("name", "code")
        self.labels = {code: name for name, code in names}
        self.names = dict(names) | {code: code for code in self.days}
        self.codes = {key_of(name): code for name, code in self.names.items()}

    def code_of(self, word: str) -> str:
        if code := self.codes.get(key_of(word)):
            return code
        if near := difflib.get_close_matches(word, list(self.names), n=3, cutoff=0.5):
            sentence = _("There is no tag “{word}”. Do you mean {near}?")
            raise Invalid("tag_unknown", format_lazy(sentence, word=word, near="、".join(near)))
        sentence = _("There is no tag “{word}”. Use the tags of this system, and the note for everything else.")
        raise Invalid("tag_unknown", format_lazy(sentence, word=word))


@dataclass
class Standing:
    """What is stored about the households and people that a batch names, as far as the actor may see."""

    houses: dict[str, House] = field(default_factory=dict)
    people: dict[UUID, list[One]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: dict[bytes, tuple[UUID, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Standing:
        found = cls()
        numbers = {row.data.number for row in rows}
        for values in Household.objects.filter(Among(F("number"), numbers)).values_list(*House._fields):
            found.houses[values[1]] = House(*values)
        ids = [house.id for house in found.houses.values()]
        if ids:
            residents = Resident.objects.filter(Among(F("household_id"), ids), left_at__isnull=True)
            for values in residents.order_by("id").values_list(*One._fields):
                one = raw(One(*values))
                found.people[one.household_id].append(one)
        indexes = [one for row in rows for one in row.data.identity_indexes]
        if indexes:
            known = Resident.objects.filter(Among(F("identity_index"), indexes), left_at__isnull=True)
            for index, household, number in known.values_list("identity_index", "household_id", "household__number"):
                found.elsewhere[bytes(index)] = (household, number)
        return found

    def match(self, person: Person, house: House) -> One | None:
        """The stored person that a row is about. Several of one name without numbers: ``LookupError``."""
        people = self.people.get(house.id, [])
        if person.identity:
            same = next((one for one in people if one.identity_index in person.identity_indexes), None)
            if same:
                return same
            named = [one for one in people if fold_name(one.name) == person.name and one.identity_index is None]
        else:
            named = [one for one in people if fold_name(one.name) == person.name]
        if len(named) > 1:
            raise LookupError
        return named[0] if named else None


def raw(one: One) -> One:
    """Bytes as bytes: the driver hands out memory views, and sealed values must not be shown by chance."""
    fixed: dict[str, Any] = {
        name: None if (value := getattr(one, name)) is None else bytes(value)
        for name in ("identity_index", "phone_index", "phone_tail_index")
    }
    return one._replace(identity_number=sealed(one.identity_number), phone=sealed(one.phone), **fixed)


def sealed(value: bytes | str) -> bytes:
    """An empty value is read as the empty text."""
    return b"" if isinstance(value, str) else bytes(value)


def look_up(rows: Sequence[Row], places: Places) -> Standing:
    """Add what the database says against each row to its problems."""
    standing = Standing.of(rows)
    for row in rows:
        house = standing.houses.get(row.data.number)
        if house is not None:
            look_at_house(row, house, places)
            try:
                standing.match(row.data, house)
            except LookupError:
                row.problems["name"] = _(
                    "Several people of this household have this name. Fill in the identity number."
                )
        if row.data.identity:
            known = (standing.elsewhere.get(one) for one in row.data.identity_indexes)
            found = next(filter(None, known), None)
            if found and (house is None or found[0] != house.id):
                sentence = _("This person is in the file of household {number}. Record there first that they moved.")
                row.problems["identity_number"] = format_lazy(sentence, number=found[1])
    return standing


def look_at_house(row: Row, house: House, places: Places) -> None:
    if house.closed_at is not None:
        row.problems["number"] = _("The file of this household is closed. Open it again first, or check the number.")
        return
    if not (places.is_within(row.data.area, house.area_id) or places.is_within(house.area_id, row.data.area)):
        sentence = _("This household number belongs to {place}. Check the number and the village.")
        row.problems["number"] = format_lazy(sentence, place=places.by_id[house.area_id].name)


def store_rows(rows: Sequence[Row], standing: Standing | None, places: Places, tags: Tags, by: Actor) -> Stored:
    """``standing``: what was found when these rows, and perhaps others, were looked up in this transaction."""
    batch = Batch(standing or Standing.of(rows), places, tags, by)
    for row in rows:
        batch.take(row.data)
    batch.write()
    return batch.stored


class Batch:
    """The rows of one batch against what is stored: only what differs is written."""

    def __init__(self, standing: Standing, places: Places, tags: Tags, by: Actor) -> None:
        self.standing, self.places, self.tags, self.by = standing, places, tags, by
        self.now, self.today = clock.now(), clock.today()
        self.stored = Stored()
        self.houses: dict[UUID, House] = {}
        self.people: dict[UUID, One] = {}
        self.former_heads: set[UUID] = set()
        self.moved: dict[int, list[UUID]] = defaultdict(list)
        self.wishes: dict[tuple[UUID, str], tuple[One, bool]] = {}
        self.changed: dict[UUID, bool] = {}
        self.matched: set[UUID] = set()

    def take(self, person: Person) -> None:
        house, house_changed = self.house_of(person)
        before = self.standing.match(person, house)
        if before and before.id in self.matched:
            # two of one name, each with a number, and one stored without: the first row has taken it
            before = None
        one = self.merged(person, house, before)
        changed = before is None or one._replace(changed_at=before.changed_at) != before
        if changed:
            self.people[one.id] = one
        self.matched.add(one.id)
        if before is None:
            self.stored.created += 1
        else:
            self.changed[one.id] = changed or house_changed
        for tag in person.tags:
            self.wishes[one.id, tag] = (one, before is None)

    def house_of(self, person: Person) -> tuple[House, bool]:
        """The household with what this row says of it, and whether that changes anything."""
        old = self.standing.houses.get(person.number)
        if old is None:
            old = House(new_id(), person.number, person.area, "", Datum.WGS84.value, "", None, self.now)
            self.houses[old.id] = old
        area = old.area_id
        if area != person.area and self.places.is_within(person.area, area):
            # a village that is now known more closely, as a grid of it
            area = person.area
            self.moved[area].append(old.id)
        new = old._replace(area_id=area, address=person.address or old.address, note=with_note(old.note, person))
        if new != old:
            new = new._replace(changed_at=self.now)
            self.houses[new.id] = new
        self.standing.houses[person.number] = new
        return new, new != old

    def merged(self, person: Person, house: House, before: One | None) -> One:
        base = before or One(
            new_id(),
            house.id,
            house.area_id,
            "",
            "",
            "",
            None,
            Relation.OTHER.value,
            b"",
            None,
            b"",
            None,
            None,
            True,
            None,
            self.now,
        )
        relation = (person.relation or Relation(base.relation)).value
        if person.relation is Relation.HEAD:
            self.replace_head(house.id, base.id)
        elif base.id in self.former_heads and person.relation is None:
            relation = Relation.OTHER.value
        one = base._replace(
            area_id=house.area_id,
            name=person.name,
            sex=person.sex.value or base.sex,
            born_on=person.born_on or base.born_on,
            relation=relation,
            changed_at=self.now,
        )
        if one.name != base.name:
            one = one._replace(pinyin=pinyin_initials(person.name)[:20])
        return with_phone(with_identity(one, person), person.phone)

    def replace_head(self, household: UUID, new: UUID) -> None:
        """Whoever was the head until now becomes another member, unless their own row says what."""
        for one in self.standing.people.get(household, []):
            if one.relation == Relation.HEAD.value and one.id != new:
                self.former_heads.add(one.id)
                pending = self.people.get(one.id)
                if pending and pending.relation == Relation.HEAD.value:
                    # their row came before this one and left the relation empty
                    self.people[one.id] = pending._replace(relation=Relation.OTHER.value)

    def write(self) -> None:
        if self.former_heads:
            heads = Resident.objects.filter(id__in=self.former_heads)
            heads.update(relation=Relation.OTHER.value, changed_at=self.now)
        if self.houses:
            upsert(Household, House._fields, self.houses.values(), change=("area_id", "address", "note", "changed_at"))
        for area, ids in self.moved.items():
            for model in (Resident, TagGrant, HouseholdCode):
                model.objects.filter(household_id__in=ids).update(area_id=area)
            # other rooms keep rows behind the same wall, and hear of it by this
            told: dict[str, Json] = {"fields": ["area_id"], "area": area}
            about = [(f"household:{id}", told) for id in ids]
            record_all(type="households.household.updated", about=about, by=self.by, at=self.now)
        if self.people:
            upsert(Resident, One._fields, self.people.values(), change=One._fields[2:])
        self.write_grants()
        self.stored.updated = sum(self.changed.values())
        self.stored.unchanged = len(self.changed) - self.stored.updated

    def write_grants(self) -> None:
        """Tags that a person does not have yet, or whose time has run out; one in force stays as it is."""
        if not self.wishes:
            return
        held = TagGrant.objects.filter(
            Among(F("resident_id"), {resident for resident, _tag in self.wishes}), revoked_at__isnull=True
        )
        known = {
            (resident, tag): (id, expires)
            for id, resident, tag, expires in held.values_list("id", "resident_id", "tag_id", "expires_on")
        }
        fresh = list(self.fresh_grants(known))
        if fresh:
            upsert(
                TagGrant, Grant._fields, fresh, change=("reason", "source", "granted_by", "granted_at", "expires_on")
            )

    def fresh_grants(self, known: dict[Any, tuple[UUID, date]]) -> Iterator[Grant]:
        for (resident, tag), (one, new) in self.wishes.items():
            id, expires = known.get((resident, tag), (new_id(), date.min))
            if expires >= self.today:
                continue
            if not new:
                self.changed[resident] = True
            yield Grant(
                id,
                one.household_id,
                resident,
                one.area_id,
                tag,
                gettext("From an imported table"),
                SOURCE,
                self.by.ref,
                self.now,
                self.today + timedelta(days=self.tags.days[tag]),
                None,
            )


def with_note(note: str, person: Person) -> str:
    """The household's note with the person's line in it, once."""
    if not person.note:
        return note
    line = f"{person.name}：{person.note}"
    return note if line in note.split("\n") else f"{note}\n{line}".lstrip("\n")


def with_identity(one: One, person: Person) -> One:
    """A new number is encrypted for its row; the same one stays as it lies there."""
    if not person.identity or one.identity_index in person.identity_indexes:
        return one
    return one._replace(
        identity_number=encrypt(person.identity, place=place("identity_number", one.id)),
        identity_index=person.identity_indexes[0],
    )


def with_phone(one: One, phone: str) -> One:
    if not phone or one.phone_index in (indexes := index_field("phone_index").digests(phone)):
        return one
    return one._replace(
        phone=encrypt(phone, place=place("phone", one.id)),
        phone_index=indexes[0],
        phone_tail_index=index_field("phone_tail_index").digest(last_four(phone)),
    )


def place(column: str, id: UUID) -> str:
    """Where a value belongs, as :class:`~minqing.privacy.fields.EncryptedTextField` says it."""
    return f"{Resident._meta.db_table}:{column}:{id}"

"""Checks of a household table that need no query: each cell, and each row against the rows above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import fold_name, key_of
from minqing.core.errors import DomainError, Invalid
from minqing.core.formats import IdentityNumber, check_date, check_identity_number, normalise_text
from minqing.households.enums import Relation, Sex
from minqing.households.imports.columns import Person
from minqing.households.imports.storing import Standing, Tags, look_up, store_rows
from minqing.households.imports.words import BETWEEN_TAGS, relations, sexes
from minqing.households.rules import HOUSEHOLD, PERSON, birth_day
from minqing.intake.kinds import Row, Stored
from minqing.intake.storage.seen_keys import Seen
from minqing.org.enums import Level
from minqing.org.imports.places import Places

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")
EMPTY: StrOrPromise = _("This cell must not be empty.")


class Households:
    """One pass over a household table."""

    def __init__(self, by: Actor, seen: Seen) -> None:
        self.by, self.seen = by, seen
        self.places = Places(by)
        self.tags = Tags()
        self.today = clock.today()
        self.standing: Standing | None = None

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        number = self.take(row, cell, "number", HOUSEHOLD["number"], "", needed=True)
        name = self.take(row, cell, "name", PERSON["name"], "", needed=True)
        area = self.area_of(row, cell)
        identity = self.take(row, cell, "identity_number", self.identity_of, None)
        sex = self.take(row, cell, "sex", sex_of, Sex.UNKNOWN)
        born_on = self.take(row, cell, "born_on", lambda text: birth_day(check_date(text)), None)
        if identity:
            self.agree(row, identity, sex, born_on)
        relation = self.relation_of(row, cell, name)
        phone = self.take(row, cell, "phone", PERSON["phone"], "")
        address = self.take(row, cell, "address", HOUSEHOLD["address"], "")
        note = self.take(row, cell, "note", HOUSEHOLD["note"], "")
        no_tags: tuple[str, ...] = ()
        tags = self.take(row, cell, "tags", self.tags_of, no_tags)
        if row.problems.keys() & {"number", "name", "township", "village", "grid", "identity_number"}:
            # without them nobody can say who and where is meant
            return
        row.data = person = Person(
            number,
            area,
            name,
            identity.value if identity else "",
            sex or Sex(identity.sex if identity else ""),
            identity.birth if identity else born_on,
            relation,
            phone,
            address,
            tags,
            note,
        )
        self.compare(row, person)

    def take(
        self,
        row: Row,
        cell: Mapping[str, str],
        column: str,
        check: Callable[[str], T],
        default: T,
        *,
        needed: bool = False,
    ) -> T:
        text = cell[column]
        if not text:
            if needed:
                row.problems[column] = EMPTY
            return default
        try:
            return check(text)
        except DomainError as error:
            row.problems[column] = error.sentence
            return default

    def area_of(self, row: Row, cell: Mapping[str, str]) -> int:
        """Id of the grid if one is given, else of the village."""
        column, place = "township", None
        try:
            if cell["township"]:
                place = self.places.find(cell["township"], Level.TOWNSHIP)
            column = "village"
            if not cell["village"]:
                raise Invalid("empty", EMPTY)
            place = self.places.find(cell["village"], Level.VILLAGE, within=place)
            column = "grid"
            if cell["grid"]:
                place = self.places.find(cell["grid"], Level.GRID, within=place)
        except Invalid as error:
            row.problems[column] = error.sentence
            return 0
        return place.id

    def identity_of(self, text: str) -> IdentityNumber:
        return check_identity_number(text, on=self.today)

    def agree(self, row: Row, identity: IdentityNumber, sex: Sex, born_on: date | None) -> None:
        if sex and sex.value != identity.sex:
            row.problems["sex"] = _("This does not fit the identity number. Please check both.")
        if born_on and born_on != identity.birth:
            row.problems["born_on"] = _("This does not fit the identity number. Please check both.")

    def relation_of(self, row: Row, cell: Mapping[str, str], name: str) -> Relation | None:
        head = fold_name(cell["head"])
        if not cell["relation"]:
            return Relation.HEAD if head and head == name else None
        relation = relations().get(key_of(cell["relation"]))
        if relation is None:
            row.problems["relation"] = _(
                "Not understood. Write head, spouse, son, daughter, parent, grandchild, brother or sister, or other."
            )
        elif head and (relation is Relation.HEAD) != (head == name):
            sentence = _("The head of this household is called “{head}” in the same row. Correct one of the two.")
            row.problems["relation"] = format_lazy(sentence, head=head)
        return relation

    def tags_of(self, text: str) -> tuple[str, ...]:
        words = [word for word in BETWEEN_TAGS.split(normalise_text(text)) if word]
        return tuple(dict.fromkeys(self.tags.code_of(word) for word in words))

    def compare(self, row: Row, person: Person) -> None:
        """Against the rows above: every sentence names the other row."""
        first, number = self.seen.first, person.number
        if person.identity and (met := first("identity", person.identity, row.number)):
            row.problems["identity_number"] = other_row(
                met.row, _("The same identity number is in row {row}. One person has one row.")
            )
            return
        with_number = int(bool(person.identity))
        met = first("name", f"{number}\x00{person.name}", row.number, with_number)
        if met and not (with_number and met.value):
            row.problems["name"] = other_row(
                met.row,
                _("Row {row} has the same name in this household. Fill in the identity numbers, or delete one row."),
            )
            return
        met = first("area", number, row.number, person.area)
        if met and met.value != person.area:
            row.problems["number"] = other_row(met.row, _("Row {row} has this household number in another place."))
        if person.relation is Relation.HEAD and (met := first("head", number, row.number)):
            row.problems["relation"] = other_row(met.row, _("Row {row} is the head of this household already."))
        if person.address:
            value = self.seen.number_of(person.address)
            met = first("address", number, row.number, value)
            if met and met.value != value:
                row.problems["address"] = other_row(met.row, _("Row {row} has another address for this household."))

    def understood(self, row: Row) -> Mapping[str, str]:
        person: Person = row.data
        place = self.places.by_id[person.area]
        told = {
            "grid" if place.level is Level.GRID else "village": place.name,
            "sex": str(person.sex.label) if person.sex else "",
            "born_on": person.born_on.isoformat() if person.born_on else "",
            "relation": str(person.relation.label) if person.relation else "",
            "phone": person.phone,
            "identity_number": person.identity,
            "tags": "、".join(self.tags.labels[code] for code in person.tags),
        }
        return {name: text for name, text in told.items() if text}

    def look(self, rows: Sequence[Row]) -> None:
        self.standing = look_up(rows, self.places)

    def store(self, rows: Sequence[Row]) -> Stored:
        # once: whoever stores again does so as the database has refused, and looks anew
        standing, self.standing = self.standing, None
        return store_rows(rows, standing, self.places, self.tags, self.by)


def other_row(row: int, sentence: StrOrPromise) -> StrOrPromise:
    return format_lazy(sentence, row=row)


def sex_of(text: str) -> Sex:
    sex = sexes().get(key_of(text))
    if sex is None:
        raise Invalid("word_unknown", _("Write male or female."))
    return sex

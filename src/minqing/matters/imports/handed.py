"""A table of matters that a clerk hands in: each row is taken in like any other report, by the way of a table.

A row is known again by the sender's number within its township, else by a digest of what it says, so that the same
file brought twice doubles nothing. What is there already is left as it is: it has its own life by now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import key_of
from minqing.core.errors import FormatError
from minqing.core.formats import check_phone, normalise_text
from minqing.core.ids import digest, new_id
from minqing.intake.kinds import Row, Stored
from minqing.intake.storage.seen_keys import Seen
from minqing.matters import queries
from minqing.matters.enums import Channel
from minqing.matters.imports.checking import read_time, tidy, why_not
from minqing.matters.imports.storing import FROM_LOADING, FROM_TABLE
from minqing.matters.models import Category, Matter
from minqing.matters.services import due_to_assign, end_of_next_day, report_matter
from minqing.matters.words import clean_text, title_from
from minqing.org.queries import areas_within

# in front of a number that stands for a row without one
OWN: Final = "#"
NOT_A_NUMBER: Final = _(
    "This is no number that can be called. The report is taken; what stands there is kept as the way to reach its "
    "reporter."
)
# what clerks leave out behind a name
SUFFIX: Final = re.compile("(村民委员会|村委会|行政村|村|社区|街道|镇|乡)$")


@dataclass(frozen=True)
class Handed:
    """One row as read; ``at`` is aware and None where the cell was empty. ``contact`` is what stood in the cell of the
    telephone and is no number.
    """

    title: str
    text: str
    village: str
    place: str
    name: str
    phone: str
    at: datetime | None
    category: str
    number: str
    contact: str = ""

    def key(self, township: str) -> str:
        """By what the row is known again, at most 60 characters."""
        if self.number:
            return f"{self.number}@{township}"[:60]
        said = "\n".join(
            [self.village, self.title, self.text, self.name, self.phone or self.contact, str(self.at or "")]
        )
        if self.place not in {"", self.village}:
            said += f"\n{self.place}"
        return OWN + digest(said)[:32]


@dataclass
class HandedIn:
    """One pass over one table of matters."""

    by: Actor
    seen: Seen
    choice: str = FROM_LOADING

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        at = read_time(cell["time"])
        text = tidy(cell["text"])
        title = title_from(tidy(cell["title"]), text)
        if not title:
            row.problems["text"] = _("The row says nothing: neither title nor text.")
        village = normalise_text(cell["village"]) or normalise_text(cell["place"])
        if not village:
            row.problems["village"] = _("The village is missing.")
        if cell["time"].strip() and (wrong := why_not(cell["time"], at, clock.now())):
            row.problems["time"] = wrong
        phone, contact = self.reached_by(row, cell["phone"])
        if not (village and title):
            return
        row.data = Handed(
            title=title,
            text=text,
            village=village[:200],
            place=clean_text(cell["place"])[:200],
            name=clean_text(cell["name"])[:60],
            phone=phone,
            at=at,
            category=normalise_text(cell["category"]),
            number=normalise_text(cell["number"])[:40],
            contact=contact,
        )

    def reached_by(self, row: Row, cell: str) -> tuple[str, str]:
        """Telephone number and contact. No clerk can make up the number of who left none: the report is taken."""
        if not cell.strip():
            return "", ""
        try:
            return check_phone(cell), ""
        except FormatError:
            row.remarks["phone"] = NOT_A_NUMBER
            return "", clean_text(cell)[:200]

    def look(self, rows: Sequence[Row]) -> None:
        for row in rows:
            row.problems.update(self.problems(row.data))
        self.warn([row for row in rows if not row.problems and row.data.at])

    def warn(self, rows: Sequence[Row]) -> None:
        """Mark the rows that are overdue at once if their terms count from the time in the table."""
        late = {self.key_of(row.data): row for row in rows if self.is_late(row.data.at)}
        known = self.known(list(late))
        for key, row in late.items():
            if key not in known:
                row.warned.add(FROM_TABLE)

    def is_late(self, at: datetime) -> bool:
        due = self.due(at)
        return due is not None and due <= clock.now()

    def problems(self, handed: Handed) -> dict[str, Any]:
        found: dict[str, object] = {}
        places = self.places_of(handed.village)
        if not places:
            found["village"] = _("There is no such village in your area. Give its name or code.")
        elif len(places) > 1:
            found["village"] = _("There are several villages of this name. Give the code.")
        if handed.category and key_of(handed.category) not in self.categories:
            found["category"] = format_lazy(
                _("There is no category {name}. Leave it empty, it is then sorted by hand."), name=handed.category[:20]
            )
        return found

    def understood(self, row: Row) -> Mapping[str, str]:
        handed: Handed = row.data
        told = {"time": f"{handed.at:%Y-%m-%d %H:%M}" if handed.at else "", "phone": handed.phone}
        places = self.places_of(handed.village)
        if len(places) == 1:
            told["village"] = places[0].name
        if category := self.categories.get(key_of(handed.category)):
            told["category"] = category.name
        return {name: text for name, text in told.items() if text}

    def store(self, rows: Sequence[Row]) -> Stored:
        keyed = {self.key_of(row.data): row.data for row in rows}
        stored = Stored(unchanged=len(rows) - len(keyed))
        known = self.known(list(keyed))
        for key, handed in keyed.items():
            if key in known:
                stored.unchanged += 1
            else:
                self.take_in(key, handed)
                stored.created += 1
        return stored

    def take_in(self, key: str, handed: Handed) -> None:
        category = self.categories.get(key_of(handed.category))
        area = self.places_of(handed.village)[0]
        report_matter(
            id=new_id(),
            title=handed.title,
            text=handed.text,
            area_id=area.id,
            place="" if handed.place in {area.name, area.code} else handed.place,
            channel=Channel.SHEET,
            by=self.by,
            category_code=category.code if category else "",
            reporter_name=handed.name,
            reporter_phone=handed.phone,
            contact=handed.contact,
            outside_number=key,
            at=handed.at,
            counts_from=clock.now() if self.choice == FROM_LOADING else None,
            heard_from=self.hears if self.choice == FROM_TABLE and handed.at else None,
        )

    def key_of(self, handed: Handed) -> str:
        place = self.places_of(handed.village)[0]
        return handed.key(self.townships.get(place.id, place.code))

    def known(self, keys: Sequence[str]) -> set[str]:
        rows = Matter.objects.filter(channel=Channel.SHEET.value, outside_number__in=keys)
        return {number or "" for number in rows.values_list("outside_number", flat=True)}

    @cached_property
    def due(self) -> Callable[[datetime], datetime | None]:
        return due_to_assign()

    @cached_property
    def hears(self) -> datetime:
        return end_of_next_day(clock.now())

    @cached_property
    def areas(self) -> list[Any]:
        return list(areas_within(self.by))

    @cached_property
    def places(self) -> dict[str, list[Any]]:
        """The actor's areas by code and by name; a code is one alone."""
        found: dict[str, list[object]] = {}
        for area in self.areas:
            found.setdefault(key_of(area.name), []).append(area)
        return found | {key_of(area.code): [area] for area in self.areas}

    def places_of(self, text: str) -> list[Any]:
        """The areas that a cell may mean: by code or name, without its 村, or at the beginning of an address."""
        text = key_of(text)
        if found := self.places.get(text):
            return found
        names = [name for name in self.by_start if text.startswith(name)]
        if not names:
            return []
        name = max(names, key=len)
        # what follows the township's name may begin with the village's
        inner = self.places_of(rest) if (rest := text[len(name) :].strip()) else []
        below = [one for one in inner if any(one.path.startswith(area.path) for area in self.by_start[name])]
        return below or self.by_start[name]

    @cached_property
    def by_start(self) -> dict[str, list[Any]]:
        """The areas by their names, and by these without the last word of two or more characters before it."""
        found: dict[str, list[object]] = {}
        for area in self.areas:
            found.setdefault(key_of(area.name), []).append(area)
        for area in self.areas:
            if (short := SUFFIX.sub("", key_of(area.name))) not in found and len(short) > 1:
                found[short] = [other for other in self.areas if SUFFIX.sub("", key_of(other.name)) == short]
        return found

    @cached_property
    def townships(self) -> dict[int, str]:
        """Area id → code of the highest of the actor's areas above it: a clerk's own township."""
        tops: list[Any] = []
        for area in self.areas:
            if not any(area.path.startswith(top.path) for top in tops):
                tops.append(area)
        return {area.id: next(top.code for top in tops if area.path.startswith(top.path)) for area in self.areas}

    @cached_property
    def categories(self) -> dict[str, Category]:
        """By name, the higher level first where two have one name, and by code."""
        rows = queries.categories()
        by_name = {key_of(row.name): row for row in sorted(rows, key=lambda row: -row.level)}
        return by_name | {key_of(row.code): row for row in rows}

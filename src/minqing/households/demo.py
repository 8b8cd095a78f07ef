"""The made-up county: what its maker hands to the rooms, and the part of it that is households' own.

``demo`` makes places, people and staff, and calls the parts of all rooms, a township and some villages at a time. A
room says in its ``ROOM`` which :class:`DemoPart` it brings (``demo``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.households.enums import Relation, Sex
from minqing.households.imports import HOUSEHOLDS
from minqing.households.models import Duplicate, Household
from minqing.households.queries import visible_households, visible_residents
from minqing.households.services import (
    issue_missing_codes,
    move_households,
    propose_duplicates,
    save_resident,
    undo_move,
)
from minqing.privacy.access import transaction_as
from minqing.worktime.calendar import WorkCalendar


class DemoArea(Protocol):
    """A village or a grid."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    def inside(self, random: Random) -> tuple[float, float]:
        """Longitude and latitude of a point within."""


@dataclass(frozen=True)
class Member:
    """One member; ``relation`` as in :class:`minqing.households.enums.Relation`."""

    name: str
    sex: str
    born_on: date
    relation: str
    identity_number: str
    phone: str


@dataclass(frozen=True)
class Home:
    """One household: its address, people (the head first) and tags by the place of a person in ``people``."""

    number: str
    address: str
    people: tuple[Member, ...]
    tags: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Spot:
    """A household to be: its place in the county's order, its number, village and grid."""

    number: str
    village: DemoArea
    grid: DemoArea


@dataclass(frozen=True)
class Worker:
    """An account: ``ref`` as the journal names it."""

    id: UUID
    name: str

    @property
    def ref(self) -> str:
        return f"user:{self.id}"


@dataclass(frozen=True)
class House:
    """A stored household: who lives there, who cares for it, who works for its village and township."""

    id: UUID
    area_id: int
    home: Home
    resident_ids: Sequence[UUID]
    grid: DemoArea
    village: DemoArea
    cadre: Worker
    secretary: Worker
    clerk: Worker
    committee_id: int


class Staff(Protocol):
    """Who works where in the county, with everybody of the township at hand."""

    @property
    def people(self) -> Mapping[str, Worker]:
        """Everybody by staff number."""

    @property
    def units(self) -> Sequence[Any]:
        """All units at work."""

    @property
    def paths(self) -> Mapping[str, str]:
        """Of areas, by their codes."""

    def house(self, id: UUID, area_id: int, home: Home, resident_ids: Sequence[UUID], spot: Spot) -> House: ...
    def person(self, username: str) -> Actor | None:
        """Somebody of the printed table, in the first of their posts."""

    def of_unit(self, unit: int) -> Actor | None:
        """Somebody who works on what the unit was given."""

    def clerk_over(self, area_id: int) -> Actor | None:
        """The clerk of the township in which the area lies."""


@dataclass
class Town:
    """A township on its way. ``size`` has the county's totals (``demo.scales.Size``), which chunks share."""

    seed: str
    now: datetime
    size: Any
    calendar: WorkCalendar
    staff: Staff
    # opens a kind of table, and stores rows of it as an import would
    open: Callable[[Any], Any]
    put: Callable[[Any, Any, Iterable[dict[str, str]], Actor], None]
    chances: dict[str, Random] = field(default_factory=dict)

    def random(self, name: str) -> Random:
        """A row of chances: parts that take from one of the same name take turns, others do not disturb them."""
        return self.chances.setdefault(name, Random(f"{name}-{self.seed}"))  # noqa: S311  # made-up data, not secrets


@dataclass
class Occasion:
    """Somebody was met at ``house`` and may have told something: ``matter_id``, ``at`` and ``said`` once that is so."""

    house: House
    matter_id: UUID | None = None
    at: datetime | None = None
    said: str = ""


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# of so many people one is on file twice, and one has a namesake
TWICE = 4_000
OPENS, CLOSES = 8, 17
# a week of rain, so many days ago
RAIN = (38, 45)


class Times:
    """When people do such things: offices on working days, residents after work, some at night, some in the rain."""

    def __init__(self, random: Random, *, now: datetime, calendar: WorkCalendar, days: int) -> None:
        self.random, self.now, self.calendar, self.days = random, now, calendar, days
        self.midnight = now.astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)

    def day(self, least: int, when: str = "") -> datetime:
        """The midnight of a day from ``least`` days ago back to the first."""
        back = self.random.randrange(least, self.days)
        if when == "rain" and least <= RAIN[0] and self.days > RAIN[1] and self.random.random() < 0.75:
            back = self.random.randrange(*RAIN)
        return self.midnight - back * DAY

    def at_work(self, day: datetime) -> datetime:
        """In office hours of that day; the day before where nobody works then."""
        while not self.calendar.is_working_day(day.date()):
            day -= DAY
        return day + self.random.uniform(OPENS, CLOSES) * HOUR

    def at_home(self, day: datetime, when: str = "") -> datetime:
        """When a resident has time: mostly in the evening, and of what happens at night then."""
        hours = self.random.uniform(21, 23.8) if when == "night" else self.random.triangular(6.5, 22.5, 19.5)
        return day + hours * HOUR

    def on_a_round(self, day: datetime) -> datetime:
        """When a cadre goes from door to door: by day, and every sixth time in the evening, weekends too."""
        if self.random.random() < 0.16:
            return day + self.random.uniform(18, 20.5) * HOUR
        return self.at_work(day)

    def office(self, want: datetime) -> datetime:
        """The same moment, or the next at which an office works and that is not still to come."""
        day = want.astimezone(clock.SHANGHAI)
        if day.hour < OPENS:
            day = day.replace(hour=OPENS)
        elif day.hour > CLOSES:
            day = day.replace(hour=CLOSES - 1)
        later = day
        while not self.calendar.is_working_day(later.date()):
            later += DAY
        return later if later <= self.now else day

    def awake(self, want: datetime) -> datetime:
        """The same moment, or that morning."""
        local = want.astimezone(clock.SHANGHAI)
        return local.replace(hour=7) if local.hour < 7 else local


@dataclass
class Purse:
    """Somebody who takes part in the points, by the number of their account, and how much of it may still be spent."""

    house: House
    account: int
    left: int = 0


@dataclass
class Chunk:
    """Households that are made, stored and given their past together. ``by`` sees their villages alone."""

    homes: Sequence[tuple[Spot, Home]]
    by: Actor
    # how many of a total of the county fall to these
    share: Callable[[int], int]
    houses: list[House] = field(default_factory=list)
    occasions: list[Occasion] = field(default_factory=list)
    purses: list[Purse] = field(default_factory=list)
    # what is done at last, in the order of the moments that it is of
    past: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)


class DemoPart:
    """A room's part of the county, made anew for each township: each room overrides what it needs.

    For each chunk first ``settle`` of all rooms, then ``make`` from the highest room down (what is told on a visit is
    known before it becomes a matter), then ``store`` and ``go_on`` from the lowest up, and last what they put into the
    ``past`` of the chunk; in the end the ``nights``.
    """

    def __init__(self, town: Town) -> None:
        self.town = town

    def settle(self, chunk: Chunk) -> None:
        """What must lie in the database before anything can happen there."""

    def make(self, chunk: Chunk) -> None:
        """Think up the past. No database."""

    def store(self, chunk: Chunk) -> None:
        """Store what was thought up."""

    def go_on(self, chunk: Chunk) -> None:
        """Go on with some of it, by the services."""

    @classmethod
    @contextmanager
    def around(cls) -> Iterator[None]:
        """What holds while a county is made, and not a moment longer."""
        yield

    @classmethod
    def nights(cls, *, by: Actor, now: datetime) -> str | None:
        """What the county's own jobs have made of it, once all of it is stored; a sentence of what they found."""
        return None

    @classmethod
    def beside(cls, folder: Path, server: str, *, by: Actor) -> list[str]:
        """The command of what is at work in such a county beside this system, and calls it; empty where nothing is."""
        return []

    @classmethod
    def connect(cls, url: str, *, by: Actor) -> None:
        """For a trial: another system at ``url`` is to hear of all that happens."""

    @classmethod
    def addresses(cls, *, by: Actor) -> list[str]:
        """What somebody without an account has in hand: pages to which no other page leads."""
        return []


class Households(DemoPart):
    """Files and codes at the doors."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.table = town.open(HOUSEHOLDS)

    def settle(self, chunk: Chunk) -> None:
        rows = (cells for spot, home in chunk.homes for cells in rows_of(spot, home))
        self.town.put(self.table, HOUSEHOLDS, rows, chunk.by)
        chunk.houses = self.stored(chunk.homes, chunk.by)
        issue_missing_codes(area_ids={house.area_id for house in chunk.houses}, by=chunk.by, at=self.town.now)

    def stored(self, homes: Sequence[tuple[Spot, Home]], by: Actor) -> list[House]:
        """The households as they lie in the database now; their numbers stand in a row."""
        numbers = [spot.number for spot, _home in homes]
        people: dict[str, list[UUID]] = defaultdict(list)
        ids: dict[str, tuple[UUID, int]] = {}
        rows = visible_residents(by).filter(household__number__range=(numbers[0], numbers[-1])).order_by("id")
        for number, id, area, person in rows.values_list("household__number", "household_id", "area_id", "id"):
            ids[number] = id, area
            people[number].append(person)
        house = self.town.staff.house
        return [house(*ids[spot.number], home, people[spot.number], spot) for spot, home in homes]

    @classmethod
    def nights(cls, *, by: Actor, now: datetime) -> str:
        """From a township on: people on file twice, namesakes and moves whose truth is known, and what is found."""
        with transaction_as(by):
            people = visible_residents(by).filter(left_at=None).exclude(born_on=None)
            many = people.count() // TWICE
            heads = people.filter(relation=Relation.HEAD.value).order_by("household__number", "pk")
            chosen = spread(list(heads.values_list("pk", flat=True)), 2 * many)
            return planted(chosen, people, by=by, now=now) if chosen else ""


def spread(ids: Sequence[UUID], many: int) -> list[UUID]:
    """So many of them, evenly."""
    return list(ids[:: max(1, len(ids) // many)][:many]) if many else []


def planted(chosen: Sequence[UUID], people: Any, *, by: Actor, now: datetime) -> str:
    """Of each of ``chosen`` somebody else's entry becomes a second one, or every other time that of a namesake; then
    the night looks for them. Of every fifth the household moves, and every other one back. In a sentence.
    """
    twice, namesakes = set[frozenset[UUID]](), set[frozenset[UUID]]()
    moves: list[tuple[UUID, int]] = []
    used: list[UUID] = []
    for number, one in enumerate(people.select_related("household__area").in_bulk(chosen).values()):
        near = people.filter(household__area=one.area_id).exclude(household=one.household_id)
        free = near.exclude(relation=Relation.HEAD.value).exclude(pk__in=used)
        other = free.order_by("household__number", "pk").first()
        if other is not None:
            real = number % 2 == 0
            used.append(other.pk)
            (twice if real else namesakes).add(frozenset((one.pk, other.pk)))
            save_resident(id=other.pk, household_id=other.household_id, name=one.name, sex=Sex(one.sex), by=by, at=now,
                          identity_number="", born_on=one.born_on if real else one.born_on + 400 * DAY)  # fmt: skip
        if number % 5 == 0 and (ends := moved(one.household, back=number % 2 == 1, by=by, now=now)):
            moves.append(ends)
    propose_duplicates(by=by, at=now)
    found = {frozenset(pair) for pair in Duplicate.objects.values_list("resident_id", "twin_id")}
    lie = dict(visible_households(by).filter(pk__in=[id for id, _area in moves]).values_list("pk", "area_id"))
    return gettext(
        "Planted, and found: %(found)s of %(twice)s people on file twice, with %(wrong)s of %(namesakes)s namesakes "
        "taken for one of them; %(right)s of %(moves)s moved households lie where they should."
    ) % {
        "found": len(found & twice),
        "twice": len(twice),
        "wrong": len(found & namesakes),
        "namesakes": len(namesakes),
        "right": sum(lie[id] == area for id, area in moves),
        "moves": len(moves),
    }


def moved(home: Household, *, back: bool, by: Actor, now: datetime) -> tuple[UUID, int] | None:
    """A household goes to a neighbouring grid, and ``back``: which, and where it should lie then."""
    near = visible_households(by).filter(area__parent=home.area.parent_id).exclude(area=home.area_id)
    there = near.order_by("number").values_list("area_id", flat=True).first()
    if there is None:
        return None
    done = move_households(id=new_id(), household_ids=[home.pk], area_id=there, by=by, at=now)
    if back:
        undo_move(together=done[0].together, by=by, at=now)
    return home.pk, home.area_id if back else there


def rows_of(spot: Spot, home: Home) -> Iterator[dict[str, str]]:
    """A household as rows of the household table."""
    tags = defaultdict(list)
    for place, code in home.tags:
        tags[place].append(code)
    for place, one in enumerate(home.people):
        yield {
            "village": spot.village.code,
            "grid": spot.grid.code,
            "number": spot.number,
            "name": one.name,
            "sex": one.sex,
            "identity_number": one.identity_number,
            "relation": one.relation,
            "phone": one.phone,
            "address": home.address,
            "tags": "、".join(tags[place]),
        }

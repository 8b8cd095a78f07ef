"""Makes the made-up county and stores it through the same doors as real data.

Units, staff and households go in as rows of the tables that an operator imports, checks included; visits and
matters through the loaders of a county's past.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from django.db import connections, transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.demo.past import House, Past, Person
from minqing.demo.people import Home, Homes, sizes
from minqing.demo.places import Place, make_county
from minqing.demo.scales import SAMPLE, SIZES, Scale, Size, share
from minqing.demo.services.lookups import Lookups
from minqing.demo.services.twists import Twists
from minqing.demo.staff import PASS_PHRASE, SIGN_INS, Cells, Staff, unit_cells, villages_of
from minqing.households.imports import HOUSEHOLDS
from minqing.households.queries import visible_households, visible_residents
from minqing.households.services import issue_missing_codes
from minqing.intake.kinds import Kind, Row, Table
from minqing.intake.seen import seen
from minqing.journal.services import Json, record
from minqing.matters.services import draw_call_backs, escalate_due, rebuild_days
from minqing.matters.services.history import load_past_matters
from minqing.org.enums import Level
from minqing.org.imports import staff as staff_table
from minqing.org.imports import units as unit_table
from minqing.org.queries import account_by_username, area_by_code, system_actor, work_calendar
from minqing.org.services import save_area, set_password
from minqing.privacy.access import transaction_as
from minqing.visits.services.history import load_care, load_past_visits

BEGUN, LOADED = "demo.county.begun", "demo.county.loaded"
ACTOR = "demo"
# households that are made, stored and given their past together
CHUNK = 500
# days since the first deadline that was missed, and since answers that are called back
LATE, CALLED = 21, 30


class NotARow(RuntimeError):
    """A made-up row that an import would refuse: a mistake of this room."""


def load_demo(*, scale: Scale, seed: int, console: Console) -> Size:
    """Fill an empty database; the caller has made sure that it is one. Returns what it holds then.

    A village or township comes in one transaction. A county would hold too many locks for one: cut off, it leaves
    a part that :func:`minqing.demo.services.contents` knows.
    """
    return load(SIZES[scale], scale=scale.value, seed=seed, console=console, at_once=scale is not Scale.COUNTY)


def load_sample(*, console: Console) -> Size:
    """A county's places with few people and some thousand matters, for the benches to copy."""
    return load(SAMPLE, scale="sample", seed=1, console=console, at_once=True)


def load(size: Size, *, scale: str, seed: int, console: Console, at_once: bool) -> Size:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    data: dict[str, Json] = {"scale": scale, "seed": seed}
    whole: AbstractContextManager[object] = transaction.atomic() if at_once else nullcontext()
    with bar, whole:
        made = Load(size, seed, bar)
        # thousands of savepoints in one transaction slow each statement behind them down: see Load.put
        record(type=BEGUN, subject="demo", by=Actor.system(ACTOR), data=data)
        made.organisation()
        made.households()
        made.passed()
        record(type=LOADED, subject="demo", by=Actor.system(ACTOR), data=data)
    # the planner knows nothing of tables filled this fast; only their owner may tell it
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return size


@dataclass(frozen=True)
class Spot:
    """A household to be: its place in the county's order, its number, village and grid."""

    number: str
    village: Place
    grid: Place


class Load:
    """One load on its way."""

    def __init__(self, size: Size, seed: int, bar: Progress) -> None:
        self.size, self.seed, self.bar = size, seed, bar
        self.county = make_county(seed=seed, townships=size.townships, villages=size.villages, grids=size.grids)
        self.villages = villages_of(self.county)
        self.now = clock.now()
        self.random = Random(f"load-{seed}")  # noqa: S311  # made-up data, not secrets
        self.homes = Homes(seed, clock.local_date(self.now))

    def organisation(self) -> None:
        """Areas with their borders, units, everybody with a post, and the demo's pass phrase."""
        by = Actor.system(ACTOR)
        for place, above in self.bar.track(list(tree(self.county)), description="Areas"):
            longitude, latitude = place.centre
            save_area(
                code=place.code, name=place.name, level=Level(place.level),
                parent=area_by_code(above) if above else None, boundary=place.boundary, latitude=latitude,
                longitude=longitude, valid_from=clock.local_date(self.now), by=by,
            )  # fmt: skip
        by = system_actor(ACTOR)
        self.store(unit_table.KIND, list(unit_cells(self.county)), by, "Units")
        people = Staff(self.county, seed=self.seed, cadres=self.size.cadres)
        self.store(staff_table.KIND, list(people.cells()), by, "Staff")
        for one in self.bar.track(SIGN_INS, description="Sign-ins"):
            account = account_by_username(one.username)
            if account is not None:
                set_password(account=account, password=PASS_PHRASE, by=by)

    def store(self, kind: Kind, cells: Sequence[Cells], by: Actor, description: str) -> None:
        """A whole table in small pieces."""
        with seen() as book:
            table = kind.open(by, book)
            for start in self.bar.track(range(0, len(cells), 100), description=description):
                self.put(table, kind, cells[start : start + 100], by)

    @transaction.atomic
    def put(self, table: Table, kind: Kind, cells: Iterable[Cells], by: Actor) -> None:
        """Rows checked and stored as an import does it; one event."""
        empty = {column.name: "" for column in kind.columns}
        rows = []
        for number, cell in enumerate(cells, 1):
            row = Row(number, ())
            table.check(row, empty | cell)
            rows.append(row)
        stored = table.store(rows)
        wrong = next((row for row in rows if row.problems), None)
        if wrong or stored.created != len(rows):
            raise NotARow(f"{kind.code}: {stored}, {wrong and {name: str(it) for name, it in wrong.problems.items()}}")
        record(type=kind.event, subject="demo", by=by, data={"created": stored.created})

    def households(self) -> None:
        """Household files with codes at the doors, a chunk at a time, each with its past."""
        total = self.size.households
        task = self.bar.add_task("Households", total=total)
        by = system_actor(ACTOR)
        with seen() as book:
            with transaction_as(by):
                table, lookups = HOUSEHOLDS.open(by, book), Lookups(by, self.county)
                calendar = work_calendar()
                self.twists = Twists(self.now)
                leader = Person(found.id, found.name) if (found := self.twists.leader) and found.id else None
            past = Past(
                self.seed, now=self.now, calendar=calendar, days=self.size.days, desk=lookups.desk, leader=leader
            )
            for start in range(0, total, CHUNK):
                end = min(start + CHUNK, total)
                homes = self.make(start, end)
                with transaction_as(by):
                    self.put(table, HOUSEHOLDS, (cells for spot, home in homes for cells in rows_of(spot, home)), by)
                    self.give_past(past, stored_houses(homes, lookups, by), start, end, by)
                self.bar.update(task, completed=end)

    def give_past(self, past: Past, houses: Sequence[House], start: int, end: int, by: Actor) -> None:
        """Codes at the doors, visits, matters and care for the households from ``start`` up to ``end``."""
        size, total = self.size, self.size.households
        issue_missing_codes(area_ids={house.area_id for house in houses}, by=by, at=self.now)
        visits, matters = past.of(
            houses,
            visits=share(size.visits, start, end, total),
            circulated=share(size.circulated, start, end, total),
            under_way=share(size.under_way, start, end, total),
            solved=share(size.solved, start, end, total),
        )
        load_past_matters(matters, by=by)
        load_past_visits(visits, by=by)
        load_care(past.care(houses, visits), by=by)
        self.twists.give(matters)

    def passed(self) -> None:
        """What the county's own nights made of it: late matters carried up day by day, the lot for call backs."""
        by = system_actor(ACTOR)
        for days in range(LATE, -1, -1):
            escalate_due(by=by, at=self.now - timedelta(days=days))
        draw_call_backs(by=by, at=self.now, days=CALLED)
        rebuild_days(by=system_actor("matters.days"), at=self.now)

    def make(self, start: int, end: int) -> list[tuple[Spot, Home]]:
        total = self.size.households
        people = sizes(self.random, end - start, share(self.size.residents, start, end, total))
        made = []
        for place, size in zip(range(start, end), people, strict=True):
            spot = self.spot(place)
            made.append((spot, self.homes.home(spot.number, spot.village.name, size)))
        return made

    def spot(self, place: int) -> Spot:
        """Villages are filled one after the other, their grids in turn."""
        at = place * len(self.villages) // self.size.households
        village = self.villages[at]
        return Spot(f"{village.code}-{place + 1:06d}", village, village.parts[place % len(village.parts)])


def tree(place: Place, above: str = "") -> Iterator[tuple[Place, str]]:
    """Every area with the code of the one above it, upper ones first."""
    yield place, above
    for part in place.parts:
        yield from tree(part, place.code)


def rows_of(spot: Spot, home: Home) -> Iterator[Cells]:
    """A household as rows of the household table."""
    tags = defaultdict(list)
    for place, code in home.tags:
        tags[place].append(code)
    for place, one in enumerate(home.people):
        yield {
            "village": spot.village.code, "grid": spot.grid.code, "number": spot.number, "name": one.name,
            "sex": one.sex, "identity_number": one.identity_number, "relation": one.relation, "phone": one.phone,
            "address": home.address, "tags": "、".join(tags[place]),
        }  # fmt: skip


def stored_houses(homes: Sequence[tuple[Spot, Home]], lookups: Lookups, by: Actor) -> list[House]:
    """The households as they lie in the database now."""
    numbers = [spot.number for spot, _home in homes]
    ids = {number: (id, area) for number, id, area in
           visible_households(by).filter(number__in=numbers).values_list("number", "id", "area_id")}  # fmt: skip
    people: dict[UUID, list[UUID]] = defaultdict(list)
    residents = visible_residents(by).filter(household_id__in=[id for id, _area in ids.values()])
    for household, id in residents.order_by("id").values_list("household_id", "id"):
        people[household].append(id)
    return [
        lookups.house(ids[spot.number][0], ids[spot.number][1], home, people[ids[spot.number][0]], spot.village,
                      spot.grid)
        for spot, home in homes
    ]  # fmt: skip

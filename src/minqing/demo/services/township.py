"""One township of the made-up county: its places, offices and staff, its households with their past.

It depends on nothing of another township, so that several can be loaded beside one another, in any order; the same
seed makes the same people either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from operator import itemgetter
from random import Random

from minqing.core import cache_version, clock
from minqing.core.actor import Actor
from minqing.demo.parts import parts
from minqing.demo.people import Homes, sizes
from minqing.demo.places import MadeArea, make_county
from minqing.demo.scales import Size, share
from minqing.demo.services.lookups import Lookups
from minqing.demo.services.storing import ACTOR, put, store
from minqing.demo.staff import PASS_PHRASE, SIGN_INS, Cells, Staff, unit_cells, villages_of
from minqing.households.demo import Chunk, DemoPart, Home, Spot, Town
from minqing.intake.storage.seen_keys import seen
from minqing.org.enums import Level
from minqing.org.imports import staff as staff_table
from minqing.org.imports import units as unit_table
from minqing.org.queries import account_by_username, area_by_code, areas_below, system_actor, work_calendar
from minqing.org.services import save_area, set_password
from minqing.privacy.access import transaction_as

# households that are made, stored and given their past together: so many at least, and whole villages
CHUNK = 400


@dataclass(frozen=True)
class Making:
    """What is to be made: the same for every township, whichever process loads it."""

    size: Size
    seed: int
    now: datetime

    @cached_property
    def county(self) -> MadeArea:
        size = self.size
        return make_county(seed=self.seed, townships=size.townships, villages=size.villages, grids=size.grids)

    @cached_property
    def staff(self) -> list[Cells]:
        return list(Staff(self.county, seed=self.seed, cadres=self.size.cadres).cells())


def store_county(making: Making) -> None:
    """The county itself: its area, its bureaus and services, those who work there."""
    store_areas([(making.county, "")], making.now)
    store_units(making, making.county, ())


def store_areas(places: Sequence[tuple[MadeArea, str]], now: datetime) -> None:
    """Places with the code of the one above each, with their borders."""
    for place, above in places:
        longitude, latitude = place.centre
        save_area(
            code=place.code,
            name=place.name,
            level=Level(place.level),
            parent=area_by_code(above) if above else None,
            boundary=place.boundary,
            latitude=latitude,
            longitude=longitude,
            valid_from=clock.local_date(now),
            by=Actor.system(ACTOR),
        )


def store_units(making: Making, top: MadeArea, below: Sequence[MadeArea]) -> None:
    """Units of ``top`` and the places below, everybody with a post in them, and the demo's pass phrase."""
    by, codes = system_actor(ACTOR), {top.code, *(place.code for place in below)}
    store(unit_table.KIND, [cells for cells in unit_cells(making.county) if cells["area"] in codes], by)
    people = [cells for cells in making.staff if cells["area"] in codes]
    store(staff_table.KIND, people, by)
    names = {cells["username"] for cells in people}
    for one in SIGN_INS:
        if one.username in names and (account := account_by_username(one.username)):
            set_password(account=account, password=PASS_PHRASE, by=by, for_good=True)


class Township:
    """One township on its way."""

    def __init__(self, making: Making, number: int) -> None:
        self.making, self.size, self.now = making, making.size, making.now
        self.town = making.county.parts[number]
        self.villages = villages_of(making.county)
        own = f"{making.seed}-{number}" if number else f"{making.seed}"
        self.random = Random(f"load-{own}")  # noqa: S311  # made-up data, not secrets
        self.homes = Homes(own, clock.local_date(self.now), number)
        self.own = own
        self.first = number * self.size.villages

    def load(self) -> Iterator[int]:
        """Store all of it; yields how many households were stored since the last word."""
        places = list(tree(self.town, self.making.county.code))
        store_areas(places, self.now)
        store_units(self.making, self.town, [place for place, _above in places])
        yield from self.households()

    def households(self) -> Iterator[int]:
        """Household files with codes at the doors, a chunk at a time, each with its past."""
        whole, area = system_actor(ACTOR), area_by_code(self.town.code)
        with seen() as book:
            with transaction_as(whole):
                staff = Lookups(whole, self.making.county, near=area.id if area else None)
                town = Town(
                    seed=self.own,
                    now=self.now,
                    size=self.size,
                    calendar=work_calendar(),
                    staff=staff,
                    open=lambda kind: kind.open(whole, book),
                    put=put,
                )
                made = [part(town) for part in parts()]
            for villages, start, end in self.chunks():
                homes = self.make(start, end)
                # it sees these alone: what asks for rows by their area looks through a village, not through the county
                by = replace(whole, areas=areas_below([staff.paths[village.code] for village in villages]))
                chunk = Chunk(homes, by, share=partial(share, start=start, end=end, of=self.size.households))
                with transaction_as(by), cache_version.assume_versions(cache_version.current_versions()):
                    live(made, chunk)
                yield end - start

    def chunks(self) -> Iterator[tuple[Sequence[MadeArea], int, int]]:
        """Villages with the places of their households in the county's order."""
        total, of, own = self.size.households, len(self.villages), len(self.town.parts)
        each = max(1, CHUNK * of // total)
        for at in range(0, own, each):
            start, end = self.first + at, self.first + min(at + each, own)
            yield self.villages[start:end], -(-start * total // of), -(-end * total // of)

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
        village = self.villages[place * len(self.villages) // self.size.households]
        return Spot(f"{village.code}-{place + 1:06d}", village, village.parts[place % len(village.parts)])


def tree(place: MadeArea, above: str) -> Iterator[tuple[MadeArea, str]]:
    """Every area with the code of the one above it, upper ones first."""
    yield place, above
    for part in place.parts:
        yield from tree(part, place.code)


def live(parts: Sequence[DemoPart], chunk: Chunk) -> None:
    """Everything that happened to a chunk of households: see :class:`minqing.households.demo.DemoPart`."""
    for part in parts:
        part.settle(chunk)
    for part in reversed(parts):
        part.make(chunk)
    for part in parts:
        part.store(chunk)
    for part in parts:
        part.go_on(chunk)
    for _at, act in sorted(chunk.past, key=itemgetter(0)):
        act()

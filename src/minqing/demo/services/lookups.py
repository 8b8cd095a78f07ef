"""Who works where in the made-up county, once it is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from minqing.core.actor import Actor
from minqing.demo.places import MadeArea
from minqing.demo.services import actors
from minqing.demo.staff import committee_of
from minqing.households.demo import Home, House, Spot, Worker
from minqing.org.enums import Role
from minqing.org.queries import areas_within, people_in, units_at_work

ROLES = (Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK, Role.HANDLER)


class Lookups:
    """Everybody by staff number, units by code: what ``households.demo.Staff`` asks for."""

    def __init__(self, by: Actor, county: MadeArea, *, near: int | None) -> None:
        """``near`` is the township whose people are looked up, with those who work for the whole county."""
        found = people_in(by, ROLES, near=near).order_by("staff_number").values_list("staff_number", "id", "name")
        self.people = {number: Worker(id, name) for number, id, name in found if number}
        self.cadres: dict[str, list[Worker]] = defaultdict(list)
        for number, person in self.people.items():
            if number.startswith("G-"):
                self.cadres[number[2:].rpartition("-")[0]].append(person)
        self.units = list(units_at_work())
        self.unit_ids = {unit.code: unit.id for unit in self.units}
        self.paths = dict(areas_within(by).values_list("code", "path"))
        self.town_of = {village.code: town for town in county.parts for village in town.parts}
        self.given: dict[str, int] = defaultdict(int)

    def house(self, id: UUID, area_id: int, home: Home, resident_ids: Sequence[UUID], spot: Spot) -> House:
        """A household in the care of the village's cadres in turn."""
        code = spot.village.code
        cadres = self.cadres[code]
        self.given[code] += 1
        return House(
            id=id,
            area_id=area_id,
            home=home,
            resident_ids=resident_ids,
            grid=spot.grid,
            village=spot.village,
            cadre=cadres[self.given[code] % len(cadres)],
            secretary=self.people[f"S-{code}"],
            clerk=self.people[f"C-{self.town_of[code].code}"],
            committee_id=self.unit_ids[committee_of(spot.village)],
        )

    person = staticmethod(actors.person)
    of_unit = staticmethod(actors.of_unit)
    clerk_over = staticmethod(actors.clerk_over)

"""Who works where in the made-up county, once it is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from minqing.core.actor import Actor
from minqing.demo.past import Desk, House, Person
from minqing.demo.people import Home
from minqing.demo.places import Place
from minqing.demo.staff import committee_of
from minqing.demo.words import Story
from minqing.matters.queries import categories
from minqing.matters.suggestion import suggest, topics_of, unit_for
from minqing.org.enums import Role
from minqing.org.queries import areas_within, people_in, units_at_work

ROLES = (Role.CADRE, Role.VILLAGE_SECRETARY, Role.CLERK, Role.HANDLER)


class Lookups:
    """Everybody by staff number, units by code, the desk for a story in a village."""

    def __init__(self, by: Actor, county: Place, *, near: int | None) -> None:
        """``near`` is the township whose people are looked up, with those who work for the whole county."""
        found = people_in(by, ROLES, near=near).order_by("staff_number").values_list("staff_number", "id", "name")
        self.people = {number: Person(id, name) for number, id, name in found if number}
        self.cadres: dict[str, list[Person]] = defaultdict(list)
        for number, person in self.people.items():
            if number.startswith("G-"):
                self.cadres[number[2:].rpartition("-")[0]].append(person)
        self.units = list(units_at_work())
        self.unit_ids = {unit.code: unit.id for unit in self.units}
        self.categories = {row.code: row for row in categories()}
        self.words = topics_of(self.categories.values())
        self.paths = dict(areas_within(by).values_list("code", "path"))
        self.town_of = {village.code: town for town in county.parts for village in town.parts}
        self.topics: dict[str, str] = {}
        self.desks: dict[tuple[str, str], Desk] = {}
        self.given: dict[str, int] = defaultdict(int)

    def house(
        self, id: UUID, area_id: int, home: Home, resident_ids: Sequence[UUID], village: Place, grid: Place
    ) -> House:
        """A household in the care of the village's cadres in turn."""
        cadres = self.cadres[village.code]
        self.given[village.code] += 1
        return House(
            id=id, area_id=area_id, home=home, resident_ids=resident_ids, grid=grid, village=village,
            cadre=cadres[self.given[village.code] % len(cadres)], secretary=self.people[f"S-{village.code}"],
            clerk=self.people[f"C-{self.town_of[village.code].code}"],
            committee_id=self.unit_ids[committee_of(village)],
        )  # fmt: skip

    def desk(self, story: Story, topic: str, house: House) -> Desk:
        """Category, unit and officer as the triage would suggest them for a story told in that village."""
        key = (story[0], house.village.code)
        if key not in self.desks:
            category = self.categories[self.topic(story) or topic]
            unit = unit_for(category.unit_code, self.paths[house.village.code], self.units)
            if unit is None:
                raise LookupError(f"no unit for {category.code}")
            # a village's own matters are in its secretary's hands
            handler = self.people.get(f"H-{unit.code}", house.secretary)
            self.desks[key] = Desk(category.code, unit.id, handler, category.working_days)
        return self.desks[key]

    def topic(self, story: Story) -> str:
        """The category that the triage would suggest, wherever it is told; empty for none."""
        if story[0] not in self.topics:
            found = suggest(story[0], story[1], self.words, most=1)
            self.topics[story[0]] = found[0].code if found else ""
        return self.topics[story[0]]

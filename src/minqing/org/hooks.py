"""Moments of the organisation at which rooms above join in: what they hold of a place, a unit or a person.

Before an area is moved or closed, a unit put out of use or an account switched off, the operator is shown what that
touches, and what would be left without anybody is refused. The operator reads none of it: counts are enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from minqing.core.hooks import Hook
from minqing.org.kinds import placed_in
from minqing.org.queries import area_path, areas_below, system_actor
from minqing.org.rules import Holding
from minqing.privacy.access import acting_as

# called as the system: each counts what is there, whoever may see it
of_areas: Final[Hook[[frozenset[int]], Iterable[Holding]]] = Hook("org.of_areas")
of_unit: Final[Hook[[int], Iterable[Holding]]] = Hook("org.of_unit")
of_person: Final[Hook[[UUID], Iterable[Holding]]] = Hook("org.of_person")


def held_of_area(area_id: int) -> list[Holding]:
    """What all rooms hold of an area and of those below it, without what there is none of."""
    ids = areas_below([area_path(area_id)])
    with acting_as(system_actor("what an area holds")):
        return some([placed_in(ids), *of_areas(ids)])


def held_of_unit(unit_id: int) -> list[Holding]:
    with acting_as(system_actor("what a unit holds")):
        return some(of_unit(unit_id))


def held_of_person(account_id: UUID) -> list[Holding]:
    with acting_as(system_actor("what a person holds")):
        return some(of_person(account_id))


def some(answers: Sequence[Iterable[Holding]]) -> list[Holding]:
    return [one for answer in answers for one in answer if one.count]

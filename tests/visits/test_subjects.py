"""What diaries hold of a person: of visits to them alone, wherever they lived, and nobody else's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.models import Household, Resident
from minqing.households.services import move_resident
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from minqing.visits import subjects
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, Visit
from minqing.visits.services import record_visit
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def visited(cast: Cast, home: Household, text: str, *met: Resident, people: str = "") -> Visit:
    cadre = cast.actor("cadre")
    with acting_as(cadre):
        return record_visit(id=new_id(), household=home, visited_at=clock.now(), met=Met.AT_HOME, text=text,
                            met_people=people, met_resident_ids=[one.pk for one in met], by=cadre)  # fmt: skip


def person(cast: Cast, one: Resident, **values: Any) -> Person:
    with cast.everything():
        now = Resident.objects.get(pk=one.pk)
    given = {"cause": "test:1", "name": now.name, "resident": now.pk, "household": now.household_id}
    return Person(**given | {"areas": frozenset({cast.own.id})} | values)


def texts(cast: Cast, one: Person) -> list[str]:
    with cast.everything():
        return [row["text"] for section in subjects.give(one) for row in section.rows]


@pytest.mark.parametrize("ended", [False, True], ids=["as they stand", "by an entry that ended"])
def test_visits_to_a_former_home_are_given_and_erased(cast: Cast, ended: bool) -> None:
    home, later = cast.household(), cast.household()
    one, other = cast.resident(home, "何桂香"), cast.resident(home, "张水根")
    visited(cast, home, "她有高血压，住溪边", one)
    both = visited(cast, home, "何桂香说她要搬走", one, other)
    with acting_as(cast.actor("village_secretary")) as by:
        move_resident(resident_id=one.pk, household_id=later.pk, by=by)
    mover = person(cast, one, alone=True)
    if ended:
        homes = frozenset({later.pk})
        mover = replace(mover, resident=None, household=None, merged=frozenset({one.pk}), left=homes, lone=homes)
    assert texts(cast, mover) == ["她有高血压，住溪边", ""]
    with cast.everything() as by:
        assert subjects.find(mover).records == 2
        assert subjects.erase(person=mover, by=by, at=clock.now()) == 2
        assert sorted(DiaryEntry.objects.values_list("text", flat=True)) == ["", "某某说她要搬走"]
        assert [one.pk for one in both.entry.met_residents.all()] == [other.pk]


def test_where_somebody_else_was_met_nothing_is_this_persons_alone(cast: Cast) -> None:
    home = cast.household()
    one, wife = cast.resident(home, "何大明"), cast.resident(home, "张桂芬")
    visited(cast, home, "她说想走", wife)
    visited(cast, home, "说起想走的事", one, people="邻居李四")
    alone = person(cast, one, alone=True)
    assert texts(cast, alone) == ["说起想走的事"]
    assert texts(cast, person(cast, one, alone=False)) == [""]
    with cast.everything() as by:
        subjects.erase(person=alone, by=by, at=clock.now())
        assert sorted(DiaryEntry.objects.values_list("text", flat=True)) == ["", "她说想走"]


def test_other_peoples_names_are_covered_in_a_copy_and_a_longer_name_is_not_taken_for_the_persons(cast: Cast) -> None:
    home, next_door = cast.household(), cast.household()
    one = cast.resident(home, "王芳")
    cast.resident(next_door, "王芳芳"), cast.resident(next_door, "张建国")
    visited(cast, home, "王芳说丈夫王芳芳骂她，是张建国打的", one)
    assert texts(cast, person(cast, one)) == ["王芳说丈夫某某骂她，是某某打的"]

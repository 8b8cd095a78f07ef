"""What matters hold of a person: theirs by name and number together, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core import clock
from minqing.households.models import Household
from minqing.matters import subjects
from minqing.matters.enums import State
from minqing.matters.models import Matter, Reporter, Step
from minqing.privacy.subjects import Person
from tests.cast import Cast, at

pytestmark = pytest.mark.django_db
PHONE = "13857500001"


def told_by(cast: Cast, name: str, phone: str, **values: Any) -> Matter:
    ended = {"state": State.CONFIRMED, "lead_unit": cast.office, "finished_at": at("2026-06-01 09:00")}
    made = cast.matter(**ended | values)
    with cast.everything():
        Reporter.objects.create(matter=made, name=name, phone=phone)
    return made


def person(cast: Cast, home: Household | None = None, **values: Any) -> Person:
    given = {"cause": "test:1", "name": "何桂香", "phones": frozenset({PHONE}), "areas": frozenset({cast.own.id})}
    return Person(**given | {"household": home.pk if home else None} | values)


def test_a_number_that_a_family_shares_is_the_persons_only_with_the_name(cast: Cast) -> None:
    mine = told_by(cast, "何桂香", PHONE)
    told_by(cast, "", PHONE), told_by(cast, "何大明", PHONE), told_by(cast, "何桂香", "13900000000")
    with cast.everything():
        assert subjects.raised_by(person(cast)) == [mine.pk]


def test_a_report_without_a_name_is_the_persons_where_nobody_else_bears_the_number(cast: Cast) -> None:
    unnamed = told_by(cast, "", PHONE)
    told_by(cast, "", PHONE, area=cast.far), told_by(cast, "", PHONE, confidential=True)
    with cast.everything():
        assert subjects.raised_by(person(cast)) == [unnamed.pk]
    wife = cast.resident(cast.household(), "张桂芬", phone=PHONE)
    with cast.everything():
        assert subjects.raised_by(person(cast)) == []
        assert subjects.raised_by(person(cast, resident=wife.pk)) == [unnamed.pk]


def test_a_correction_reaches_reports_under_the_persons_own_name_only(cast: Cast) -> None:
    mine, unnamed = told_by(cast, "何桂香", PHONE), told_by(cast, "", PHONE)
    with cast.everything() as by:
        assert len(subjects.raised_by(person(cast))) == 2
        assert subjects.correct(person=person(cast), values={"name": "何桂芳"}, by=by, at=clock.now()) == 1
        names = {one.matter_id: one.name for one in Reporter.objects.all()}
        assert names == {mine.pk: "何桂芳", unnamed.pk: ""}


def test_what_a_neighbour_reported_for_the_household_is_the_neighbours(cast: Cast) -> None:
    home = cast.household()
    told_by(cast, "张水根", "13900000000", household=home)
    silent = cast.matter(household=home)
    cast.matter(household=home, confidential=True)
    with cast.everything():
        assert subjects.raised_by(person(cast, home, alone=True)) == [silent.pk]
        assert subjects.raised_by(person(cast, home, alone=False)) == []


def test_of_the_neighbours_words_only_the_name_and_the_numbers_are_covered(cast: Cast) -> None:
    theirs = told_by(cast, "张水根", "13900000000", title="狗叫", text=f"何桂香家的狗叫，她的电话 {PHONE}，请管一管。")
    with cast.everything() as by:
        assert subjects.erase(person=person(cast), by=by, at=clock.now()) == 1
        theirs.refresh_from_db(fields=["title", "text"])
        assert (theirs.title, theirs.text) == ("狗叫", "某某家的狗叫，她的电话 【电话】，请管一管。")
        assert Reporter.objects.get(matter=theirs).name == "张水根"


def test_that_there_was_one_and_how_it_ended_stays(cast: Cast) -> None:
    mine = told_by(cast, "何桂香", PHONE, text="屋顶漏水", place="溪边路3号")
    with cast.everything() as by:
        subjects.erase(person=person(cast), by=by, at=clock.now())
        left = Matter.objects.get(pk=mine.pk)
        assert (left.title, left.text, left.place, left.ticket, left.search) == ("—", "", "", None, None)
        assert (left.number, left.state, left.received_at) == (mine.number, "confirmed", mine.received_at)
        assert not Reporter.objects.filter(matter=mine).exists()


def test_the_answer_in_a_copy_names_nobody_else(cast: Cast) -> None:
    """The unit wrote it, and told of a neighbour whom the person need not know as the other party."""
    cast.resident(cast.household(), "张桂芬")
    mine = told_by(cast, "何桂香", PHONE)
    with cast.everything():
        Step.objects.create(
            id=mine.pk, matter=mine, move="finish", state="finished", at=at("2026-06-01 09:00"), by="system:test",
            public=True, text="何桂香同志：已请邻居张桂芬（13857500088）移走柴堆。",
        )  # fmt: skip
        (section,) = subjects.give(person(cast))
    answer = section.rows[0]["answer"]
    assert answer.startswith("何桂香同志：已请邻居")
    assert "张桂芬" not in answer
    assert "13857500088" not in answer

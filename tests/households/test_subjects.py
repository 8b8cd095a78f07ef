"""What household files hold of a person: of a home in which others live on, and among people of one name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minqing.core import clock
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.households import subjects
from minqing.households.enums import TagSource
from minqing.households.models import Household, HouseholdCode, Resident, TagGrant
from minqing.households.services import grant_tag, move_resident
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def person(cast: Cast, one: Resident) -> Person:
    with cast.everything() as by:
        return subjects.person_of(by, one.pk, cause="test:1")


def test_somebody_who_lives_alone_takes_place_note_and_code_along(cast: Cast) -> None:
    home = cast.household(note="何桂香腿脚不便")
    one = cast.resident(home, "何桂香")
    cast.code(home)
    with cast.everything() as by:
        assert subjects.erase(person=person(cast, one), by=by, at=clock.now()) == 1
        home.refresh_from_db()
        assert (home.address, home.note, home.closed_at is not None) == ("", "", True)
        assert not HouseholdCode.objects.filter(household=home).exists()
        assert Event.objects.get(type="households.person.erased").data == {
            "people": 1, "tags": 0, "covered": 0,
        }  # fmt: skip


def test_where_others_live_on_the_place_stays_and_the_note_loses_the_name(cast: Cast) -> None:
    home = cast.household(note="何桂香腿脚不便，由儿子照看")
    one, other = cast.resident(home, "何桂香"), cast.resident(home, "何大明")
    cast.code(home)
    with cast.everything() as by:
        subjects.erase(person=person(cast, one), by=by, at=clock.now())
        home.refresh_from_db()
        assert (home.address, home.closed_at) == ("溪边路3号", None)
        assert home.note == "某某腿脚不便，由儿子照看"
        assert list(home.residents.values_list("pk", flat=True)) == [other.pk]
        assert HouseholdCode.objects.filter(household=home).exists()
        assert not TagGrant.objects.filter(household=home).exists()


def test_nobody_is_alone_in_a_household_in_which_somebody_else_ever_was(cast: Cast) -> None:
    """What was noted of a wife who left or moved is not her husband's."""
    home, new = cast.household(), cast.household()
    one, wife = cast.resident(home, "何大明"), cast.resident(home, "张桂芬")
    with cast.everything() as by:
        Resident.objects.filter(pk=wife.pk).update(left_at=clock.now())
        assert not person(cast, one).alone
        Resident.objects.filter(pk=wife.pk).update(left_at=None)
        move_resident(resident_id=wife.pk, household_id=new.pk, by=by)
    assert not person(cast, one).alone
    assert person(cast, wife).alone


def test_a_tag_of_somebody_else_is_neither_given_nor_erased(cast: Cast) -> None:
    home = cast.household()
    one, wife = cast.resident(home, "何大明"), cast.resident(home, "张桂芬")
    clerk, ids = cast.actor("clerk"), {}
    with acting_as(clerk):
        for whose in (one, wife, None):
            ids[whose] = new_id()
            grant_tag(id=ids[whose], household_id=home.pk, tag_code="lives-alone-old", reason="走访", by=clerk,
                      source=TagSource.VISIT, resident_id=whose.pk if whose else None)  # fmt: skip
    told = replace(person(cast, one), alone=True)
    with cast.everything():
        assert {grant.pk for grant in subjects.grants_of(told)} == {ids[one], ids[None]}


def test_a_name_that_somebody_else_of_the_township_bears_finds_nothing_by_itself(cast: Cast) -> None:
    one = cast.resident(cast.household(), "何桂香", phone="13857500001")
    assert person(cast, one).words == ("何桂香", "13857500001")
    cast.resident(cast.household(cast.far), "何桂香")
    assert not person(cast, one).namesakes
    cast.resident(cast.household(cast.other), "何桂香")
    assert person(cast, one).words == ("13857500001",)


def test_a_correction_is_checked_as_the_form_checks_it(cast: Cast) -> None:
    one = cast.resident(cast.household(), "何桂香")
    told = person(cast, one)
    with cast.everything() as by:
        for wrong in ({"born_on": "昨天"}, {"phone": "12"}, {"identity_number": "1"}):
            with pytest.raises(DomainError):
                subjects.correct(person=told, values=wrong, by=by, at=clock.now())
        assert subjects.correct(person=told, values={"born_on": "1962-03-08"}, by=by, at=clock.now()) == 1
        assert Resident.objects.get(pk=one.pk).born_on.isoformat() == "1962-03-08"  # type: ignore[union-attr]
        assert Household.objects.filter(pk=one.household_id).exists()


def test_the_reason_of_a_tag_is_given_without_other_people(cast: Cast) -> None:
    home = cast.household()
    one = cast.resident(home, "何桂香")
    cast.resident(cast.household(), "张桂芬")
    clerk, reason = cast.actor("clerk"), "何桂香独居，邻居张桂芬（13857500088）照看"
    with acting_as(clerk):
        grant_tag(id=new_id(), household_id=home.pk, tag_code="lives-alone-old", reason=reason, by=clerk,
                  source=TagSource.VISIT, resident_id=one.pk)  # fmt: skip
    with cast.everything():
        sections = {section.code: section for section in subjects.give(person(cast, one))}
    told = sections["tags"].rows[0]["reason"]
    assert told.startswith("何桂香独居")
    assert "张桂芬" not in told
    assert "13857500088" not in told


def test_what_is_noted_of_the_person_at_a_neighbour_s_loses_the_name(cast: Cast) -> None:
    one = cast.resident(cast.household(), "何桂香")
    near, far = (cast.household(area, note="钥匙在何桂香处") for area in (cast.other, cast.far))
    with cast.everything() as by:
        subjects.erase(person=person(cast, one), by=by, at=clock.now())
        notes = [Household.objects.get(pk=home.pk).note for home in (near, far)]
    # of another township it may be anybody
    assert notes == ["钥匙在某某处", "钥匙在何桂香处"]

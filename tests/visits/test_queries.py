"""What may be seen of visits, by both walls."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.hazards.services import Seen
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.models import HouseholdAssignment, Visit
from minqing.visits.queries import (
    SOMEBODY,
    filtered,
    visible_assignments,
    visible_entries,
    visible_photos,
    visible_visits,
)
from minqing.visits.services import assign_household, record_visit
from tests.cast import Cast, at

NOW = at("2026-11-20 12:00")


def seen() -> Seen:
    return Seen(id=new_id(), words="灶台")


def visit(cast: Cast, role: str, when: str = "2026-11-20 09:00", **values: object) -> Visit:
    actor = cast.actor(role)
    place = {"cadre": cast.own, "other_cadre": cast.other, "far_cadre": cast.far}[role]
    house = values.pop("household", None) or cast.household(place)
    given = {"met": Met.AT_HOME, "met_people": "户主", "text": "CANARY-DIARY"} | values
    with acting_as(actor):
        return record_visit(id=new_id(), household=house, visited_at=at(when), by=actor, at=NOW, **given)  # type: ignore[arg-type]


@pytest.mark.fault(22)
@pytest.mark.parametrize("role", list(Role))
def test_both_walls_show_the_same_visits(cast: Cast, role: Role) -> None:
    for who in ("cadre", "other_cadre", "far_cadre"):
        visit(cast, who, hazards=[seen()])
    actor = cast.actor(role.value)
    with cast.everything() as clerk:
        for place in (cast.own, cast.other, cast.far):
            house = cast.household(place)
            assign_household(household=house, account_id=cast.account("cadre").pk, every_days=30, by=clerk, at=NOW)
        everything = {model: set(model.objects.values_list("pk", "area_id")) for model in (Visit, HouseholdAssignment)}
    with acting_as(actor):
        for model, first_wall in ((Visit, visible_visits), (HouseholdAssignment, visible_assignments)):
            second = set(model.objects.values_list("pk", flat=True))
            assert set(first_wall(actor).values_list("pk", flat=True)) == second
            assert second == {pk for pk, area in everything[model] if area in actor.areas}


@pytest.mark.fault(22)
@pytest.mark.parametrize("table", ["visit", "diaryentry", "visithazard", "householdassignment", "visitphoto"])
def test_sql_without_an_actor_sees_nothing(cast: Cast, table: str) -> None:
    visit(cast, "cadre", hazards=[seen()])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM visits_{table}")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("role", ["leader", "analyst"])
def test_leaders_see_that_a_visit_was_and_not_what_was_said(cast: Cast, role: str) -> None:
    visit(cast, "cadre")
    actor = cast.actor(role)
    with acting_as(actor):
        assert visible_visits(actor).count() == 1
        assert not visible_entries(actor).exists()
        assert not visible_photos(actor).exists()
    answer = cast.client(role).get("/visits/")
    assert answer.status_code == 200
    assert b"CANARY-DIARY" not in answer.content
    assert "溪边路".encode() not in answer.content


def test_days_of_the_filter_are_local_and_both_included(cast: Cast) -> None:
    first = visit(cast, "cadre", "2026-11-10 00:00")
    last = visit(cast, "cadre", "2026-11-12 23:59")
    visit(cast, "cadre", "2026-11-09 23:59")
    visit(cast, "cadre", "2026-11-13 00:00")
    actor = cast.actor("cadre")
    with acting_as(actor):
        found = list(filtered(actor, since=date(2026, 11, 10), until=date(2026, 11, 12)))
    assert [one.pk for one in found] == [last.pk, first.pk]


def test_filters_narrow_by_area_person_hazard_and_who_was_met(cast: Cast) -> None:
    fire = visit(cast, "cadre", hazards=[seen()])
    nobody = visit(cast, "other_cadre", met=Met.NOBODY, text="")
    clerk: Actor = cast.actor("clerk")
    with acting_as(clerk):

        def found(**narrow: object) -> set[object]:
            return {one.pk for one in filtered(clerk, **narrow)}  # type: ignore[arg-type]

        assert found() == {fire.pk, nobody.pk} == found(area_id=cast.town.id)
        assert found(area_id=cast.own.id) == {fire.pk} == found(hazard=True)
        assert found(met=Met.NOBODY) == {nobody.pk} == found(account_id=cast.account("other_cadre").pk)
        assert found(met=SOMEBODY) == {fire.pk}
        assert found(area_id=cast.far.id) == set()


def test_once_leaves_the_last_fitting_visit_to_each_household(cast: Cast) -> None:
    house = cast.household()
    visit(cast, "cadre", "2026-11-10 09:00", household=house)
    last = visit(cast, "cadre", "2026-11-11 09:00", household=house)
    visit(cast, "cadre", "2026-11-12 09:00", household=house, met=Met.NOBODY)
    actor = cast.actor("cadre")
    with acting_as(actor):
        assert [one.pk for one in filtered(actor, met=SOMEBODY, once=True)] == [last.pk]


@pytest.mark.parametrize("many", [1, 3, 1000])
def test_visits_with_a_hazard_are_the_same_whether_there_are_many_or_few(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("minqing.visits.queries.visibility.MANY", many)
    both = visit(cast, "cadre", "2026-11-19 09:00", hazards=[seen(), seen()])
    gas = visit(cast, "other_cadre", hazards=[seen()])
    visit(cast, "far_cadre")
    actor = cast.actor("leader")
    with acting_as(actor):
        shown = [one.pk for one in filtered(actor, hazard=True)]
        there = [one.pk for one in filtered(actor, hazard=True, area_id=cast.own.pk)]
    assert shown == [gas.pk, both.pk]
    assert there == [both.pk]

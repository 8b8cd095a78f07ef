"""Two at who cares for a household and what was seen there, in both orders."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.services import store_picture
from minqing.households.models import Household
from minqing.org.queries import system_actor
from minqing.sync.rules import value_version
from minqing.visits import services
from minqing.visits.models import Campaign, FileConflict, HouseholdAssignment, Promise, Visit, VisitPhoto
from minqing.visits.services import follow_household
from minqing.visits.services.assignments import assign_households
from tests.files.pictures import jpeg
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def home(stage: Stage, **values: Any) -> Household:
    with transaction.atomic():
        return stage.cast.household(**values)


def care(stage: Stage, one: Household, days: int) -> dict[str, Any]:
    return {"household": one, "account_id": stage.cast.account("cadre").pk, "every_days": days}


def visit(one: Household) -> dict[str, Any]:
    return {
        "id": new_id(),
        "household": one,
        "visited_at": clock.now(),
        "met": "at_home",
        "met_people": "张大妈",
        "text": "都好。",
    }


@SCENES.of(services.assign_household)
def put_into_care_by_two(stage: Stage) -> Pair:
    one = home(stage)
    calls = [stage.call("village_secretary", services.assign_household, **care(stage, one, days)) for days in (30, 60)]

    def look(*_ends: Any) -> None:
        assert HouseholdAssignment.objects.get(household=one, until=None).every_days in {30, 60}

    return Pair(*calls, look)


@SCENES.of(services.hand_over_care, services.record_visit)
def handed_over_while_it_is_visited(stage: Stage) -> Pair:
    one = home(stage)
    cadre, other = stage.cast.account("cadre").pk, stage.cast.account("village_secretary").pk
    stage.done("village_secretary", services.assign_household, **care(stage, one, 30))
    given = {"id": new_id(), "account_id": cadre, "to_id": other, "area_ids": [stage.cast.own.pk]}

    def look(*_ends: Any) -> None:
        held = HouseholdAssignment.objects.filter(household=one, until=None)
        assert [row.account_id for row in held] == [other]
        # the next scene begins with nothing in their care
        held.update(until=clock.today())

    return Pair(
        stage.call("village_secretary", services.hand_over_care, **given),
        stage.call("cadre", services.record_visit, **visit(one)),
        look,
    )


@SCENES.of(services.open_campaign, services.close_campaign)
def a_round_ended_by_two_while_its_form_comes_again(stage: Stage) -> Pair:
    today = clock.today()
    given = {"id": new_id(), "name": "走访", "area_id": stage.cast.town.pk, "since": today, "until": today}
    made = stage.done("clerk", services.open_campaign, **given)

    def look(*_ends: Any) -> None:
        assert Campaign.objects.get(pk=made.pk).closed_at is not None

    again = stage.call("clerk", services.open_campaign, **given)
    return Pair(again, stage.call("clerk", services.close_campaign, campaign_id=made.pk), look)


@SCENES.of(services.close_campaign)
def one_round_ended_by_two(stage: Stage) -> Pair:
    today = clock.today()
    given = {"id": new_id(), "name": "走访", "area_id": stage.cast.town.pk, "since": today, "until": today}
    made = stage.done("clerk", services.open_campaign, **given)
    call = stage.call("clerk", services.close_campaign, campaign_id=made.pk)
    return Pair(call, call, lambda *_ends: None)


@SCENES.of(assign_households)
def several_put_into_care_by_two_in_another_order(stage: Stage) -> Pair:
    rows = [home(stage), home(stage)]
    cadre = stage.cast.account("cadre").pk
    calls = [
        stage.call(
            "village_secretary", assign_households, id=new_id(), households=some, account_id=cadre, every_days=days
        )
        for some, days in ((rows, 30), (rows[::-1], 60))
    ]

    def look(*_ends: Any) -> None:
        kept = HouseholdAssignment.objects.filter(household__in=rows, until=None)
        assert sorted(kept.values_list("every_days", flat=True)) in ([30, 30], [60, 60])

    return Pair(*calls, look)


@SCENES.of(services.assign_household, services.record_visit)
def visited_while_first_put_into_care(stage: Stage) -> Pair:
    one = home(stage)

    def look(*_ends: Any) -> None:
        assert HouseholdAssignment.objects.get(household=one, until=None).last_visit_at is not None

    return Pair(
        stage.call("cadre", services.record_visit, **visit(one)),
        stage.call("village_secretary", services.assign_household, **care(stage, one, 60)),
        look,
    )


def in_a_visit(stage: Stage) -> dict[str, Any]:
    made = stage.done("cadre", services.record_visit, **visit(home(stage)))
    return {"id": new_id(), "visit": made, "text": "下周送补丁瓦", "due_on": clock.today()}


@SCENES.of(services.make_promise)
def the_same_promise_twice(stage: Stage) -> Pair:
    given = in_a_visit(stage)
    call = stage.call("cadre", services.make_promise, **given)

    def look(*ends: Any) -> None:
        assert {one.pk for one in ends} == {given["id"]}
        assert Promise.objects.filter(visit=given["visit"]).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.settle_promise)
def settled_by_two(stage: Stage) -> Pair:
    given = in_a_visit(stage)
    made = stage.done("cadre", services.make_promise, **given)
    calls = [stage.call(who, services.settle_promise, promise_id=made.pk, kept=kept)
             for who, kept in (("cadre", True), ("village_secretary", False))]  # fmt: skip

    def look(*ends: Any) -> None:
        kept = Promise.objects.get(pk=made.pk)
        assert [type(one) for one in ends].count(Promise) == 1
        assert kept.kept in {True, False}

    return Pair(*calls, look)


@SCENES.of(services.end_assignment)
def taken_out_of_care_by_two(stage: Stage) -> Pair:
    one = home(stage)
    kept = stage.done("village_secretary", services.assign_household, **care(stage, one, 30))
    call = stage.call("village_secretary", services.end_assignment, assignment=kept)

    def look(*_ends: Any) -> None:
        assert HouseholdAssignment.objects.get(pk=kept.pk).until is not None

    return Pair(call, call, look)


@SCENES.of(services.record_visit, services.assign_household)
def visited_while_the_days_change(stage: Stage) -> Pair:
    one = home(stage)
    stage.done("village_secretary", services.assign_household, **care(stage, one, 30))

    def look(*_ends: Any) -> None:
        row = HouseholdAssignment.objects.get(household=one, until=None)
        assert row.every_days == 60
        assert row.last_visit_at is not None
        assert (row.due_on - clock.local_date(row.last_visit_at)).days == 60

    return Pair(
        stage.call("cadre", services.record_visit, **visit(one)),
        stage.call("village_secretary", services.assign_household, **care(stage, one, 60)),
        look,
    )


@SCENES.of(services.follow_household, services.record_visit)
def visited_while_the_household_moves(stage: Stage) -> Pair:
    from minqing.households.services import save_household

    one = home(stage)
    stage.done("cadre", services.record_visit, **visit(one))

    def look(*_ends: Any) -> None:
        # the visit is stored before the household moves and follows it, or is refused
        follow_household(household_id=one.pk, area_id=stage.cast.other.pk, by=system_actor("test"))
        assert set(Visit.objects.filter(household=one).values_list("area", flat=True)) == {stage.cast.other.pk}

    return Pair(
        stage.call("cadre", services.record_visit, **visit(one)),
        stage.call("clerk", save_household, number=one.number, area_id=stage.cast.other.pk),
        look,
    )


@SCENES.of(services.record_visit, jobs=["visits.days"])
def visited_while_the_days_are_counted(stage: Stage) -> Pair:
    one, by = home(stage), stage.actor("system")

    def look(*_ends: Any) -> None:
        assert services.wrong_visit_days(by=by) == []
        services.count_stale_visit_days(by=by)
        assert services.wrong_visit_days(by=by) == []

    return Pair(job("visits.days"), stage.call("cadre", services.record_visit, **visit(one)), look)


@SCENES.of(services.count_stale_visit_days)
def stale_days_counted_by_two_jobs(stage: Stage) -> Pair:
    one, by = home(stage), stage.actor("system")
    stage.done("cadre", services.record_visit, **visit(one))

    def look(*_ends: Any) -> None:
        assert services.wrong_visit_days(by=by) == []

    return Pair(*[lambda: services.count_stale_visit_days(by=by)] * 2, look)


@SCENES.of(services.join_file)
def one_field_changed_by_two(stage: Stage) -> Pair:
    one = home(stage, number=f"H{new_id().hex[-10:].upper()}")
    known = {"address": value_version(one.address)}
    calls = [
        stage.call("cadre", services.join_file, household_id=one.pk, changes={"address": new}, base=known,
                   written_at=clock.now())
        for new in ("后山路8号", "桥头路2号")
    ]  # fmt: skip

    def look(*_ends: Any) -> None:
        kept = FileConflict.objects.get(household=one)
        assert {kept.value, Household.objects.get(pk=one.pk).address} == {"后山路8号", "桥头路2号"}

    return Pair(*calls, look)


@SCENES.of(services.decide_conflict)
def decided_by_two(stage: Stage) -> Pair:
    one = home(stage, number=f"H{new_id().hex[-10:].upper()}")
    stage.done("cadre", services.join_file, household_id=one.pk, changes={"address": "后山路8号"},
               base={"address": value_version("从前")}, written_at=clock.now())  # fmt: skip
    with transaction.atomic(), stage.cast.everything():
        kept = FileConflict.objects.get(household=one)
    calls = [stage.call(who, services.decide_conflict, conflict_id=kept.pk, take=True)
             for who in ("cadre", "village_secretary")]  # fmt: skip

    def look(*_ends: Any) -> None:
        assert Household.objects.get(pk=one.pk).address == "后山路8号"
        assert FileConflict.objects.get(pk=kept.pk).taken

    return Pair(*calls, look)


@SCENES.of(services.add_photo)
def a_photo_added_twice(stage: Stage) -> Pair:
    made = stage.done("cadre", services.record_visit, **visit(home(stage)))
    picture = stage.done("cadre", store_picture, id=new_id(), upload=BytesIO(jpeg((64, 48))), name="a.jpg")
    call = stage.call("cadre", services.add_photo, visit=made, attachment_id=picture.pk)

    def look(*ends: Any) -> None:
        assert ends[0] == ends[1] == VisitPhoto.objects.get(visit=made)

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)

"""What waits for a unit longer than it may is carried up as well: nobody has it yet, so others hear on each rung."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.deadlines import Target
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import overlooked, who_stands
from minqing.matters.enums import ClockKind, Mechanism, Move, State
from minqing.matters.models import Clock, Step
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.queries.finding import Filters, filtered
from minqing.matters.queries.visibility import visible_matters
from minqing.matters.services.periodic import UPKEEP
from minqing.org.enums import Role
from minqing.org.models import Post
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, person
from tests.matters.lives import Life, june

pytestmark = [pytest.mark.django_db, pytest.mark.fault(92)]
UPWARD = [Rung.HEAD, Rung.TOWNSHIP, Rung.CITY]


def staffed(cast: Cast) -> Cast:
    """With a desk of the county above those of the townships, and a leader of one township."""
    person(cast, "centre", Role.CLERK, cast.bureau, cast.city, "金一鸣")
    person(cast, "town_leader", Role.LEADER, cast.office, cast.town, "何建平")
    return cast


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(staffed(cast))


def climb(when: datetime) -> int:
    return deadlines.escalate_due(by=system_actor("test"), at=when)


def names(cast: Cast, accounts: Any) -> set[str]:
    keys = {account.pk: key for key, account in cast.people.items()}
    return {keys[one] for one in accounts}


def test_it_climbs_by_the_countys_ladder_and_stays_where_it_is(life: Life) -> None:
    matter = life.report()
    assert matter.due_at == june(2, "17:30")
    assert climb(june(2, "17:30")) == 0
    for rung, when in zip(UPWARD, (june(2, "17:31"), june(4, "17:31"), june(9, "17:31")), strict=True):
        assert climb(when - timedelta(minutes=2)) == 0
        assert climb(when) == 1
        assert climb(when) == 0
        now = life.now(matter)
        assert (now.rung, now.state, now.lead_unit_id) == (rung, State.RECEIVED, None)
    assert life.clock(matter, ClockKind.ASSIGN).escalate_at is None
    event = life.last_event(matter)
    assert (event.type, event.data["rung"]) == ("matters.matter.escalated", Rung.CITY)
    steps = life.look(
        lambda: list(Step.objects.filter(matter=matter, move=Move.ESCALATE).values_list("text", "public"))
    )
    assert sorted(steps) == [("上一级受理岗位", False), ("分管领导", False), ("负责分办的岗位和镇街领导", False)]
    assert life.look(lambda: overlooked(UPKEEP, june(20))) == []


def test_a_rung_that_is_passed_over_is_passed_over_here_too(life: Life) -> None:
    matter = life.report()
    steps = {Rung.HEAD: None, Rung.TOWNSHIP: Target(days=1), Rung.CITY: Target(days=5)}
    deadlines.set_ladder(book=CLOCKS, steps=steps, by=life.cast.actor("operator"))
    assert climb(june(2, "17:31")) == 0
    assert climb(june(3, "17:31")) == 1
    assert life.now(matter).rung == Rung.TOWNSHIP


def test_a_unit_gets_it_with_nobody_above_having_heard(life: Life) -> None:
    matter = life.report()
    climb(june(4, "17:31"))
    assert life.now(matter).rung == Rung.TOWNSHIP
    matter = life.do("clerk", "assign_matter", matter, unit=life.cast.bureau.pk, due_days=5, at=june(4, "18:00"))
    assert (matter.rung, life.clock(matter, ClockKind.ASSIGN).escalate_at) == (Rung.OFFICER, None)
    assert climb(june(9, "17:31")) == 0


def test_sent_back_it_begins_at_the_foot(life: Life) -> None:
    matter = life.assigned(due_days=1)
    assert climb(june(5)) == 2
    matter = life.do("handler", "send_back_matter", matter, reason="不归我们", proposed=life.cast.office.pk, at=june(5))
    assert matter.rung == Rung.OFFICER
    assert climb(june(5, "11:00")) == 0
    assert climb(june(8, "17:31")) == 1
    assert life.now(matter).rung == Rung.HEAD


def test_after_an_appeal_it_goes_on_from_the_rung_above(life: Life) -> None:
    matter = life.do("clerk", "decline_matter", life.report(), reason="属于供电公司", at=june(1))
    matter = life.do("cadre", "appeal_matter", matter, reason="是村里的灯", at=june(3))
    assert matter.rung == Rung.HEAD
    with acting_as(by := system_actor("test")):
        Clock.objects.filter(matter=matter).update(calendar="former")
    deadlines.reckon_clocks(by=by, at=june(3, "12:00"))
    assert life.now(matter).rung == Rung.HEAD, "other working days do not take it down"
    assert climb(june(4, "17:31")) == 0, "due now; the desk above hears two days later"
    assert climb(june(8, "17:31")) == 1
    assert life.now(matter).rung == Rung.TOWNSHIP


def test_with_more_time_to_assign_it_comes_down_again(life: Life) -> None:
    matter = life.report()
    climb(june(4, "17:31"))
    norm = {
        "book": CLOCKS,
        "way": Mechanism.IMMEDIATE,
        "kind": ClockKind.ASSIGN,
        "target": Target(days=10),
        "running": True,
    }
    deadlines.set_norm(**norm, by=life.cast.actor("operator"))
    deadlines.reckon_clocks(by=system_actor("test"), at=june(5))
    now = life.now(matter)
    assert (now.rung, now.due_at) == (Rung.OFFICER, june(15, "17:30"))
    assert climb(june(15, "17:29")) == 0
    assert climb(june(15, "17:31")) == 1


def test_another_ladder_holds_for_what_waits_too_long_already(life: Life) -> None:
    matter = life.report()
    assert climb(june(2, "17:31")) == 1
    steps = {Rung.HEAD: Target(days=0), Rung.TOWNSHIP: Target(hours=4), Rung.CITY: Target(days=1)}
    deadlines.set_ladder(book=CLOCKS, steps=steps, by=life.cast.actor("operator"))
    assert climb(june(3, "17:31")) == 2
    assert life.now(matter).rung == Rung.CITY


def queue(life: Life, who: str) -> set[Any]:
    """``Carried up to me``."""
    actor = life.cast.actor(who)
    with acting_as(actor):
        rows = filtered(visible_matters(actor), Filters(queue="escalated"), actor=actor)
        return set(rows.values_list("pk", flat=True))


def test_whoever_hears_finds_it_carried_up_to_him(life: Life) -> None:
    waits, held = life.report(), life.accepted(due_days=1)
    people = ("clerk", "town_leader", "centre", "leader", "unit_head", "far_clerk")
    # the township's clerk has what waits among what is to be sorted
    for when, both in (
        (june(2, "17:31"), {"town_leader": {waits.pk}, "unit_head": {held.pk}}),
        (june(4, "17:31"), {"clerk": {held.pk}, "town_leader": {waits.pk, held.pk}, "centre": {waits.pk, held.pk},
                            "unit_head": {held.pk}}),
        (june(9, "17:31"), {"clerk": {held.pk}, "town_leader": {waits.pk, held.pk}, "centre": {waits.pk, held.pk},
                            "unit_head": {held.pk}, "leader": {waits.pk, held.pk}}),
    ):  # fmt: skip
        assert climb(when) == 2
        assert {who: rows for who in people if (rows := queue(life, who))} == both, when


def test_the_pages_say_how_far_up_it_was_carried(life: Life) -> None:
    matter, given = life.report(), life.accepted(due_days=1)
    climb(june(4, "17:31"))
    detail = life.cast.client("leader").get(reverse("matters:detail", args=[matter.pk])).content.decode()
    assert "已上报到</dt><dd>上一级受理岗位" in detail
    wall = life.cast.client("leader").get(reverse("matters:wall")).content.decode()
    assert "已上报到上一级受理岗位" in wall
    assert "已上报到镇街" in wall
    fresh = life.report(when=clock.now())
    assert "已上报到" not in life.cast.client("leader").get(reverse("matters:detail", args=[fresh.pk])).content.decode()
    done = life.do("handler", "finish_matter", life.now(given), reply="好了", at=june(5))
    assert "已上报到" not in life.cast.client("leader").get(reverse("matters:detail", args=[done.pk])).content.decode()


def test_of_what_a_unit_has_the_countys_leader_hears_at_the_top_and_the_townships_before(life: Life) -> None:
    cast = life.cast
    place = {"area_id": cast.own.pk, "unit_id": cast.bureau.pk, "waiting": False}
    assert [names(cast, who_stands(rung, **place)) for rung in UPWARD] == [
        {"unit_head", "centre"}, {"clerk", "town_leader"}, {"leader"},
    ]  # fmt: skip


def test_where_a_rung_is_empty_somebody_hears_all_the_same(life: Life) -> None:
    cast = life.cast
    place = {"area_id": cast.own.pk, "unit_id": None, "waiting": True}
    Post.objects.filter(account=cast.account("centre")).delete()
    assert [names(cast, who_stands(rung, **place)) for rung in UPWARD[1:]] == [{"leader"}, {"leader"}]
    Post.objects.filter(account=cast.account("clerk")).delete()
    Post.objects.filter(account=cast.account("town_leader")).delete()
    assert names(cast, who_stands(Rung.HEAD, **place)) == {"leader"}
    Post.objects.filter(account=cast.account("leader")).delete()
    person(cast, "clerk_again", Role.CLERK, cast.office, cast.town, "林晓")
    assert [names(cast, who_stands(rung, **place)) for rung in UPWARD] == [{"clerk_again"}] * 3

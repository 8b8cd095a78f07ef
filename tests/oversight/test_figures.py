"""The six figures, what they were before, and where what is open stands: each is the number of its rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.matters.enums import Move, State
from minqing.matters.models import Matter, Step
from minqing.matters.queries.stages import stages
from minqing.org.queries import areas_seen
from minqing.oversight.queries.groups import Groups
from minqing.oversight.queries.periods import Periods, matters_of
from minqing.oversight.queries.standing import Standing, standing
from minqing.oversight.slots import answers, flows, stands
from minqing.privacy.access import acting_as
from minqing.web.overview import Scope
from tests.cast import Cast, at, category

NOW = at("2026-11-29 12:00")
SINCE = date(2026, 10, 31)


def scope_of(actor: Actor, since: date = SINCE, now: datetime = NOW) -> Scope:
    return Scope(actor, since, now.date(), now, areas=areas_seen(actor))


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def step(cast: Cast, matter: Matter, move: Move, state: State, when: datetime) -> None:
    with cast.everything():
        Step.objects.create(id=new_id(), matter=matter, move=move.value, state=state.value, at=when, by="user:x")


def finished(
    cast: Cast, days: float, *, due: float | None = None, received: float | None = None, **values: Any
) -> Matter:
    """Answered so many days ago; ``due`` and ``received`` as well."""
    return cast.matter(
        cast.own,
        state=State.FINISHED,
        lead_unit=cast.office,
        received_at=days_ago(received or days + 1),
        assigned_at=days_ago(received or days + 1),
        finished_at=days_ago(days),
        changed_at=days_ago(days),
        due_at=None if due is None else days_ago(due),
        **values,
    )


def test_what_came_and_was_finished_stands_beside_the_period_before(cast: Cast) -> None:
    for days in (1, 2, 29, 31, 59, 61):
        finished(cast, days, received=days)
    with acting_as(actor := cast.actor("leader")):
        received, done = flows(Periods(scope_of(actor)))
    assert (received.value, done.value) == (3, 3)
    assert "(2)" in received.change.replace("（", "(").replace("）", ")")
    assert received.spark
    assert received.spark.was


def test_the_days_are_those_of_the_county(cast: Cast) -> None:
    for moment in ("2026-10-30 23:59", "2026-10-31 00:00", "2026-11-29 23:59"):
        cast.matter(cast.own, received_at=at(moment))
    with acting_as(actor := cast.actor("leader")):
        periods = Periods(scope_of(actor))
        assert periods.number("received") == 2
        assert periods.number("received", before=True) == 1
        assert sum(week.received for week in periods.weeks()) == 3


def test_in_time_is_of_what_was_finished_with_a_deadline_and_silence_counts_apart(cast: Cast) -> None:
    finished(cast, 3, due=2, last_solved=True)
    finished(cast, 4, due=3, last_solved=False)
    finished(cast, 5, due=6)
    finished(cast, 6)
    finished(cast, 40, due=39, last_solved=True)
    with acting_as(actor := cast.actor("leader")):
        in_time, solved = answers(Periods(scope_of(actor)))
    assert in_time.value == "67 %"
    assert "2 / 3" in in_time.change
    assert '<b class="bad">低 33 点</b>' in in_time.change
    assert (solved.value, solved.unit) == (1, "/ 2 人")
    assert solved.change == "另 2 人没表态，单独算 · 上期 1 / 1"


def test_what_was_open_when_the_period_began_is_told_by_its_steps(cast: Cast) -> None:
    # open all the time, and late since before
    long = cast.matter(cast.own, received_at=days_ago(60), changed_at=days_ago(50), due_at=days_ago(40))
    # open then, answered since; late then
    done = finished(cast, 5, received=50, due=35)
    step(cast, done, Move.ACCEPT, State.ACCEPTED, days_ago(45))
    step(cast, done, Move.FINISH, State.FINISHED, days_ago(5))
    # answered then, opened again since
    again = cast.matter(cast.own, state=State.ASSIGNED, lead_unit=cast.office, received_at=days_ago(50),
                        assigned_at=days_ago(9), changed_at=days_ago(9))  # fmt: skip
    step(cast, again, Move.FINISH, State.FINISHED, days_ago(40))
    step(cast, again, Move.REOPEN, State.ASSIGNED, days_ago(9))
    # answered before and not touched since; came in since
    finished(cast, 35, received=50)
    cast.matter(cast.own, received_at=days_ago(2), changed_at=days_ago(2), due_at=days_ago(1))
    assert long.state == State.RECEIVED
    with acting_as(actor := cast.actor("leader")):
        n = standing(scope_of(actor))
        assert n == Standing(open=3, overdue=2, open_before=2, overdue_before=2)
        shown = stands(scope_of(actor), n)
    assert shown[0].change == '比期初 <b class="bad">多 1</b>（2）'
    assert shown[1].change == "与期初一样（2）"


def test_at_the_very_moment_what_was_is_what_is(cast: Cast) -> None:
    moved = cast.matter(cast.own, state=State.ACCEPTED, lead_unit=cast.office, received_at=at("2026-11-20 08:00"),
                        assigned_at=at("2026-11-20 09:00"), changed_at=at("2026-11-28 09:00"),
                        due_at=at("2026-11-27 18:00"))  # fmt: skip
    step(cast, moved, Move.ACCEPT, State.ACCEPTED, at("2026-11-28 09:00"))
    midnight = at("2026-11-29 00:00")
    with acting_as(actor := cast.actor("leader")):
        n = standing(scope_of(actor, since=date(2026, 11, 29), now=midnight))
    assert (n.open, n.overdue) == (n.open_before, n.overdue_before) == (1, 1)


def test_all_that_is_open_stands_in_one_place_of_the_way(cast: Cast) -> None:
    given = {"lead_unit": cast.office}
    cast.matter(cast.own, received_at=days_ago(4))
    cast.matter(cast.own, state=State.ASSIGNED, received_at=days_ago(7), assigned_at=days_ago(6), **given)
    still = cast.matter(cast.own, state=State.ACCEPTED, received_at=days_ago(40), assigned_at=days_ago(39),
                        due_at=days_ago(19), **given)  # fmt: skip
    moving = cast.matter(cast.own, state=State.ACCEPTED, received_at=days_ago(40), assigned_at=days_ago(39), **given)
    step(cast, moving, Move.ACT, State.ACCEPTED, days_ago(3))
    # only just taken on: nobody has had the time yet
    cast.matter(cast.own, state=State.ACCEPTED, received_at=days_ago(1), assigned_at=days_ago(1), **given)
    cast.matter(cast.own, state=State.SUSPENDED, received_at=days_ago(9), assigned_at=days_ago(9), **given)
    finished(cast, 1)
    with acting_as(actor := cast.actor("leader")):
        found = {(one.state, one.unmoved): (one.number, one.red) for one in stages(matters_of(scope_of(actor)), NOW)}
    assert found == {
        (State.RECEIVED, False): (1, 0),
        (State.ASSIGNED, False): (1, 0),
        (State.ACCEPTED, True): (1, 1),
        (State.ACCEPTED, False): (2, 0),
        (State.SUSPENDED, False): (1, 0),
    }
    assert still.state == State.ACCEPTED


def test_units_stand_in_the_countys_order_and_what_was_sent_back_is_not_theirs(cast: Cast) -> None:
    finished(cast, 3, due=2)
    finished(cast, 3, due=4)
    cast.matter(cast.own, state=State.RECEIVED, received_at=days_ago(2), lead_unit=cast.office, due_at=days_ago(1))
    cast.matter(cast.own, state=State.ASSIGNED, received_at=days_ago(2), assigned_at=days_ago(2), lead_unit=cast.bureau,
                due_at=days_ago(1))  # fmt: skip
    with acting_as(actor := cast.actor("leader")):
        groups = Groups(scope_of(actor))
        found = groups.units()
        rests = [groups.besides(found[:shown]) for shown in (2, 1)]
    numbers = {one.name: (one.received, one.open, one.overdue, one.timed, one.in_time) for one in found}
    assert numbers == {"石璜镇综合服务办": (2, 0, 0, 2, 1), "市交通运输局": (1, 1, 1, 0, 0)}
    # what no unit has, and the units that are not shown: with them the table adds up
    assert [(one.received, one.open, one.overdue, one.timed, one.in_time) for one in rests] == [
        (1, 1, 1, 0, 0),
        (3, 1, 1, 2, 1),
    ]
    # by their code, as everywhere; not by how much or how late
    assert list(numbers) == ["市交通运输局", "石璜镇综合服务办"]


@pytest.mark.parametrize("rows", [1, 3])
def test_everything_is_counted_in_six_statements(cast: Cast, rows: int, django_assert_num_queries: Any) -> None:
    for days in range(1, rows + 1):
        finished(cast, days, category=category("building"))
        cast.matter(cast.own, received_at=days_ago(days))
    with acting_as(actor := cast.actor("leader")):
        scope = scope_of(actor)
        groups = Groups(scope)
        groups.units()
        with django_assert_num_queries(6):
            periods = Periods(scope)
            flows(periods), answers(periods), standing(scope), stages(matters_of(scope), NOW), periods.weeks()
            groups = Groups(scope)
            groups.units(), groups.places(), groups.kinds("received")

"""What becomes of deadlines when a matter changes hands, and when it is opened again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils.translation import override

from minqing.deadlines import explain
from minqing.deadlines.services import reckon_clocks
from minqing.matters.enums import ClockKind, Move, State
from minqing.matters.models import Category, Clock, Matter
from minqing.matters.queries import deadlines_of, dossier_of
from minqing.org.models import Unit
from minqing.org.queries import system_actor, work_calendar
from tests.cast import Cast, category
from tests.matters.lives import Life, june, monday

pytestmark = pytest.mark.django_db
EVERY_DAY = {"every_day": True, "spans": [["08:00", "20:00"]]}
SHORT = [["09:00", "12:00"], ["13:00", "16:00"]]


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def open_at(unit: Unit, hours: Any) -> None:
    unit.hours = hours
    unit.save(update_fields=["hours"])


def pass_on(life: Life, matter: Matter, when: datetime, *, to: Unit | None = None) -> Matter:
    given = {"unit": (to or life.cast.office).id, "reason": "归服务办", "at": when}
    return life.do("clerk", "transfer_matter", matter, **given)


def why(life: Life, matter: Matter, kind: ClockKind) -> str:
    """The explanation of the newest clock of the kind, in Chinese."""
    with life.cast.everything(), override("zh-hans"):
        told = [
            (row.started_at, explain(reckoning))
            for row, reckoning in deadlines_of(dossier_of(matter.pk), work_calendar(), june(30))
            if row.kind == kind
        ]
    return "\n".join(max(told)[1])


def test_what_is_left_of_the_term_is_counted_in_the_new_unit_s_hours(life: Life) -> None:
    open_at(life.cast.office, EVERY_DAY)
    before = life.accepted()
    assert before.due_at == june(8, "17:30")
    matter = pass_on(life, before, june(5))
    # 2, 3, 4 June counted at the bureau; Friday 5 and Saturday 6 at the office, which closes at 20:00
    assert matter.due_at == june(6, "20:00")
    told = why(life, matter, ClockKind.FINISH)
    assert "从6月5日（周五）起，按现在承办单位的作息计算。" in told
    assert "调休" not in told
    clock = life.clock(matter, ClockKind.FINISH)
    assert (clock.unit_id, clock.relays) == (life.cast.office.id, [{"until": "2026-06-05", "hours": None}])


def test_passing_on_never_puts_a_deadline_into_the_past(life: Life) -> None:
    open_at(life.cast.office, EVERY_DAY)
    before = life.accepted(due_days=15)
    assert before.due_at == june(23, "17:30"), "19 June is the Dragon Boat Festival"
    matter = pass_on(life, before, june(22))
    # counted over the whole it would have been due on 16 June
    assert matter.due_at == june(23, "20:00")


def test_passed_on_after_business_the_day_was_still_the_former_unit_s(life: Life) -> None:
    open_at(life.cast.office, SHORT)
    assert pass_on(life, life.accepted(), june(5, "17:00")).due_at == june(8, "16:00")
    late = life.clock(pass_on(life, life.accepted(), june(5, "18:00")), ClockKind.FINISH)
    assert late.relays == [{"until": "2026-06-06", "hours": None}]


def test_passed_on_twice_each_unit_s_days_count_and_reckoning_anew_gives_the_same(life: Life) -> None:
    open_at(life.cast.office, EVERY_DAY)
    matter = pass_on(life, life.accepted(due_days=10), june(5))
    matter = pass_on(life, matter, june(8), to=life.cast.bureau)
    # 2, 3, 4 | 5, 6, 7 | 8, 9, 10, 11 June
    assert matter.due_at == june(11, "17:30")
    with life.cast.everything():
        Clock.objects.filter(matter=matter).update(calendar="")
    reckon_clocks(by=system_actor("test"), at=june(9))
    assert life.now(matter).due_at == june(11, "17:30")
    open_at(life.cast.office, SHORT)
    reckon_clocks(by=system_actor("test"), at=june(9))
    assert life.now(matter).due_at == june(11, "17:30"), "what the office's days were worth is past"


def test_the_leader_s_and_the_law_s_clocks_go_along(life: Life) -> None:
    open_at(life.cast.office, SHORT)
    matter = life.do("clerk", "assign_matter", life.supervised(), unit=life.cast.office.id, at=june(2))
    units = {kind: life.clock(matter, kind).unit_id for kind in (ClockKind.SUPERVISION, ClockKind.REPORT)}
    assert set(units.values()) == {life.cast.office.id}
    assert life.clock(matter, ClockKind.REPORT).due_at == june(8, "16:00")


def gone(unit: Unit) -> None:
    unit.active = False
    unit.save(update_fields=["active"])


def test_opened_again_a_unit_that_is_no_more_does_not_get_it(life: Life) -> None:
    matter = life.finished()
    gone(life.cast.bureau)
    matter = life.once("resident", "confirm_matter", matter, solved=False, text="又坏了", at=june(3))
    assert (matter.state, matter.lead_unit_id) == (State.ASSIGNED, life.cast.office.id)
    step = life.last_step(matter)
    assert (step.move, step.text) == (Move.REOPEN, "又坏了")
    assert life.cast.office.name in step.aside
    assert life.last_event(matter).data["instead_of"] == life.cast.bureau.id
    assert {life.clock(matter, kind).unit_id for kind in (ClockKind.ACCEPT, ClockKind.FINISH)} == {life.cast.office.id}


def test_opened_again_the_unit_that_had_it_has_it_and_nothing_is_said_of_another(life: Life) -> None:
    matter = life.do("resident", "confirm_matter", life.finished(), solved=False, at=june(3))
    assert matter.lead_unit_id == life.cast.bureau.id
    assert life.last_step(matter).aside == ""
    assert "instead_of" not in life.last_event(matter).data


def test_the_law_s_term_counts_anew_from_opening_again_and_says_so(life: Life) -> None:
    Category.objects.filter(pk=category().pk).update(legal_term="60nd")
    matter = life.accepted(category=category().code)
    first = life.clock(matter, ClockKind.LEGAL)
    assert first.started_at == monday("08:30")
    assert "重新办理" not in why(life, matter, ClockKind.LEGAL)
    matter = life.do("handler", "finish_matter", matter, reply="好了", at=june(2))
    matter = life.do("resident", "confirm_matter", matter, solved=False, at=june(3))
    again = life.clock(matter, ClockKind.LEGAL)
    assert (again.started_at, again.target, again.stopped_at) == (june(3), "60nd", None)
    assert life.look(lambda: Clock.objects.get(pk=first.pk)).stopped_at == june(2), "the first was met"
    assert "从头计算" in why(life, matter, ClockKind.LEGAL)

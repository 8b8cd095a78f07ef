"""Clocks: right in the cases that others got wrong, the same in whatever order things are told, and true to their word.

The rules of pauses are in :mod:`minqing.deadlines.pauses`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.clock import SHANGHAI, local_date
from minqing.deadlines import Extension, Pause, Reason, Reckoning, Target, explain, reckon
from minqing.deadlines.pauses import stills
from minqing.matters.enums import ClockKind
from minqing.worktime.calendar import WorkCalendar, default_calendar, statutory_days
from minqing.worktime.hours import ALL_DAY, WorkTime

WORK = WorkTime(default_calendar())
DUTY = WorkTime(default_calendar(), ALL_DAY)
DAY = timedelta(days=1)
NOTHING = timedelta()
FAR = datetime(2040, 1, 1, tzinfo=UTC)


def at(month: int, day: int, hour: int = 9, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def pause(start: datetime, end: datetime | None = None, **more: Any) -> Pause:
    return Pause(start, end, "reporter", **more)


def clock(start: datetime, target: str, *pauses: Pause, now: datetime | None = None, **more: Any) -> Reckoning:
    more = {"kind": ClockKind.FINISH, "work": WORK, **more}
    return reckon(start=start, target=Target.parse(target), pauses=pauses, now=now or start, **more)


def due(start: datetime, target: str, *pauses: Pause, **more: Any) -> datetime:
    found = clock(start, target, *pauses, **more).due_at
    assert found is not None
    return found


# --- terms


@pytest.mark.parametrize(
    ("start", "target", "end"),
    [
        (at(9, 30, 16), "5d", at(10, 13, 17, 30)),
        (at(2, 14, 16), "3d", at(2, 26, 17, 30)),
        (at(9, 30, 16), "4h", at(10, 8, 11)),
        (at(11, 23, 9), "0d", at(11, 23, 17, 30)),
        (at(11, 23, 18), "0d", at(11, 24, 17, 30)),
        (at(10, 1, 9), "0d", at(10, 8, 17, 30)),
        # natural days: a Sunday moves on, a holiday moves past its end, a worked Saturday does not move
        (at(9, 30, 16), "60nd", at(11, 30, 17, 30)),
        (at(9, 21, 16), "10nd", at(10, 8, 17, 30)),
        (at(9, 30, 16), "10nd", at(10, 10, 17, 30)),
    ],
)
def test_terms_end_where_the_law_ends_them(start: datetime, target: str, end: datetime) -> None:
    assert due(start, target) == end


@pytest.mark.parametrize("written", ["5d", "0d", "4h", "60nd"])
def test_targets_survive_being_stored(written: str) -> None:
    assert Target.parse(written).as_json() == str(Target.parse(written)) == written


@pytest.mark.parametrize(
    "wrong", ["", "5", "d", "-1d", "05d", "0h", "0nd", "1.5h", "5D", "9999d", "99999h", "٥d", " 5d", None, 5, "5d4h"]
)
def test_targets_that_cannot_be_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="target"):
        Target.parse(wrong)


def test_a_target_counts_in_exactly_one_unit() -> None:
    for wrong in ({}, {"days": 1, "hours": 1}, {"days": -1}):
        with pytest.raises(ValueError, match="target"):
            Target(**wrong)


def test_a_pause_that_ends_before_it_begins_and_moments_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="pause"):
        pause(at(9, 30, 16), at(9, 30, 15))
    row: dict[str, Any] = {
        "kind": ClockKind.FINISH,
        "start": at(9, 30),
        "target": Target(days=1),
        "work": WORK,
        "now": FAR,
    }
    for wrong in ({"start": at(9, 30).replace(tzinfo=None)}, {"stopped_at": at(10, 1).replace(tzinfo=None)}):
        with pytest.raises(ValueError, match="timezone"):
            reckon(**{**row, **wrong})


def test_an_extension_adds_to_the_target_and_leaves_the_start() -> None:
    more = [Extension(Target(days=2), at(10, 12))]
    found = clock(at(9, 30, 16), "5d", extensions=more)
    assert (found.start, found.due_at) == (at(9, 30, 16), at(10, 15, 17, 30))
    # 60 and 30 natural days are 90, not 60 moved off a rest day and then 30
    statutory = clock(at(9, 30, 16), "60nd", extensions=[Extension(Target(calendar_days=30), at(11, 20))])
    assert statutory.due_at == at(12, 29, 17, 30)
    assert due(at(9, 30, 16), "90nd") == statutory.due_at


def test_an_extension_in_another_unit_goes_on_from_where_the_target_ends() -> None:
    assert due(at(9, 30, 16), "5d", extensions=[Extension(Target(hours=2), at(10, 12))]) == at(10, 14, 10, 30)
    assert due(at(10, 9, 16), "4h", extensions=[Extension(Target(days=1), at(10, 9))]) == at(10, 12, 17, 30)


# --- pauses


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        # a few hours within a day
        ([pause(at(10, 9, 9), at(10, 9, 17, 29))], at(10, 13, 17, 30)),
        # the rest of a day
        ([pause(at(10, 9, 14), at(10, 9, 17, 30))], at(10, 14, 17, 30)),
        ([pause(at(10, 9, 14), at(10, 10, 10))], at(10, 14, 17, 30)),
        # outside working time: evening, night, weekend
        ([pause(at(10, 9, 17, 30), at(10, 10, 8, 30))], at(10, 13, 17, 30)),
        ([pause(at(10, 10, 18), at(10, 12, 8))], at(10, 13, 17, 30)),
        ([pause(at(10, 1), at(10, 8, 8))], at(10, 13, 17, 30)),
        # three closes
        ([pause(at(10, 8, 9), at(10, 11))], at(10, 16, 17, 30)),
        # told twice, in pieces, overlapping, with the first day, before the start, after the end
        ([pause(at(10, 8, 9), at(10, 11))] * 2, at(10, 16, 17, 30)),
        ([pause(at(10, 8, 9), at(10, 9, 9)), pause(at(10, 9, 9), at(10, 11))], at(10, 16, 17, 30)),
        ([pause(at(10, 8, 9), at(10, 9, 19)), pause(at(10, 9, 9), at(10, 11))], at(10, 16, 17, 30)),
        ([pause(at(9, 30, 17), at(10, 8, 9))], at(10, 13, 17, 30)),
        ([pause(at(9, 1), at(9, 29))], at(10, 13, 17, 30)),
        ([pause(at(10, 13, 17, 30), at(10, 20))], at(10, 13, 17, 30)),
    ],
)  # fmt: skip
def test_a_day_counts_when_the_clock_runs_at_its_close(pauses: list[Pause], end: datetime) -> None:
    assert due(at(9, 30, 16), "5d", *pauses) == end


def test_working_hours_stand_still_by_the_minute() -> None:
    assert due(at(10, 8, 9), "4h", pause(at(10, 8, 10), at(10, 8, 10, 20))) == at(10, 8, 14, 50)
    assert due(at(10, 8, 9), "4h", pause(at(10, 8, 12), at(10, 8, 13, 30))) == at(10, 8, 14, 30)
    # it was over when the pause began
    assert due(at(10, 8, 9), "3h", pause(at(10, 8, 12), at(10, 9, 12))) == at(10, 8, 12)


def test_natural_days_stand_still_on_rest_days_too() -> None:
    assert due(at(9, 30, 16), "10nd", pause(at(10, 3), at(10, 5, 9))) == at(10, 12, 17, 30)
    # moved off a Sunday to a Monday on which the clock stands: on to Tuesday
    assert due(at(11, 23, 16), "6nd", pause(at(11, 30, 9), at(11, 30, 18))) == at(12, 1, 17, 30)


def test_a_clock_that_stands_still_has_no_deadline_but_a_forecast() -> None:
    held = pause(at(10, 9, 9), None, planned_end=at(10, 15, 9))
    found = clock(at(9, 30, 16), "5d", held, now=at(10, 12, 9))
    assert (found.paused, found.due_at, found.forecast_at) == (True, None, at(10, 20, 17, 30))
    assert found.elapsed == hours(1.5 + 7.5 + 0.5)
    # the plan has passed: as if it ran again from now on
    late = clock(at(9, 30, 16), "5d", held, now=at(10, 16, 9))
    assert (late.due_at, late.forecast_at, late.elapsed) == (None, at(10, 21, 17, 30), found.elapsed)
    assert clock(at(9, 30, 16), "5d", replace(held, end=at(10, 16, 9)), now=FAR).due_at == late.forecast_at


def test_a_pause_after_the_deadline_neither_heals_nor_worsens_it() -> None:
    held = pause(at(10, 14, 10, 30))
    early, late = (clock(at(9, 30, 16), "5d", held, now=at(10, day, 16)) for day in (14, 30))
    assert early.due_at == late.due_at == at(10, 13, 17, 30)
    assert early.left == late.left == -hours(2)
    assert early.overdue
    assert early.paused


def test_a_stopped_clock_stands_for_good_and_ends_its_pause() -> None:
    held = pause(at(10, 9, 9))
    one, two = (clock(at(9, 30, 16), "5d", held, stopped_at=at(10, 12, 9), now=now) for now in (at(10, 12, 9), FAR))
    assert one == two
    assert (one.paused, one.due_at, one.elapsed) == (False, at(10, 15, 17, 30), hours(9.5))
    assert not one.overdue
    later = pause(at(10, 12, 10), at(11, 12))
    assert clock(at(9, 30, 16), "5d", held, later, stopped_at=at(10, 12, 9), now=FAR) == one


# --- what went wrong elsewhere


def test_the_clocks_of_one_matter_do_not_disturb_each_other() -> None:
    """Zammad #5177: a shorter norm for updates took the place of the one for the first response. Here each clock has
    its own row: the earlier deadline of one leaves the other's as it was."""
    contact = clock(at(11, 23, 9), "8h", kind=ClockKind.FIRST_CONTACT)
    report = clock(at(11, 23, 9), "2h", kind=ClockKind.REPORT)
    assert (contact.due_at, report.due_at) == (at(11, 24, 9, 30), at(11, 23, 11))
    answered = clock(at(11, 23, 9), "8h", kind=ClockKind.FIRST_CONTACT, stopped_at=at(11, 23, 15), now=FAR)
    assert answered.due_at == contact.due_at
    assert not answered.overdue


def test_nothing_of_a_target_given_up_stays_behind() -> None:
    """Zammad #4353: tickets already escalated stayed so after their norm was taken away. A longer target, or the
    same target back again, leaves no trace of the lateness that the shorter one had."""
    now = at(10, 15, 9)
    assert clock(at(9, 30, 16), "5d", now=now).overdue
    relieved = clock(at(9, 30, 16), "10d", now=now)
    assert not relieved.overdue
    assert relieved == clock(at(9, 30, 16), "10d", now=now)
    assert "overdue" not in {reason.code for reason in relieved.reasons}


def test_a_new_target_keeps_the_time_that_the_clock_stood_still() -> None:
    """GLPI #15605: when the priority brought another norm, it was counted from the opening without the days on hold."""
    held = pause(at(11, 24, 9), at(11, 27, 9))
    assert due(at(11, 23, 9), "10d", held) == at(12, 10, 17, 30)
    assert due(at(11, 23, 9), "3d", held) == at(12, 1, 17, 30)
    assert due(at(11, 23, 9), "8h", held) == at(11, 27, 9) + hours(0.5)


def test_waiting_for_somebody_else_is_not_lateness() -> None:
    """osTicket #3034: on hold or waiting for parts still went overdue, and nights and weekends were counted."""
    for target in ("3d", "8h", "5nd"):
        waiting = clock(at(11, 23, 9), target, pause(at(11, 23, 10)), now=at(12, 31))
        assert (waiting.due_at, waiting.overdue, waiting.elapsed) == (None, False, hours(1))
    assert due(at(11, 27, 17), "1h") == at(11, 30, 9)


def test_pause_change_of_target_and_several_clocks_at_once() -> None:
    """Frappe helpdesk #1554: shown as paused while the time ran on, and after the pause the first deadline was back."""
    held = pause(at(11, 23, 11), at(11, 25, 11))
    first = clock(at(11, 23, 9), "4h", held, kind=ClockKind.FIRST_CONTACT, now=at(11, 24, 16))
    assert (first.paused, first.elapsed, first.left) == (True, hours(2), hours(2))
    assert first.due_at == at(11, 25, 14, 30)
    open_end = clock(at(11, 23, 9), "4h", pause(at(11, 23, 11)), kind=ClockKind.FIRST_CONTACT, now=at(11, 24, 16))
    assert (open_end.due_at, open_end.elapsed, open_end.left) == (None, first.elapsed, first.left)
    # meanwhile another target for the answer, and a legal term that the pause holds up too
    assert due(at(11, 23, 9), "3d", held) == at(11, 27, 17, 30)
    assert due(at(11, 23, 9), "2d", held) == at(11, 26, 17, 30)
    assert due(at(11, 23, 9), "15nd", held, kind=ClockKind.LEGAL) == at(12, 9, 17, 30)


# --- faults of the calendar


@pytest.mark.fault(48)
def test_a_year_without_a_notice_is_counted_and_said_to_be_provisional() -> None:
    full = default_calendar()
    work = WorkTime(WorkCalendar(full.overrides, {y for y in full.known_years if y < 2027}, statutory_days))
    found = clock(at(12, 30, 16), "5d", work=work)
    assert (found.due_at, found.provisional) == (at(1, 7, 17, 30, year=2027), True)
    assert found.reasons[-2] == Reason("provisional", {"years": [2027]})
    with override("zh-hans"):
        assert "2027年1月1日至3日元旦放假，不计。" in explain(found)
        assert "2027 年放假安排尚未公布，此为暂估。" in explain(found)
    # a forecast into it is provisional too; a term in hours or natural days that does not reach it is not
    assert clock(at(12, 28, 9), "3d", pause(at(12, 29)), now=at(1, 5, year=2027), work=work).provisional
    assert not clock(at(12, 30, 16), "4h", work=work).provisional
    assert not clock(at(12, 1, 16), "28nd", work=work).provisional
    assert not clock(at(12, 30, 16), "60nd", work=replace(work, hours=ALL_DAY)).provisional


@pytest.mark.fault(49)
def test_a_make_up_day_changed_later_moves_the_deadline_and_the_explanation() -> None:
    before = clock(at(9, 30, 16), "5d")
    changed = WorkTime(WORK.calendar.with_overrides({date(2026, 10, 10): False}))
    after = clock(at(9, 30, 16), "5d", work=changed)
    assert (before.due_at, after.due_at) == (at(10, 13, 17, 30), at(10, 14, 17, 30))
    makeup = Reason("makeup", {"day": "2026-10-10", "names": ["国庆节"]})
    assert makeup in before.reasons
    assert makeup not in after.reasons
    # the old explanation can be kept, and read as it was
    kept = json.loads(json.dumps([reason.as_json() for reason in before.reasons]))
    assert explain(map(Reason.parse, kept)) == explain(before) != explain(after)


@pytest.mark.fault(50)
@given(st.dates(date(2008, 1, 1), date(2031, 6, 1)), st.integers(1, 40), st.sampled_from(["d", "nd"]))
def test_the_day_is_the_county_s_whatever_zone_the_moment_is_stored_in(day: date, count: int, unit: str) -> None:
    last = datetime.combine(day, time(23, 59), SHANGHAI).astimezone(UTC)
    morning = datetime.combine(day, time(9), SHANGHAI)
    target = f"{count}{unit}"
    assert due(last, target) == due(morning, target)
    assert due(last + timedelta(minutes=1), target) == due(morning + DAY, target)
    if unit == "nd":
        assert local_date(due(last, target)) >= day + count * DAY


@pytest.mark.fault(50)
def test_a_leap_day_counts_and_round_the_clock_a_day_ends_on_its_own_date() -> None:
    assert due(at(2, 28, year=2024), "1d") == at(2, 29, 17, 30, year=2024)
    assert due(at(2, 28, year=2024), "2nd", work=DUTY).date() == date(2024, 3, 1)
    with override("zh-hans"):
        assert explain(clock(at(2, 28, year=2024), "1d", work=DUTY))[-1] == "因此 2月29日（周四）24:00 到期。"


# --- for all clocks

STARTS = st.builds(datetime.combine, st.dates(date(2025, 12, 1), date(2026, 12, 15)), st.times(), st.just(SHANGHAI))
TARGETS = st.one_of(
    st.integers(0, 30).map(lambda n: Target(days=n)),
    st.integers(1, 90).map(lambda n: Target(hours=n)),
    st.integers(1, 40).map(lambda n: Target(calendar_days=n)),
)
WORKS = st.sampled_from([WORK, DUTY])


@st.composite
def some_pause(draw: st.DrawFn) -> Pause:
    start = draw(STARTS)
    length = draw(st.none() | st.timedeltas(NOTHING, timedelta(days=20)))
    # moments that clocks meet: openings and closes
    start = draw(st.sampled_from([start, start.replace(hour=17, minute=30, second=0, microsecond=0)]))
    return Pause(start, None if length is None else start + length, draw(st.sampled_from(["reporter", "season"])))


class Row(dict[str, Any]):
    """What a clock is reckoned from; told by its own repr, not by a printer that lists a calendar's every day."""

    def __repr__(self) -> str:
        return f"Row({super().__repr__()})"


@st.composite
def asked(draw: st.DrawFn) -> Row:
    """All that a clock is reckoned from, with pauses near its start."""
    start = draw(STARTS)
    pauses = draw(st.lists(some_pause(), max_size=4))
    offsets = draw(st.lists(st.timedeltas(timedelta(days=-5), timedelta(days=30)), min_size=4, max_size=4))
    near = [
        Pause(start + by, one.end and start + by + (one.end - one.start), one.reason_code)
        for one, by in zip(pauses, offsets, strict=False)
    ]
    extensions = st.lists(st.builds(Extension, TARGETS, STARTS), max_size=2)
    return Row({
        "kind": draw(st.sampled_from(ClockKind)), "start": start, "target": draw(TARGETS), "work": draw(WORKS),
        "pauses": near, "extensions": draw(extensions),
        "stopped_at": draw(st.none() | st.timedeltas(NOTHING, timedelta(days=40)).map(lambda by: start + by)),
        "now": start + draw(st.timedeltas(NOTHING, timedelta(days=60))),
    })  # fmt: skip


def later(one: datetime | None, other: datetime | None) -> bool:
    """Whether ``one`` is not before ``other``; standing still is later than any moment."""
    return one is None or (other is not None and one >= other)


@given(asked(), some_pause())
def test_one_more_pause_never_makes_it_due_earlier(given: dict[str, Any], more: Pause) -> None:
    before, after = reckon(**given), reckon(**{**given, "pauses": [*given["pauses"], more]})
    assert later(after.due_at, before.due_at)
    assert after.elapsed <= before.elapsed


@given(asked(), st.builds(Extension, TARGETS, STARTS))
def test_an_extension_never_makes_it_due_earlier_and_changes_nothing_else(
    given: dict[str, Any], more: Extension
) -> None:
    before, after = reckon(**given), reckon(**{**given, "extensions": [*given["extensions"], more]})
    assert later(after.due_at, before.due_at)
    assert (after.start, after.elapsed, after.paused) == (before.start, before.elapsed, before.paused)


@given(asked())
def test_time_in_a_pause_is_in_neither_elapsed_nor_term(given: dict[str, Any]) -> None:
    found = reckon(**given)
    start, end = found.start, found.stopped_at or max(given["now"], found.start)
    still = [(one.start, one.end or FAR) for one in given["pauses"]]
    # between two neighbouring bounds the clock either runs or stands
    bounds = sorted({start, end, *(min(max(moment, start), end) for one in still for moment in one)})
    ran = [
        (one, two) for one, two in pairwise(bounds) if not any(begin <= one and two <= stop for begin, stop in still)
    ]
    assert found.elapsed == sum((given["work"].worked_between(*one) for one in ran), NOTHING)
    assert found.paused == (found.stopped_at is None and any(begin <= end < stop for begin, stop in still))
    assert found.term == found.elapsed + found.left
    assert found.term >= NOTHING


@given(asked(), st.lists(st.integers(0, 1000), min_size=4, max_size=4))
def test_cutting_a_pause_in_two_changes_nothing(given: dict[str, Any], where: list[int]) -> None:
    cut: list[Pause] = []
    for one, share in zip(given["pauses"], where, strict=False):
        # an open pause is cut in the past: how long it will last is not known
        middle = one.start + ((one.end or max(one.start, given["now"])) - one.start) * share / 1000
        cut += [replace(one, end=middle), replace(one, start=middle)]
    whole, parts = reckon(**given), reckon(**{**given, "pauses": cut})
    assert parts == whole
    assert parts.reasons == whole.reasons


@given(asked())
def test_the_order_of_pauses_and_extensions_does_not_matter(given: dict[str, Any]) -> None:
    first = reckon(**given)
    for order in permutations(given["pauses"]):
        found = reckon(**{**given, "pauses": order, "extensions": given["extensions"][::-1]})
        assert found == first


@given(asked())
def test_reckoning_again_gives_the_same_to_the_last_word(given: dict[str, Any]) -> None:
    one, two = reckon(**given), reckon(**given)
    assert one == two
    assert explain(one) == explain(two)
    elsewhere = {**given, "start": given["start"].astimezone(UTC), "now": given["now"].astimezone(UTC)}
    assert explain(reckon(**elsewhere)) == explain(one)


@given(asked(), TARGETS)
def test_a_target_changed_in_a_pause_is_the_target_that_was_set_first(given: dict[str, Any], target: Target) -> None:
    """Moves are told to a row in two orders; at no moment after them can the order be seen."""
    held = Pause(given["start"] + hours(3), None, "reporter")
    row = {**given, "pauses": [], "stopped_at": None}
    paused_first = {**row, "pauses": [held], "target": target}
    changed_first = {**row, "target": target, "pauses": [held]}
    assert reckon(**paused_first) == reckon(**changed_first)
    resumed = replace(held, end=held.start + hours(30))
    assert reckon(**{**paused_first, "pauses": [resumed]}) == reckon(**{**changed_first, "pauses": [resumed]})


@given(asked(), st.timedeltas(NOTHING, timedelta(days=30)))
def test_no_clock_runs_backward(given: dict[str, Any], later_by: timedelta) -> None:
    one, two = reckon(**given), reckon(**{**given, "now": given["now"] + later_by})
    assert one.due_at == two.due_at
    assert two.elapsed >= one.elapsed >= NOTHING
    assert two.left <= one.left or one.due_at is None
    assert two.forecast_at >= one.forecast_at


@given(asked())
def test_the_explanation_lists_exactly_the_days_that_make_up_the_term(given: dict[str, Any]) -> None:
    found = reckon(**given)
    told = {reason.code: reason.data for reason in found.reasons}
    amounts = {"d": "counted_days", "nd": "counted_calendar_days"}
    for unit, code in amounts.items():
        terms = [given["target"], *(one.target_more for one in given["extensions"])]
        wanted = sum(term.amount for term in terms if term.unit == unit)
        if code not in told:
            continue
        ranges = [(date.fromisoformat(first), date.fromisoformat(last), n) for first, last, n in told[code]["ranges"]]
        listed = [first + k * DAY for first, _last, n in ranges for k in range(n)]
        assert all((last - first).days + 1 == n for first, last, n in ranges)
        assert len(listed) == len(set(listed)) == told[code]["total"]
        assert all(unit == "nd" or given["work"].is_working_day(day) for day in listed)
        assert all(_runs_at_close(given, day) for day in listed)
        if found.due_at is not None:
            assert len(listed) == (wanted or 1)
    assert told["stopped" if found.stopped_at else "due"]["at"] == found.due_at.isoformat() if found.due_at else True
    _ends_at_due(given, found, told)


def _runs_at_close(given: dict[str, Any], day: date) -> bool:
    """Or stands there too shortly to have waited: see ``standing``."""
    close = given["work"].close_of(day)
    stretches = stills(given["pauses"], start=given["start"], stopped_at=given["stopped_at"])
    around = [one for one in stretches if one.start < close <= (one.end or FAR)]
    return all(one.days(given["work"]) is None or one.days(given["work"].natural()) is None for one in around)


def _ends_at_due(given: dict[str, Any], found: Reckoning, told: dict[str, Any]) -> None:
    units = {given["target"].unit, *(one.target_more.unit for one in given["extensions"])}
    if found.due_at is None or len(units) > 1:
        return
    if "counted_hours" in told:
        assert timedelta(seconds=told["counted_hours"]["seconds"]) == found.term
        return
    counted = told.get("counted_days") or told["counted_calendar_days"]
    last = told["moved"]["to"] if "moved" in told else counted["ranges"][-1][1]
    assert last == found.due_at.date().isoformat()


@given(asked())
def test_days_off_make_up_days_and_lost_days_in_the_explanation_are_so(given: dict[str, Any]) -> None:
    found = reckon(**given)
    work, horizon = given["work"], found.due_at or FAR
    for reason in found.reasons:
        data = reason.data
        if reason.code == "holiday":
            first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
            assert not any(work.is_working_day(first + n * DAY) for n in range((last - first).days + 1))
            assert given["start"].date() <= first <= last <= horizon.date()
        if reason.code == "makeup":
            day = date.fromisoformat(data["day"])
            assert day.weekday() >= 5
            assert work.is_working_day(day)
        if reason.code == "pause":
            assert not any(_runs_at_close(given, date.fromisoformat(day)) for day in data["days"])
    assert all(isinstance(sentence, str) and sentence for sentence in explain(found))
    json.dumps([reason.as_json() for reason in found.reasons])


# --- in words


def test_the_explanation_of_the_national_day_in_chinese() -> None:
    held = pause(at(10, 9, 9), at(10, 10, 10))
    more = [Extension(Target(days=2), at(10, 12))]
    found = clock(at(9, 30, 16), "5d", held, extensions=more)
    with override("zh-hans"):
        assert explain(found, words={"reporter": "等群众补充材料"}) == [
            "自 9月30日（周三）16:00 起算，当天不计。",
            "期限：5 个工作日。",
            "10月12日（周一）09:00 批准延期 2 个工作日。",
            "10月1日至7日国庆节放假，不计。",
            "10月10日（周六）为国庆节调休上班日，照常上班。",
            "10月9日（周五）09:00 至 10月10日（周六）10:00 暂停计时（等群众补充材料），10月9日（周五）不计。",
            "计入：10月8日（周四）（1 天）、10月10日（周六）（1 天）、10月12日至16日（5 天），共 7 个工作日。",
            "因此 10月16日（周五）17:30 到期。",
        ]


def test_the_explanation_of_the_spring_festival_in_english() -> None:
    with override("en"):
        assert explain(clock(at(2, 14, 16), "3d")) == [
            "Counted from Sat 14 Feb, 16:00; that day itself does not count.",
            "Term: 3 working days.",
            "15 to 23 Feb: days off for Spring Festival, not counted.",
            "Counted: 24 to 26 Feb (3); together 3 working days.",
            "So it is due Thu 26 Feb, 17:30.",
        ]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (clock(at(9, 30, 18), "4h"), "9月30日（周三）18:00 不在工作时间内，自 10月8日（周四）08:30 起算。"),
        (clock(at(9, 30, 18), "0d"), "9月30日（周三）18:00 已过当天工作时间，以下一个工作日为准。"),
        (clock(at(9, 30, 16), "60nd"), "11月29日（周日）是休息日，顺延至下一个工作日11月30日（周一）。"),
        (clock(at(9, 30, 16), "60d"), "10月8日至12月29日共计 60 个工作日。"),
        (clock(at(10, 8, 9), "4h", pause(at(10, 8, 10), at(10, 8, 10, 20))),
         "10月8日（周四）10:00 至 10:20 暂停计时，其中工作时间 0 小时 20 分不计。"),
        (clock(at(10, 8, 9), "2d", pause(at(10, 9, 10), at(10, 9, 11))),
         "10月9日（周五）10:00 至 11:00 暂停计时，不影响期限。"),
        (clock(at(9, 30, 16), "5d", pause(at(10, 9)), now=at(10, 9, 10)), "10月9日（周五）09:00 起暂停计时。"),
        (clock(at(9, 30, 16), "5d", pause(at(10, 9)), now=at(10, 9, 10)),
         "恢复计时后才能确定到期时间，目前预计 10月13日（周二）17:30。"),
        (clock(at(9, 30, 16), "5d", stopped_at=at(10, 15)),
         "应于 10月13日（周二）17:30 到期，10月15日（周四）09:00 完成，已超期。"),
        (clock(at(9, 30, 16), "5d", stopped_at=at(10, 12)),
         "应于 10月13日（周二）17:30 到期，10月12日（周一）09:00 完成，未超期。"),
    ],
)  # fmt: skip
def test_each_turn_has_its_sentence(found: Reckoning, sentence: str) -> None:
    with override("zh-hans"):
        assert sentence in explain(found)


def test_every_kind_of_clock_has_a_name_in_every_language() -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            assert len({str(kind.label) for kind in ClockKind}) == len(ClockKind)


@pytest.mark.fault(123)
def test_minutes_over_the_close_of_business_win_no_day() -> None:
    without = due(at(9, 30, 16), "5d")
    for start, end in (((17, 29), (17, 31)), ((17, 0), (18, 0)), ((14, 31), (17, 30)), ((17, 29), (23, 59))):
        assert due(at(9, 30, 16), "5d", pause(at(10, 9, *start), at(10, 9, *end))) == without
    every_day = [pause(at(10, day, 17, 28), at(10, day, 17, 32)) for day in (9, 10, 13, 14)]
    assert due(at(9, 30, 16), "5d", *every_day) == without
    # over the night it is no longer a waiting
    assert due(at(9, 30, 16), "5d", pause(at(10, 9, 17, 29), at(10, 10, 8, 31))) == without
    assert due(at(9, 30, 16), "5d", pause(at(10, 9, 14, 30), at(10, 9, 17, 30))) > without


MINUTES = st.integers(0, 12 * 24 * 60)


@pytest.mark.fault(123)
@given(MINUTES, st.lists(MINUTES, min_size=2, max_size=12), st.sampled_from(["5d", "10nd", "20h"]))
def test_a_pause_cut_into_several_gives_no_more_than_the_whole(begin: int, cuts: list[int], target: str) -> None:
    start = at(9, 30, 16)
    moments = [start + timedelta(minutes=begin + cut) for cut in sorted(set(cuts))]
    pieces = [pause(first, last) for first, last in zip(moments[::2], moments[1::2], strict=False)]
    if not pieces:
        return
    assert due(start, target, *pieces) <= due(start, target, pause(pieces[0].start, pieces[-1].end))

"""Working hours and days, against counting by hand and two independent sources."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.clock import SHANGHAI, local_date
from minqing.worktime.calendar import WorkCalendar, default_calendar, special_days, statutory_days
from minqing.worktime.hours import ALL_DAY, USUAL, Hours, WorkTime
from minqing.worktime.relay import Relay

WORK = WorkTime(default_calendar())
DAY = timedelta(days=1)
# chinese_calendar has this Saturday free; the notice for 2006 (国办发明电〔2005〕35号) says 12月31日（星期六）上班
WORKED_BY_NOTICE = date(2005, 12, 31)
KNOWN = [year for year in range(2004, 2040) if special_days(year)]
MOMENTS = st.builds(
    datetime.combine,
    st.dates(date(2004, 1, 1), date(2031, 12, 31)),
    st.times(),
    st.sampled_from([UTC, SHANGHAI]),
)
AMOUNTS = st.timedeltas(timedelta(), timedelta(days=60))
WORKS = st.sampled_from([
    WORK,
    WorkTime(default_calendar(), ALL_DAY),
    WorkTime(default_calendar(), Hours(((0, 60), (60, 24 * 60)))),
    WorkTime(default_calendar(), Hours(((9 * 60, 16 * 60),), every_day=True)),
])  # fmt: skip


def at(month: int, day: int, hour: int = 9, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        # a Wednesday afternoon, seven days of National Day, a worked Saturday
        (at(9, 30, 16), hours(1.5), at(9, 30, 17, 30)),
        (at(9, 30, 16), hours(2), at(10, 8, 9)),
        (at(10, 9, 17), hours(4), at(10, 10, 12)),
        # through the noon break, and ending at it rather than after it
        (at(11, 23, 11), hours(2), at(11, 23, 14, 30)),
        (at(11, 23, 8, 30), hours(3.5), at(11, 23, 12)),
        (at(11, 23, 12, 30), hours(1), at(11, 23, 14, 30)),
        # from outside working hours
        (at(11, 21, 10), hours(1), at(11, 23, 9, 30)),
        (at(11, 23, 3), hours(7.5), at(11, 23, 17, 30)),
        (at(11, 23, 20), hours(7.5), at(11, 24, 17, 30)),
        (at(11, 21, 10), timedelta(), at(11, 21, 10)),
    ],
)
def test_working_hours_are_added_over_breaks_nights_and_holidays(
    start: datetime, amount: timedelta, end: datetime
) -> None:
    assert WORK.add_hours(start, amount) == end


def test_a_duty_round_the_clock_knows_no_holiday_and_no_night() -> None:
    duty = WorkTime(default_calendar(), ALL_DAY)
    assert duty.add_hours(at(10, 1, 23), hours(2)) == at(10, 2, 1)
    assert duty.is_open(at(10, 1, 3))
    assert duty.next_open(at(10, 1, 3)) == at(10, 1, 3)
    # 24:00 is told as the last second, so that the date is the day that was counted
    assert duty.add_days(at(10, 1, 23), 2) == datetime(2026, 10, 3, 23, 59, 59, tzinfo=SHANGHAI)
    assert duty.unknown_years(date(2090, 1, 1), date(2091, 1, 1)) == ()


def test_it_is_open_from_the_first_to_before_the_last_minute_of_a_span() -> None:
    moments = [(8, 29), (8, 30), (11, 59), (12, 0), (13, 30), (17, 29), (17, 30)]
    assert [WORK.is_open(at(11, 23, *moment)) for moment in moments] == [False, True, True, False, True, True, False]
    assert WORK.is_open(at(10, 10, 9))
    assert not WORK.is_open(at(10, 1, 9))
    assert WORK.next_open(at(11, 23, 12)) == at(11, 23, 13, 30)
    assert WORK.next_open(at(9, 30, 17, 30)) == at(10, 8, 8, 30)
    assert WORK.next_open(at(2, 14, 5)) == at(2, 14, 8, 30)


@pytest.mark.parametrize("told", [
    [["08:30", "12:00"], ["13:30", "17:30"]],
    [["00:00", "24:00"]],
    {"every_day": True, "spans": [["07:00", "11:00"]]},
])  # fmt: skip
def test_hours_survive_being_stored(told: Any) -> None:
    assert Hours.parse(told).as_json() == told


def test_the_usual_hours_and_those_round_the_clock_can_be_stored() -> None:
    assert Hours.parse([["08:30", "12:00"], ["13:30", "17:30"]]) == USUAL
    assert Hours.parse({"every_day": True, "spans": [["00:00", "24:00"]]}) == ALL_DAY
    assert USUAL.length == hours(7.5)
    assert USUAL.close == time(17, 30)


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ([], "at least one span"), (None, "list of spans"), ("08:30-12:00", "list of spans"),
        ([["08:30"]], "a pair"), ([["12:00", "08:30"]], "ends after it begins"),
        ([["08:30", "08:30"]], "ends after it begins"), ([["8:30", "12:00"]], "08:30"), ([["08:30", "25:00"]], "08:30"),
        ([["08:30", 12]], "08:30"), ([["13:30", "17:30"], ["08:30", "12:00"]], "in order"),
        ([["08:30", "12:00"], ["11:00", "17:30"]], "in order"), ({"spans": []}, "at least one span"),
        ({"every_day": 1, "spans": []}, "every_day"), ({"all": True, "spans": []}, "every_day"),
        ([["٠٨:٣٠", "12:00"]], "08:30"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused_with_what_is_wrong(told: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Hours.parse(told)


@pytest.mark.parametrize("year", KNOWN)
def test_working_days_are_those_of_two_independent_sources_and_of_the_notice(year: int) -> None:
    china = holidays.country_holidays("CN", years=year)
    days = [date(year, 1, 1) + n * DAY for n in range(366 if year % 4 == 0 else 365)]
    ours = [day for day in days if WORK.is_working_day(day)]
    assert [day.toordinal() for day in ours] == list(WORK.calendar.working_days_of(year))
    first = [day for day in days if chinese_calendar.is_workday(day)]
    assert set(ours) ^ set(first) == ({WORKED_BY_NOTICE} if year == 2005 else set())
    assert ours == [day for day in days if china.is_working_day(day)]


def test_the_oracles_know_the_years_that_are_claimed() -> None:
    assert KNOWN[0] == 2004
    assert {2024, 2025, 2026} <= set(KNOWN)


@given(MOMENTS, st.integers(0, 250))
def test_days_end_where_the_calendar_ends_them(start: datetime, days: int) -> None:
    assert WORK.add_days(start, days) == WORK.calendar.add_working_days(start, days).at


@given(WORKS, MOMENTS, AMOUNTS)
def test_what_is_added_is_what_lies_between(work: WorkTime, start: datetime, amount: timedelta) -> None:
    end = work.add_hours(start, amount)
    assert end >= start
    assert work.worked_between(start, end) == amount
    assert work.worked_between(end, start) == -amount


@given(WORKS, MOMENTS, AMOUNTS, AMOUNTS)
def test_adding_in_two_steps_is_adding_at_once(work: WorkTime, start: datetime, one: timedelta, two: timedelta) -> None:
    assert work.add_hours(work.add_hours(start, one), two) == work.add_hours(start, one + two) or not two


@given(WORKS, MOMENTS, MOMENTS, AMOUNTS)
def test_a_later_start_never_ends_earlier(work: WorkTime, one: datetime, two: datetime, amount: timedelta) -> None:
    early, late = sorted([one, two])
    assert work.add_hours(early, amount) <= work.add_hours(late, amount)


@given(WORKS, MOMENTS, MOMENTS, MOMENTS)
def test_stretches_add_up(work: WorkTime, one: datetime, two: datetime, three: datetime) -> None:
    parts = work.worked_between(one, two) + work.worked_between(two, three)
    assert parts == work.worked_between(one, three)


@given(WORKS, MOMENTS, st.integers(0, 40 * 24))
def test_working_time_is_the_sum_of_its_open_minutes(work: WorkTime, start: datetime, quarters: int) -> None:
    begin = start.replace(minute=0, second=0, microsecond=0)
    step = timedelta(minutes=15)
    quarters = min(quarters, 400)
    open_quarters = sum(work.is_open(begin + n * step) for n in range(quarters))
    assert work.worked_between(begin, begin + quarters * step) == open_quarters * step


@given(WORKS, MOMENTS)
def test_the_next_opening_is_open_and_no_work_lies_before_it(work: WorkTime, moment: datetime) -> None:
    opening = work.next_open(moment)
    assert work.is_open(opening)
    assert not work.worked_between(moment, opening)
    assert (opening == moment) == work.is_open(moment)


@given(st.dates(date(2004, 1, 1), date(2031, 12, 31)), st.integers(-400, 400))
def test_days_between_are_counted_one_by_one(first: date, more: int) -> None:
    last = first + more * DAY
    assert WORK.days_between(first, last) == WORK.calendar.working_days_between(first, last)


@pytest.mark.fault(50)
@given(MOMENTS, AMOUNTS)
def test_the_zone_in_which_a_moment_is_stored_makes_no_difference(start: datetime, amount: timedelta) -> None:
    assert WORK.add_hours(start.astimezone(UTC), amount) == WORK.add_hours(start.astimezone(SHANGHAI), amount)
    assert WORK.add_hours(start, amount).tzinfo is SHANGHAI


@pytest.mark.fault(50)
@given(st.dates(date(2004, 1, 1), date(2031, 12, 30)), st.integers(1, 30))
def test_a_minute_before_midnight_is_the_day_before_midnight(day: date, days: int) -> None:
    last = datetime.combine(day, time(23, 59), SHANGHAI).astimezone(UTC)
    first = last + timedelta(minutes=1)
    assert local_date(first) == day + DAY
    assert WORK.add_days(last, days) == WORK.add_days(datetime.combine(day, time(9), SHANGHAI), days)
    assert WORK.add_days(first, days) == WORK.add_days(datetime.combine(day + DAY, time(9), SHANGHAI), days)


@pytest.mark.fault(50)
def test_a_leap_day_is_a_day() -> None:
    assert WORK.add_days(at(2, 28, year=2024), 1) == at(2, 29, 17, 30, year=2024)
    assert WORK.add_hours(at(2, 28, 17, year=2024), hours(1)) == at(2, 29, 9, year=2024)
    assert WORK.add_hours(at(2, 29, 17, year=2024), hours(1)) == at(3, 1, 9, year=2024)


@pytest.mark.fault(48)
def test_years_without_a_notice_are_told_and_counted_by_statute() -> None:
    full = default_calendar()
    work = WorkTime(WorkCalendar(full.overrides, {y for y in full.known_years if y < 2027}, statutory_days))
    assert work.add_hours(at(12, 31, 17), hours(1)) == at(1, 4, 9, year=2027)
    assert work.unknown_years(date(2026, 12, 31), date(2027, 1, 4)) == (2027,)
    assert work.unknown_years(date(2026, 12, 1), date(2026, 12, 31)) == ()
    assert work.calendar.name_of(date(2027, 1, 1)) == "元旦"
    assert work.calendar.name_of(date(2027, 2, 5)) == "春节"
    assert work.calendar.name_of(date(2027, 3, 5)) == ""


def test_a_day_is_called_as_the_operator_calls_it() -> None:
    table = default_calendar().with_overrides({date(2026, 1, 21): False}, {date(2026, 1, 21): "大雪"})
    assert (table.name_of(date(2026, 1, 21)), table.name_of(date(2026, 10, 10))) == ("大雪", "国庆节")


def test_a_changed_table_is_not_answered_from_the_old_one() -> None:
    assert WORK.calendar.working_days_of(2026)
    changed = WorkTime(WORK.calendar.with_overrides({date(2026, 10, 10): False}))
    assert changed.add_days(at(9, 30, 16), 5) == at(10, 14, 17, 30)
    assert WORK.add_days(at(9, 30, 16), 5) == at(10, 13, 17, 30)


def test_a_table_without_a_working_day_and_the_end_of_time_are_refused() -> None:
    never = WorkTime(WorkCalendar({date(2026, 1, 1) + n * DAY: False for n in range(365)}, {2026}))
    with pytest.raises(ValueError, match="whole year"):
        never.add_hours(at(1, 5), hours(1))
    for endless in (WORK, WorkTime(default_calendar(), ALL_DAY)):
        with pytest.raises(ValueError, match="9999"):
            endless.add_days(datetime(9999, 12, 1, tzinfo=UTC), 40)


@pytest.mark.parametrize("wrong", [
    lambda: WORK.add_hours(at(1, 5), hours(-1)),
    lambda: WORK.add_days(at(1, 5), -1),
    lambda: WORK.add_hours(at(1, 5).replace(tzinfo=None), hours(1)),
    lambda: WORK.is_open(at(1, 5).replace(tzinfo=None)),
])  # fmt: skip
def test_negative_terms_and_moments_without_a_zone_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError):
        wrong()


RELAYS = st.builds(
    lambda work, former, since: Relay(work.calendar, work.hours, former=former, since=since),
    WORKS,
    WORKS,
    st.dates(date(2004, 1, 2), date(2031, 12, 31)),
)


@given(RELAYS, MOMENTS, AMOUNTS)
def test_time_that_changed_hands_counts_each_moment_once(work: Relay, start: datetime, amount: timedelta) -> None:
    end = work.add_hours(start, amount)
    assert work.worked_between(start, end) == amount
    day = local_date(start)
    assert work.days_between(day, work.day_after(day, 7)) == 7
    assert work.is_working_day(work.day_after(day, 7))
    assert work.worked_between(end, start) == -amount


def test_with_the_same_hours_a_change_of_hands_changes_nothing() -> None:
    same = Relay(WORK.calendar, WORK.hours, former=WORK, since=date(2026, 10, 9))
    for days in range(12):
        start = at(9, 25) + days * DAY
        assert same.add_days(start, 5) == WORK.add_days(start, 5)
        assert same.add_hours(start, timedelta(hours=20)) == WORK.add_hours(start, timedelta(hours=20))
    assert same.fingerprint == WORK.fingerprint

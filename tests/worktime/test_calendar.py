"""Working days and deadlines, against two independent sources."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.clock import SHANGHAI, local_date
from minqing.worktime.calendar import (
    CLOSING,
    WorkCalendar,
    default_calendar,
    special_days,
    statutory_days,
)

# the last notice that either package has at the versions of the lock file, or later
KNOWN = [year for year in range(2004, 2040) if special_days(year)]
# `chinese_calendar` has this Saturday free; the notice for New Year 2006 makes it worked
DISAGREE = {date(2005, 12, 31)}
MOMENTS = st.builds(
    datetime.combine,
    st.dates(date(2004, 1, 1), date(2031, 12, 31)),
    st.times(),
    st.sampled_from([UTC, SHANGHAI]),
)


def at(day: date, hour: int = 16, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # National Day, with Saturday the 10th worked
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        # a worked Saturday before nine days of Spring Festival
        (date(2026, 2, 14), 3, date(2026, 2, 26)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 10, 3), 1, date(2026, 10, 8)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        # leap day
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 1, date(2024, 3, 1)),
    ],
)
def test_deadlines_around_the_notices_are_right(start: date, days: int, due: date) -> None:
    deadline = default_calendar().add_working_days(at(start), days)
    assert deadline == (at(due, 17, 30), False)


def test_the_two_sources_agree_on_every_day_of_all_years_that_both_know() -> None:
    both = []
    differ = set()
    for year in KNOWN:
        china = holidays.country_holidays("CN", years=year)
        if not any(day.year == year for day in china.weekend_workdays):
            continue
        both.append(year)
        days = (date(year, 1, 1) + timedelta(n) for n in range(366 if year % 4 == 0 else 365))
        differ |= {day for day in days if chinese_calendar.is_workday(day) != china.is_working_day(day)}
    assert both[0] == 2004
    assert {2024, 2025, 2026} <= set(both)
    assert differ == DISAGREE
    assert all(default_calendar().is_working_day(day) for day in DISAGREE)


def test_the_notice_for_2026_is_known_by_day_and_name() -> None:
    days = {day.on: day for day in special_days(2026)}
    assert [day for day in days if days[day].working] == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    assert days[date(2026, 2, 16)].name == "春节"


@pytest.mark.fault(48)
def test_a_year_without_a_notice_counts_weekends_and_statute_and_says_so() -> None:
    full = default_calendar()
    calendar = WorkCalendar(full.overrides, {y for y in full.known_years if y < 2027}, statutory_days)
    deadline = calendar.add_working_days(at(date(2026, 12, 30)), 5)
    # 31st; 1 January is free by statute, 2nd and 3rd a weekend
    assert deadline == (at(date(2027, 1, 7), 17, 30), True)
    assert not calendar.is_working_day(date(2027, 2, 8))
    assert calendar.is_provisional(date(2027, 1, 4))
    assert not calendar.add_working_days(at(date(2026, 12, 28)), 3).provisional


def test_the_operators_table_goes_before_the_notices() -> None:
    snow = date(2026, 1, 21)
    changed = default_calendar().with_overrides({snow: False})
    assert not changed.is_working_day(snow)
    assert default_calendar().is_working_day(snow)


@pytest.mark.fault(49)
def test_a_changed_day_moves_the_deadline() -> None:
    before = default_calendar().add_working_days(at(date(2026, 9, 30)), 5)
    after = default_calendar().with_overrides({date(2026, 10, 10): False}).add_working_days(at(date(2026, 9, 30)), 5)
    assert (before.at.date(), after.at.date()) == (date(2026, 10, 13), date(2026, 10, 14))


def test_one_entry_does_not_settle_a_year_but_all_its_statutory_days_do() -> None:
    unknown = 2090
    snow = default_calendar().with_overrides({date(unknown, 1, 25): False})
    assert snow.is_provisional(date(unknown, 3, 1))
    settled = default_calendar().with_overrides(dict.fromkeys(statutory_days(unknown), False))
    assert not settled.is_provisional(date(unknown, 3, 1))


def test_zero_days_is_today_until_closing_and_else_the_next_working_day() -> None:
    calendar = default_calendar()
    assert calendar.add_working_days(at(date(2026, 11, 23), 9), 0).at == at(date(2026, 11, 23), 17, 30)
    assert calendar.add_working_days(at(date(2026, 11, 23), 18), 0).at == at(date(2026, 11, 24), 17, 30)
    assert calendar.add_working_days(at(date(2026, 11, 21), 9), 0).at == at(date(2026, 11, 23), 17, 30)


@pytest.mark.parametrize("days", [-1, 100_000])
def test_a_period_that_makes_no_sense_is_refused(days: int) -> None:
    with pytest.raises(ValueError):
        default_calendar().add_working_days(at(date(2026, 1, 5)), days)


def test_a_table_without_any_working_day_is_refused_and_does_not_run_for_ever() -> None:
    never = WorkCalendar({date(2026, 1, 1) + timedelta(n): False for n in range(800)}, {2026, 2027, 2028})
    with pytest.raises(ValueError):
        never.add_working_days(at(date(2026, 1, 5)), 1)


@given(MOMENTS, st.integers(0, 60))
def test_a_deadline_is_never_on_a_day_off_and_never_before_its_start(start: datetime, days: int) -> None:
    calendar = default_calendar()
    due = calendar.add_working_days(start, days).at
    assert calendar.is_working_day(due.date())
    assert due >= start
    assert due.timetz().replace(tzinfo=None) == CLOSING


@given(MOMENTS, MOMENTS, st.integers(1, 30), st.integers(0, 30))
def test_later_starts_and_longer_periods_never_end_earlier(
    one: datetime, other: datetime, days: int, more: int
) -> None:
    calendar = default_calendar()
    early, late = sorted([one, other])
    assert calendar.add_working_days(early, days).at <= calendar.add_working_days(late, days + more).at


@pytest.mark.fault(50)
@given(MOMENTS, st.integers(1, 40))
def test_the_same_moment_in_another_zone_has_the_same_deadline(start: datetime, days: int) -> None:
    calendar = default_calendar()
    assert calendar.add_working_days(start.astimezone(UTC), days) == calendar.add_working_days(
        start.astimezone(SHANGHAI), days
    )


@pytest.mark.fault(50)
def test_one_minute_before_midnight_still_belongs_to_its_day() -> None:
    calendar = default_calendar()
    last = datetime(2028, 2, 29, 23, 59, tzinfo=SHANGHAI)
    first = datetime(2028, 3, 1, 0, 0, tzinfo=SHANGHAI)
    assert calendar.add_working_days(last, 1).at.date() == date(2028, 3, 1)
    assert calendar.add_working_days(first, 1).at.date() == date(2028, 3, 2)


@given(MOMENTS, st.integers(1, 40))
def test_counting_back_gives_the_days_that_were_added(start: datetime, days: int) -> None:
    calendar = default_calendar()
    due = calendar.add_working_days(start, days).at
    assert calendar.working_days_between(start, due) == days
    assert calendar.working_days_between(due, start) == -days
    assert calendar.working_days_between(local_date(start), due.date()) == days

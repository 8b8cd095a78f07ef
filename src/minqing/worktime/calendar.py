"""Working days of mainland China, and deadlines counted in them.

The truth is the operator's table, put on top by :meth:`WorkCalendar.with_overrides`. Below it lie the
State Council's yearly notices as `chinese_calendar` has them (from 2004), or as `holidays` has them when
that package is quicker with a new year. A year whose notice is not out yet counts weekends and the days that
the Regulation on Public Holidays (全国年节及纪念日放假办法) fixes for every year; what is computed from it
is provisional (暂估), because the notice will move days about (调休).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import NamedTuple

import chinese_calendar
import holidays

from minqing.core.clock import SHANGHAI, local_date

CLOSING = time(17, 30)
MOST_DAYS = 2_000
_DAY = timedelta(days=1)
_FIRST_NOTICE = 2004
_NOTICED = {"农历除夕": "春节", "清明节": "清明", "端午节": "端午", "中秋节": "中秋"}


class Deadline(NamedTuple):
    """``at`` is timezone aware (Asia/Shanghai); ``provisional`` when a year in between has no notice yet."""

    at: datetime
    provisional: bool


class SpecialDay(NamedTuple):
    """A day on which the notice departs from the plain week: a weekday off or a weekend day worked."""

    on: date
    working: bool
    name: str


# where a package is wrong: the notice for 2006 (国办发明电〔2005〕35号) makes this Saturday worked
_CORRECTED = {date(2005, 12, 31): SpecialDay(date(2005, 12, 31), True, "元旦")}


def _nothing(year: int) -> Mapping[date, str]:
    return {}


@dataclass(frozen=True)
class WorkCalendar:
    """``overrides`` says of single days whether they are worked; all others follow the week.

    In a year that is not in ``known_years`` the days of ``statutory(year)`` are off as well, and results
    are provisional. ``names`` says what a day is off or worked for (国庆节), as the notice or the operator calls it.
    """

    # thousands of days are no use in a log line
    overrides: Mapping[date, bool] = field(repr=False)
    known_years: Collection[int] = field(default_factory=frozenset, repr=False)
    statutory: Callable[[int], Mapping[date, str]] = _nothing
    names: Mapping[date, str] = field(default_factory=dict, repr=False)
    _years: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen characters that change with every day that is counted otherwise."""
        days = "".join(f"{day.isoformat()}{worked:d}" for day, worked in sorted(self.overrides.items()))
        return hashlib.sha256(f"{days}|{sorted(self.known_years)}".encode()).hexdigest()[:16]

    def is_working_day(self, day: date) -> bool:
        told = self.overrides.get(day)
        if told is not None:
            return told
        if day.weekday() >= 5:
            return False
        return day.year in self.known_years or day not in self.statutory(day.year)

    def is_provisional(self, day: date) -> bool:
        """Whether ``day`` is in a year whose notice is not out yet."""
        return day.year not in self.known_years

    def add_working_days(self, start: datetime, days: int) -> Deadline:
        """The close of business (17:30) on the ``days``-th working day after the day of ``start``.

        The day on which the period begins does not count, and it ends when business stops for the day: Civil
        Code, articles 201 and 203. So the hour of ``start`` does not matter, save that zero days from a
        moment after closing means the next working day. ``start`` must be timezone aware.
        """
        if not 0 <= days <= MOST_DAYS:
            raise ValueError(f"a period has between 0 and {MOST_DAYS} working days")
        first = local_date(start)
        if days == 0:
            late = start.astimezone(SHANGHAI).time() > CLOSING
            day = self.next_working_day(first + _DAY if late else first)
        else:
            day = first
            for _n in range(days):
                day = self.next_working_day(day + _DAY)
        years = range(first.year, day.year + 1)
        provisional = any(year not in self.known_years for year in years)
        return Deadline(datetime.combine(day, CLOSING, SHANGHAI), provisional)

    def next_working_day(self, day: date) -> date:
        """``day`` itself if it is worked, else the first one after it."""
        for _n in range(366):
            if self.is_working_day(day):
                return day
            day += _DAY
        raise ValueError("a whole year without a working day: the table of working days is wrong")

    def working_days_between(self, start: date | datetime, end: date | datetime) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is before ``start``.

        ``working_days_between(s, add_working_days(s, n).at) == n``.
        """
        first, last = _as_date(start), _as_date(end)
        if last < first:
            return -self.working_days_between(last, first)
        return sum(map(self.is_working_day, _days(first + _DAY, last)))

    def name_of(self, day: date) -> str:
        """What the day is off or worked for (国庆节); empty where nobody said."""
        named = self.names.get(day, "")
        return named if named or not self.is_provisional(day) else self.statutory(day.year).get(day, "")

    def working_days_of(self, year: int) -> tuple[int, ...]:
        """The ordinals (``date.toordinal``) of a year's working days in order; made once for each calendar."""
        if year not in self._years:
            self._years[year] = tuple(day.toordinal() for day in _year(year) if self.is_working_day(day))
        return self._years[year]

    def with_overrides(self, overrides: Mapping[date, bool], names: Mapping[date, str] | None = None) -> WorkCalendar:
        """The operator's table on top. A year counts as known once the table has all its statutory days.

        A single entry (a snow day) must not make a whole year without notice look settled.
        """
        told = {
            year
            for year in {day.year for day in overrides} - set(self.known_years)
            if (fixed := self.statutory(year)) and overrides.keys() >= set(fixed)
        }
        return replace(
            self,
            overrides={**self.overrides, **overrides},
            known_years=frozenset({*self.known_years, *told}),
            names={**self.names, **(names or {})},
        )


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """Days that the Regulation on Public Holidays makes free, with the weekday given for one on a weekend, by name."""
    china = holidays.country_holidays("CN", years=year, categories=("public",), language="zh_CN")
    return {day: _as_noticed(name) for day, name in china.items()}


def _as_noticed(name: str) -> str:
    """One festival, called as the notices call it, without the remark that it is a day in lieu."""
    festival = name.split("; ")[-1].removesuffix("（补假）")
    return _NOTICED.get(festival, festival)


@cache
def special_days(year: int) -> tuple[SpecialDay, ...]:
    """What the notice for ``year`` says, to fill the operator's table; empty while there is none."""
    worked = _by_chinese_calendar(year) or _by_holidays(year)
    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    found = {
        day: SpecialDay(day, working, names.get(_festival(day), ""))
        for day, working in worked.items()
        if working != (day.weekday() < 5)
    }
    found.update((day, special) for day, special in _CORRECTED.items() if day.year == year)
    return tuple(found.values())


@cache
def default_calendar() -> WorkCalendar:
    """The notices that the two packages know; without the operator's table."""
    years: list[int] = []
    overrides: dict[date, bool] = {}
    names: dict[date, str] = {}
    for year in range(_FIRST_NOTICE, 2100):
        days = special_days(year)
        if not days:
            break
        years.append(year)
        overrides.update((day.on, day.working) for day in days)
        names.update((day.on, day.name) for day in days)
    return WorkCalendar(overrides, frozenset(years), statutory_days, names)


def _by_chinese_calendar(year: int) -> dict[date, bool]:
    try:
        return {day: chinese_calendar.is_workday(day) for day in _year(year)}
    except NotImplementedError:
        return {}


def _by_holidays(year: int) -> dict[date, bool]:
    china = holidays.country_holidays("CN", years=year)
    # every notice so far has working weekends; without one there is only the statute
    if not any(day.year == year for day in china.weekend_workdays):
        return {}
    return {day: china.is_working_day(day) for day in _year(year)}


def _festival(day: date) -> str:
    try:
        return str(chinese_calendar.get_holiday_detail(day)[1] or "")
    except NotImplementedError:
        return ""


def _as_date(moment: date | datetime) -> date:
    return local_date(moment) if isinstance(moment, datetime) else moment


def _year(year: int) -> Iterator[date]:
    return _days(date(year, 1, 1), date(year, 12, 31))


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + n * _DAY

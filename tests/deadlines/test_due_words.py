"""Time is said in one way. November 2026 has no holidays; 2031 is not announced, so what is due then is provisional."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import override

from minqing.core.clock import SHANGHAI
from minqing.deadlines import Target, due_words, reckon
from minqing.deadlines.shapes import Pause
from minqing.web.pieces import Due
from minqing.web.templatetags import mq
from minqing.worktime.calendar import default_calendar
from minqing.worktime.hours import WorkTime

WORK = WorkTime(default_calendar())


def at(day: int, clock: str = "09:00", month: int = 11, year: int = 2026) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


START = at(2)


@pytest.fixture(autouse=True)
def chinese():  # type: ignore[no-untyped-def]
    with override("zh-hans"):
        yield


def said(due: Due | None) -> tuple[str, str] | None:
    return due and (due.kind, due.text)


# Monday 2 November is the first working day of the month, Friday the 13th is the tenth
@pytest.mark.parametrize(
    ("start", "due", "now", "kind", "text"),
    [
        # ten working days from Monday the 2nd: due on Monday the 16th
        (at(2), at(16, "17:30"), at(2), "ok", "还剩 10 天"),
        (at(2), at(16, "17:30"), at(10), "ok", "还剩 4 天"),
        (at(2), at(16, "17:30"), at(11), "soon", "还剩 3 天"),
        (at(2), at(16, "17:30"), at(13, "23:00"), "soon", "还剩 1 天"),
        # on the weekend before it
        (at(2), at(16, "17:30"), at(14), "soon", "还剩 1 天"),
        (at(2), at(16, "17:30"), at(16, "00:01"), "today", "今天 17:30 前"),
        (at(2), at(16, "17:30"), at(16, "17:30"), "today", "今天 17:30 前"),
        # after closing on the day itself, and on the days after it
        (at(2), at(16, "17:30"), at(16, "17:31"), "late", "超期不到 1 天"),
        (at(2), at(16, "17:30"), at(17, "08:00"), "late", "超期 1 天"),
        # due on a Friday: the weekend is no day
        (at(2), at(13, "17:30"), at(15), "late", "超期不到 1 天"),
        (at(2), at(13, "17:30"), at(16), "late", "超期 1 天"),
        (at(2), at(4, "17:30"), at(30), "late", "超期 18 天"),
        # three days are not the last third of five, two are not of three
        (at(2), at(9, "17:30"), at(4), "ok", "还剩 3 天"),
        (at(2), at(9, "17:30"), at(6), "soon", "还剩 1 天"),
        (at(2), at(5, "17:30"), at(3), "ok", "还剩 2 天"),
        (at(2), at(5, "17:30"), at(4), "soon", "还剩 1 天"),
        # a term of one day never turns yellow
        (at(2), at(3, "17:30"), at(2, "17:00"), "ok", "还剩 1 天"),
        (at(6), at(9, "17:30"), at(8), "ok", "还剩 1 天"),
        # until the working day ends
        (at(2), at(2, "17:30"), at(2), "today", "今天 17:30 前"),
        # four hours from half past four
        (at(2, "16:30"), at(3, "11:30"), at(2, "16:30"), "ok", "还剩 4 小时"),
        (at(6, "16:30"), at(9, "11:30"), at(7), "ok", "还剩 3 小时"),
        (at(2, "16:00"), at(3, "09:00"), at(2, "17:20"), "soon", "还剩 1 小时"),
        (at(2, "16:30"), at(3, "11:30"), at(3, "08:00"), "today", "今天 11:30 前"),
        (at(2, "16:30"), at(3, "11:30"), at(3, "11:40"), "late", "超期不到 1 小时"),
        (at(2, "16:30"), at(3, "11:30"), at(3, "15:00"), "late", "超期 2 小时"),
        (at(2, "16:30"), at(3, "11:30"), at(5, "08:30"), "late", "超期 2 天"),
        # somebody is always on duty there: due on a Sunday
        (at(2), at(15, "17:30"), at(14), "soon", "还剩 1 天"),
        (at(2), datetime(2026, 11, 16, 23, 59, 59, tzinfo=SHANGHAI), at(16), "today", "今天 24:00 前"),
    ],
)
def test_what_runs_says_what_is_left_or_too_much(
    start: datetime, due: datetime, now: datetime, kind: str, text: str
) -> None:
    assert said(due_words.running(due, started_at=start, now=now, work=WORK)) == (kind, text)


@pytest.mark.parametrize(
    ("due", "end", "told"),
    [
        (at(16, "17:30"), at(3), ("done", "按时")),
        (at(16, "17:30"), at(16, "17:30"), ("done", "按时")),
        (at(16, "17:30"), at(16, "18:00"), ("was-late", "晚不到 1 天办完")),
        (at(13, "17:30"), at(15), ("was-late", "晚不到 1 天办完")),
        (at(13, "17:30"), at(18), ("was-late", "晚 3 天办完")),
        (None, at(3), None),
        (at(16, "17:30"), None, None),
    ],
)
def test_what_is_settled_was_in_time_or_so_many_days_late(
    due: datetime | None, end: datetime | None, told: tuple[str, str] | None
) -> None:
    assert said(due_words.settled(due, finished_at=end, work=WORK)) == told


@pytest.mark.parametrize(
    ("since", "now", "text"),
    [
        (at(2), at(2, "17:00"), "今天起暂停"),
        (at(2), at(5), "已暂停 3 天"),
        (at(6), at(8), "今天起暂停"),
        (at(6), at(9), "已暂停 1 天"),
    ],
)
def test_what_stands_still_says_for_how_long_and_no_day(since: datetime, now: datetime, text: str) -> None:
    assert due_words.paused(since, now=now, work=WORK) == Due("paused", text)


@pytest.mark.parametrize(
    ("due", "now", "told"),
    [
        (None, at(2), ("none", "待交办")),
        (at(3, "11:30"), at(2, "16:30"), ("none", "待交办（还剩 4 小时）")),
        (at(3, "11:30"), at(3, "09:00"), ("today", "待交办（今天 11:30 前）")),
        (at(3, "11:30"), at(5), ("late", "待交办（超期 2 天）")),
    ],
)
def test_what_no_unit_has_yet_is_to_be_assigned(due: datetime | None, now: datetime, told: tuple[str, str]) -> None:
    found = due_words.running(due, started_at=at(2, "16:30"), now=now, work=WORK)
    assert said(due_words.to_assign(found)) == told


@pytest.mark.parametrize(
    ("day", "every", "told"),
    [
        (10, 30, ("late", "超期 10 天")),
        (20, 30, ("today", "今天")),
        (22, 30, ("soon", "还剩 2 天")),
        (24, 30, ("ok", "还剩 4 天")),
        (21, 1, ("ok", "还剩 1 天")),
    ],
)
def test_a_visit_is_due_by_the_days_of_the_calendar(day: int, every: int, told: tuple[str, str]) -> None:
    assert said(due_words.of_day(date(2026, 11, day), today=date(2026, 11, 20), every=every)) == told


def test_a_clock_with_all_its_rows_says_the_same() -> None:
    def told(now: datetime, *pauses: Pause, stopped_at: datetime | None = None, start: datetime = START) -> Due | None:
        found = reckon(
            kind="finish",
            start=start,
            target=Target(days=10),
            work=WORK,
            pauses=pauses,
            stopped_at=stopped_at,
            now=now,
        )
        since = next((one.start for one in pauses if one.end is None), None)
        return due_words.of_reckoning(found, paused_at=since, now=now, work=WORK)

    assert said(told(at(11))) == ("soon", "还剩 3 天")
    assert said(told(at(11), Pause(at(4), None, "season"))) == ("paused", "已暂停 5 天")
    assert said(told(at(30), stopped_at=at(18))) == ("was-late", "晚 2 天办完")
    year = at(2, year=2031)
    provisional = told(year, start=year)
    assert provisional is not None
    assert provisional.provisional
    assert "（暂估）" in mq.due(provisional)


def test_the_tag_says_kind_words_and_date_and_is_never_colour_alone() -> None:
    late = mq.due(Due("late", "超期 <1> 天", at(16, "17:30", year=2020)))
    assert 'class="due due-late" title="2020年11月16日 17:30"' in late
    assert "<svg" in late
    assert "超期 &lt;1&gt; 天" in late
    assert mq.due(Due("none", "待交办")) == '<span class="due due-none">待交办</span>'
    assert mq.due(None) == ""
    assert mq.due(None, none="–") == "–"
    assert 'title="2020年11月20日"' in mq.due(Due("late", "超期 1 天", date(2020, 11, 20)))


def test_a_state_has_a_clock_and_its_word() -> None:
    assert mq.state(("work", "办理<中>")) == '<span class="state state-work">办理&lt;中&gt;</span>'


def test_english_counts_one_and_many() -> None:
    with override("en"):
        found = [due_words.days_left(1), due_words.days_left(2), due_words.days_late(1), due_words.hours_left(2)]
    assert found == ["1 day left", "2 days left", "1 day overdue", "2 hours left"]
    assert due_words.paused(at(2), now=at(2) + timedelta(days=1), work=WORK).text == "已暂停 1 天"

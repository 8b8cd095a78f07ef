"""How a deadline is said, one way on every page: 超期 19 天 · 今天 17:30 前 · 还剩 2 天 · 已暂停 3 天 · 晚 3 天办完.

Pure. Days are working days. A clock that counts hours says hours while less than a day is missing or too much.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, ngettext

from minqing.deadlines.explaining import clock
from minqing.web.pieces import Due
from minqing.worktime.hours import WorkTime, local

if TYPE_CHECKING:
    from minqing.deadlines.due_dates import Reckoning

# what is left turns yellow at so many days, if they are the last third of the term as well
SOON_DAYS: Final = 3
LAST_PART: Final = 3
LATE, TODAY, SOON, OK = "late", "today", "soon", "ok"
NONE, PAUSED, DONE, WAS_LATE = "none", "paused", "done", "was-late"
_HOUR: Final = timedelta(hours=1)
_NOTHING: Final = timedelta()


def running(
    due_at: datetime | None, *, started_at: datetime, now: datetime, work: WorkTime, provisional: bool = False
) -> Due:
    """Of a clock that runs."""
    if due_at is None:
        return Due(NONE, gettext("no deadline"))
    kind, text = _standing(due_at, started_at=started_at, now=now, work=work)
    return Due(kind, text, due_at, provisional)


def _standing(due_at: datetime, *, started_at: datetime, now: datetime, work: WorkTime) -> tuple[str, str]:
    due, at, start = local(due_at), local(now), local(started_at)
    if at > due:
        days = work.days_between(due.date(), at.date())
        return LATE, _late(days, due, at, in_hours=not days and counts_hours(start, due, work), work=work)
    if due.date() == at.date():
        return TODAY, gettext("today by %(clock)s") % {"clock": clock(due)}
    if counts_hours(start, due, work):
        left, term = work.worked_between(at, due), work.worked_between(start, due)
        hours = max(-(-left // _HOUR), 1)
        return SOON if left * LAST_PART <= term else OK, hours_left(hours)
    # a unit that is at work every day may be due on a day that others do not count
    days = max(work.days_between(at.date(), due.date()), 1)
    return SOON if is_soon(days, work.days_between(start.date(), due.date())) else OK, days_left(days)


def settled(due_at: datetime | None, *, finished_at: datetime | None, work: WorkTime) -> Due | None:
    """Of what is finished; nothing where there was no deadline or nobody knows when it ended."""
    if due_at is None or finished_at is None:
        return None
    due, end = local(due_at), local(finished_at)
    if end <= due:
        return Due(DONE, gettext("on time"), due)
    days = work.days_between(due.date(), end.date())
    if not days:
        return Due(WAS_LATE, gettext("finished less than a day late"), due)
    return Due(WAS_LATE, ngettext("finished %(n)d day late", "finished %(n)d days late", days) % {"n": days}, due)


def paused(since: datetime, *, now: datetime, work: WorkTime) -> Due:
    """Of a clock that stands still since then: nobody knows yet when it is due."""
    days = work.days_between(local(since).date(), local(now).date())
    if days <= 0:
        return Due(PAUSED, gettext("on hold since today"))
    return Due(PAUSED, ngettext("on hold for %(n)d day", "on hold for %(n)d days", days) % {"n": days})


def to_assign(due: Due) -> Due:
    """Of what no unit has yet: that it is to be assigned, and how long there is for it."""
    if due.at is None:
        return Due(NONE, gettext("to be assigned"))
    text = gettext("to be assigned (%(due)s)") % {"due": due.text}
    return replace(due, kind=NONE if due.kind == OK else due.kind, text=text)


def of_reckoning(told: Reckoning, *, paused_at: datetime | None, now: datetime, work: WorkTime) -> Due | None:
    """Of one clock with all its rows."""
    if told.stopped_at is not None:
        found = settled(told.due_at, finished_at=told.stopped_at, work=work)
    elif told.paused:
        found = paused(paused_at or now, now=now, work=work)
    else:
        found = running(told.due_at, started_at=told.start, now=now, work=work, provisional=told.provisional)
    return found


def of_day(due_on: date, *, today: date, every: int) -> Due:
    """Of what is due on a day of the calendar, again ``every`` so many days: weekends count."""
    days = (due_on - today).days
    if days < 0:
        return Due(LATE, days_late(-days), due_on)
    if not days:
        return Due(TODAY, gettext("today"), due_on)
    return Due(SOON if is_soon(days, every) else OK, days_left(days), due_on)


def is_soon(left: int, term: int) -> bool:
    """So that a term of one day never turns yellow."""
    return left <= SOON_DAYS and left * LAST_PART <= term


def counts_hours(start: datetime, due: datetime, work: WorkTime) -> bool:
    """A term in days ends when business stops; what ends at another time within a day's work counts hours."""
    return due.time() != work.hours.close and work.worked_between(start, due) < work.hours.length


def _late(days: int, due: datetime, at: datetime, *, in_hours: bool, work: WorkTime) -> str:
    if days:
        return days_late(days)
    if not in_hours:
        return gettext("less than a day overdue")
    hours = max(work.worked_between(due, at), _NOTHING) // _HOUR
    if not hours:
        return gettext("less than an hour overdue")
    return ngettext("%(n)d hour overdue", "%(n)d hours overdue", hours) % {"n": hours}


def days_late(days: int) -> str:
    return ngettext("%(n)d day overdue", "%(n)d days overdue", days) % {"n": days}


def days_left(days: int) -> str:
    return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}


def hours_left(hours: int) -> str:
    return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}

"""The reasons of a reckoning as sentences that a clerk understands and can check against a wall calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from minqing.deadlines.due_dates import Reckoning
from minqing.deadlines.reasons import runs
from minqing.deadlines.shapes import Reason, Target, Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# more stretches of counted days than these are told as their sum
MOST_RANGES: Final = 6
_LAST_SECOND: Final = time(23, 59, 59)
WEEKDAYS: Final = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
# as the notices call them; what the operator calls a day stays as it is
FESTIVALS: Final[Mapping[str, StrOrPromise]] = {
    "元旦": gettext_lazy("New Year"),
    "春节": gettext_lazy("Spring Festival"),
    "清明": gettext_lazy("Tomb-sweeping Day"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午": gettext_lazy("Dragon Boat Festival"),
    "国庆节": gettext_lazy("National Day"),
    "中秋": gettext_lazy("Mid-Autumn Festival"),
}


def explain(told: Reckoning | Iterable[Reason], *, words: Mapping[str, StrOrPromise] | None = None) -> list[str]:
    """Sentences in the language in force, in the order of counting; the last says when it is due.

    ``words`` puts a pause's ``reason_code`` into words; a code that it does not have is left out. Reasons kept from
    an earlier reckoning are explained as they were then.
    """
    reasons = told.reasons if isinstance(told, Reckoning) else tuple(told)
    teller = Teller(_year(reasons), words or {})
    return [SENTENCES[reason.code](teller, reason.data) for reason in reasons]


def _year(reasons: Iterable[Reason]) -> int:
    return next((datetime.fromisoformat(one.data["at"]).year for one in reasons if "at" in one.data), 0)


@dataclass(frozen=True)
class Teller:
    """Dates and amounts in words; the year is named only where it is not the one in which the clock began."""

    year: int
    words: Mapping[str, StrOrPromise] = field(default_factory=dict)

    def date(self, day: date) -> str:
        if day.year == self.year:
            return formatted(day, pgettext("date", "j M"))
        return formatted(day, pgettext("date", "j M Y"))

    def day(self, written: str) -> str:
        """With its weekday: Tue 13 Oct."""
        day = date.fromisoformat(written)
        return _("{weekday} {date}").format(weekday=WEEKDAYS[day.weekday()], date=self.date(day))

    def moment(self, written: str) -> str:
        at = datetime.fromisoformat(written)
        return _("{day}, {clock}").format(day=self.day(at.date().isoformat()), clock=clock(at))

    def until(self, begin: str, end: str) -> str:
        """The end of a stretch: the date is told once when it is the same."""
        since, at = datetime.fromisoformat(begin), datetime.fromisoformat(end)
        return clock(at) if since.date() == at.date() else self.moment(end)

    def range(self, first: str, last: str) -> str:
        if first == last:
            return self.day(first)
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        if (begin.year, begin.month) != (end.year, end.month):
            return _("{first} to {last}").format(first=self.date(begin), last=self.date(end))
        if begin.year == self.year:
            formats = pgettext("first date of two in a month", "j"), pgettext("last date of two in a month", "j M")
        else:
            formats = (
                pgettext("first date of two in a month of another year", "j"),
                pgettext("last date of two in a month of another year", "j M Y"),
            )
        return _("{first} to {last}").format(first=formatted(begin, formats[0]), last=formatted(end, formats[1]))

    def ranges(self, days: Iterable[str]) -> str:
        found = runs(date.fromisoformat(day) for day in days)
        return listed(self.range(run[0].isoformat(), run[-1].isoformat()) for run in found)

    def names(self, names: Iterable[str]) -> str:
        return listed(str(FESTIVALS.get(name, name)) for name in names)

    def codes(self, codes: Iterable[str]) -> str:
        known = [str(self.words[code]) for code in codes if code in self.words]
        return _(" ({words})").format(words=listed(known)) if known else ""


def clock(at: datetime) -> str:
    return "24:00" if at.time() == _LAST_SECOND else f"{at:%H:%M}"


def listed(words: Iterable[str]) -> str:
    return pgettext("between the parts of a list", ", ").join(words)


def term(target: Target) -> str:
    """A target in words: 5 working days."""
    return amount(target.unit, target.amount)


def amount(unit: Unit, count: int) -> str:
    if unit is Unit.DAYS and not count:
        return _("until the working day ends")
    if unit is Unit.DAYS:
        return ngettext("%(days)s working day", "%(days)s working days", count) % {"days": count}
    if unit is Unit.CALENDAR_DAYS:
        return ngettext("%(days)s calendar day", "%(days)s calendar days", count) % {"days": count}
    return ngettext("%(hours)s working hour", "%(hours)s working hours", count) % {"hours": count}


def duration(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    if not minutes:
        return _("{hours} h").format(hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def _begin_days(teller: Teller, data: Mapping[str, Any]) -> str:
    return _("Counted from {when}; that day itself does not count.").format(when=teller.moment(data["at"]))


def _begin_today(teller: Teller, data: Mapping[str, Any]) -> str:
    when = teller.moment(data["at"])
    if data["over"]:
        return _("On {when} that day's work is over; the next working day is meant.").format(when=when)
    return _("Counted from {when}.").format(when=when)


def _begin_hours(teller: Teller, data: Mapping[str, Any]) -> str:
    when = teller.moment(data["at"])
    if "opens" not in data:
        return _("Counted from {when}.").format(when=when)
    sentence = _("{when} is outside working hours; time runs from {opens}.")
    return sentence.format(when=when, opens=teller.moment(data["opens"]))


def _anew(teller: Teller, data: Mapping[str, object]) -> str:
    return _("The answer met the former term; opened again, the matter counts as asked anew.")


def _relay(teller: Teller, data: Mapping[str, Any]) -> str:
    return _("From {day} on the hours of the unit count that has it now.").format(day=teller.day(data["since"]))


def _target(teller: Teller, data: Mapping[str, object]) -> str:
    return _("Term: {term}.").format(term=term(Target.parse(data["target"])))


def _extension(teller: Teller, data: Mapping[str, Any]) -> str:
    more = term(Target.parse(data["more"]))
    return _("Extended by {more}, granted {when}.").format(more=more, when=teller.moment(data["granted_at"]))


def _holiday(teller: Teller, data: Mapping[str, Any]) -> str:
    days = teller.range(data["first"], data["last"])
    if not data["names"]:
        return _("{days}: days off, not counted.").format(days=days)
    return _("{days}: days off for {names}, not counted.").format(days=days, names=teller.names(data["names"]))


def _makeup(teller: Teller, data: Mapping[str, Any]) -> str:
    day = teller.day(data["day"])
    if not data["names"]:
        return _("{day} is a make-up working day.").format(day=day)
    return _("{day} is a make-up working day for {names}.").format(day=day, names=teller.names(data["names"]))


def _pause(teller: Teller, data: Mapping[str, Any]) -> str:
    since, why = teller.moment(data["from"]), teller.codes(data["codes"])
    if data["to"] is None:
        return _("The clock stands still since {since}{why}.").format(since=since, why=why)
    to = teller.until(data["from"], data["to"])
    if data["days"]:
        sentence = _("The clock stood still from {since} to {to}{why}: {days} not counted.")
        return sentence.format(since=since, to=to, why=why, days=teller.ranges(data["days"]))
    if data["seconds"]:
        sentence = _("The clock stood still from {since} to {to}{why}: {time} of working time not counted.")
        return sentence.format(since=since, to=to, why=why, time=duration(data["seconds"]))
    sentence = _("The clock stood still from {since} to {to}{why}: that takes nothing from the term.")
    return sentence.format(since=since, to=to, why=why)


def _counted_days(teller: Teller, data: Mapping[str, Any]) -> str:
    return _counted(teller, data, amount(Unit.DAYS, data["total"]))


def _counted_calendar_days(teller: Teller, data: Mapping[str, Any]) -> str:
    return _counted(teller, data, amount(Unit.CALENDAR_DAYS, data["total"]))


def _counted(teller: Teller, data: Mapping[str, Any], total: str) -> str:
    ranges = data["ranges"]
    if not ranges:
        return _("No day has counted yet.")
    if len(ranges) > MOST_RANGES:
        days = teller.range(ranges[0][0], ranges[-1][1])
        return _("From {days} there are {total}.").format(days=days, total=total)
    days = listed(
        _("{days} ({count})").format(days=teller.range(first, last), count=count) for first, last, count in ranges
    )
    return _("Counted: {days}; together {total}.").format(days=days, total=total)


def _counted_hours(teller: Teller, data: Mapping[str, Any]) -> str:
    return _("Counted: {time} of working time.").format(time=duration(data["seconds"]))


def _moved(teller: Teller, data: Mapping[str, Any]) -> str:
    sentence = _("{day} is a day off; the term ends on the next working day, {next}.")
    return sentence.format(day=teller.day(data["from"]), next=teller.day(data["to"]))


def _provisional(teller: Teller, data: Mapping[str, Any]) -> str:
    years = listed(str(year) for year in data["years"])
    return _("The holidays of {years} are not published yet, so this is provisional.").format(years=years)


def _due(teller: Teller, data: Mapping[str, Any]) -> str:
    return _("So it is due {when}.").format(when=teller.moment(data["at"]))


def _standing(teller: Teller, data: Mapping[str, Any]) -> str:
    sentence = _("When it is due is known once the clock runs again; as things stand, {forecast}.")
    return sentence.format(forecast=teller.moment(data["forecast"]))


def _stopped(teller: Teller, data: Mapping[str, Any]) -> str:
    sentence = (
        _("It was due {when}; done {stopped}, too late.")
        if data["late"]
        else _("It was due {when}; done {stopped}, in time.")
    )
    return sentence.format(when=teller.moment(data["at"]), stopped=teller.moment(data["stopped"]))


SENTENCES: Final[Mapping[str, Callable[[Teller, Mapping[str, Any]], str]]] = {
    "begin_days": _begin_days,
    "begin_today": _begin_today,
    "begin_hours": _begin_hours,
    "anew": _anew,
    "relay": _relay,
    "target": _target,
    "extension": _extension,
    "holiday": _holiday,
    "makeup": _makeup,
    "pause": _pause,
    "counted_days": _counted_days,
    "counted_calendar_days": _counted_calendar_days,
    "counted_hours": _counted_hours,
    "moved": _moved,
    "provisional": _provisional,
    "due": _due,
    "standing": _standing,
    "stopped": _stopped,
}

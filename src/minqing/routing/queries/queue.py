"""What waits for the clerk: tabs with their counts, groups by urgency, and how the suggested unit has fared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.deadlines.due_words import running
from minqing.matters import queries
from minqing.matters.enums import OPEN, Channel, State
from minqing.org.queries import work_calendar
from minqing.routing.models import Routing
from minqing.web.pieces import Due
from minqing.worktime.hours import WorkTime, local

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# two reports of one thing come within so many days, and their pins lie so near: about a hundred metres
SAME_DAYS: Final = 30
SAME_DEGREES: Final = 0.001
RECORD_DAYS: Final = 90


class Group(NamedTuple):
    """Rows of one urgency."""

    name: str
    label: StrOrPromise
    late: bool = False


GROUPS: Final = (
    Group("help", _("Calls for help"), late=True),
    Group("late", _("Late already"), late=True),
    Group("today", _("To assign today")),
    Group("next", _("Tomorrow will do")),
    Group("later", _("Later")),
    Group("open", _("Without a deadline")),
)
TABS: Final[Mapping[str, StrOrPromise]] = {
    "": _("All"),
    "today": _("Due today"),
    "back": _("Sent back"),
    "twins": _("Same house or spot"),
}


@dataclass(frozen=True)
class Tab:
    """``word`` stands in the address; None where everything is meant."""

    name: str
    word: str | None
    label: StrOrPromise
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Counts:
    """How many wait, by tab and by group; ``late`` are those past their time, calls for help among them."""

    tabs: Mapping[str, int]
    groups: Mapping[str, int]
    late: int

    @property
    def all(self) -> int:
        return self.tabs[""]

    def tabs_for(self, chosen: str = "") -> list[Tab]:
        return [
            Tab(name or "all", name or None, label, self.tabs[name], name == chosen) for name, label in TABS.items()
        ]


@dataclass(frozen=True)
class Times:
    """When today and the next working day end, at this moment."""

    now: datetime
    today_ends: datetime
    next_ends: datetime

    @classmethod
    def at(cls, now: datetime) -> Times:
        calendar, midnight = work_calendar(), local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        tomorrow = midnight + timedelta(days=1)
        days = (calendar.next_working_day(tomorrow.date()) - tomorrow.date()).days
        return cls(now, tomorrow, tomorrow + timedelta(days=days + 1))

    def group_of(self, row: Any) -> str:
        if row.channel == Channel.SOS:
            return "help"
        if row.due_at is None:
            return "open"
        ends = ((self.now, "late"), (self.today_ends, "today"), (self.next_ends, "next"))
        return next((name for end, name in ends if row.due_at < end), "later")

    def groups(self) -> dict[str, Q]:
        """The same as conditions."""
        steps = (
            ("late", None, self.now),
            ("today", self.now, self.today_ends),
            ("next", self.today_ends, self.next_ends),
            ("later", self.next_ends, None),
        )
        found = {"help": Q(channel=Channel.SOS), "open": ~Q(channel=Channel.SOS) & Q(due_at=None)}
        for name, start, end in steps:
            here = ~Q(channel=Channel.SOS)
            here &= Q(due_at__gte=start) if start else Q(due_at__isnull=False)
            found[name] = here & Q(due_at__lt=end) if end else here
        return found

    def tabs(self, actor: Actor) -> dict[str, Q]:
        return {
            "": Q(),
            "today": Q(due_at__lt=self.today_ends),
            "back": Q(refusals__gt=0),
            "twins": Q(twins(actor)),
        }


def twins(actor: Actor) -> Exists:
    """Whether something else is open in the same place that may be the same thing: of one title, house or spot."""
    days = timedelta(days=SAME_DAYS)
    near = {
        f"{name}__range": (OuterRef(name) - SAME_DEGREES, OuterRef(name) + SAME_DEGREES)
        for name in ("latitude", "longitude")
    }
    return Exists(
        queries.visible_matters(actor)
        .filter(
            Q(title=OuterRef("title")) | Q(household=OuterRef("household")) | Q(**near),
            area=OuterRef("area"),
            state__in=sorted(OPEN),
            received_at__range=(OuterRef("received_at") - days, OuterRef("received_at") + days),
        )
        .exclude(pk=OuterRef("pk"))
    )


def waiting(actor: Actor, times: Times, *, tab: str = "", order: str = "") -> QuerySet[Any]:
    """What a tab holds, in its order: what is due first, unless asked otherwise."""
    rows = queries.to_triage(actor, order or "due").defer("search")
    return rows.filter(times.tabs(actor)[tab]) if tab else rows


def counts(actor: Actor, times: Times) -> Counts:
    """One statement over all that waits."""
    groups, tabs = times.groups(), times.tabs(actor)
    of_groups = {f"group_{name}": Count("pk", filter=where) for name, where in groups.items()}
    of_tabs = {f"tab_{name}": Count("pk", filter=where) for name, where in tabs.items() if name}
    late = Count("pk", filter=Q(due_at__lt=times.now))
    rows = queries.to_triage(actor).order_by().select_related(None)
    found = rows.aggregate(all=Count("pk"), late=late, **of_groups, **of_tabs)
    return Counts(
        {name: found["all"] if not name else found[f"tab_{name}"] for name in TABS},
        {one.name: found[f"group_{one.name}"] for one in GROUPS},
        found["late"],
    )


def grouped(rows: Sequence[object], times: Times) -> Iterator[tuple[Group, list[object]]]:
    """Rows in the order of their deadlines, by urgency."""
    by_name = {one.name: one for one in GROUPS}
    for name, some in groupby(rows, key=times.group_of):
        yield by_name[name], list(some)


def dues(rows: Iterable[Any], now: datetime) -> dict[UUID, Due]:
    """By when each is to be assigned, in words; that it is to be, the page says by itself."""
    work = WorkTime(work_calendar())
    return {
        row.pk: running(row.due_at, started_at=row.received_at, now=now, work=work, provisional=row.due_provisional)
        for row in rows
    }


class Record(NamedTuple):
    """Of a category lately: how many there were, how many the unit had, and how many of those came back."""

    days: int
    all: int
    own: int
    back: int


def record_of(category: str, unit: int, now: datetime) -> Record | None:
    """By what was noted at each assignment; None where there was none."""
    own = Q(chosen=unit)
    gone = Q(matter__refusals__gt=0) & (~Q(matter__lead_unit=unit) | Q(matter__state=State.RECEIVED))
    found = Routing.objects.filter(matter__category=category, at__gte=now - timedelta(days=RECORD_DAYS)).aggregate(
        all=Count("matter", distinct=True),
        own=Count("matter", distinct=True, filter=own),
        back=Count("matter", distinct=True, filter=own & gone),
    )
    return Record(RECORD_DAYS, found["all"], found["own"], found["back"]) if found["all"] else None

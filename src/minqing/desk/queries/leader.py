"""The leader's figures. Each is counted with a filter, and the same filter is the link to its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDay, TruncMonth
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.days import span
from minqing.desk.queries.figure import Figure, link
from minqing.households.queries.counts import open_households
from minqing.matters.enums import OPEN
from minqing.matters.queries import Filters, filtered, visible_matters
from minqing.matters.queries.days import Days, counts_all, received_by_category
from minqing.matters.queries.finding import WORDS
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.measures import DROPPED, conditions
from minqing.org.queries import areas_inside, areas_seen
from minqing.visits import queries as visits
from minqing.visits.rules import day_start

# longer periods are drawn by month
MOST_DAYS = 92
OPEN_STATES = sorted(OPEN)


@dataclass(frozen=True)
class Group:
    """Counts of one category or place, each with its link; ``key`` is empty for what has none."""

    key: str
    name: str
    received: int
    open: int
    overdue: int
    links: dict[str, str]


@dataclass(frozen=True)
class Scope:
    """What the page is about: who looks, at which area (None: all of theirs), from which local day to which."""

    actor: Actor
    since: date
    until: date
    now: datetime
    area_id: int | None = None

    @cached_property
    def areas(self) -> list[Any]:
        """All areas of the actor, the highest first in each branch."""
        return areas_seen(self.actor)

    # asked for each of the areas, of which a county has some two thousand
    @cached_property
    def path(self) -> str:
        """The path of the area looked at, else of the highest area of the actor."""
        paths = [one.path for one in self.areas if self.area_id in (None, one.id)]
        return min(paths, key=len, default="")

    @cached_property
    def matters(self) -> QuerySet[Any]:
        """All visible matters of the area, of whatever day."""
        return filtered(visible_matters(self.actor), Filters(area=self.area_id), now=self.now, lit=False).order_by()

    @cached_property
    def days(self) -> Days | None:
        """What is kept of the period's days, for who looks at the whole county; None: the rows are few."""
        return Days(self.since, self.until) if counts_all(self.actor, self.area_id) else None

    @cached_property
    def uncounted(self) -> QuerySet[Any]:
        """The matters received in the period that the kept counts do not hold."""
        return self.matters.filter(self.days.unkept("received_at") if self.days else self.received)

    @cached_property
    def unfinished(self) -> QuerySet[Any]:
        """The matters finished in the period that the kept counts do not hold."""
        return self.matters.filter(self.days.unkept("finished_at") if self.days else self.finished)

    @cached_property
    def totals(self) -> Counter[str]:
        """What the period's matters say, kept or counted now."""
        known = conditions(self.now)
        wanted = {f"said_{name}": one for name, one in WORDS.items()}
        wanted |= {name: known[name] for name in ("answered", "silent")}
        # as on the wall, with those that no unit has yet
        wanted |= {"received": Q(), "undropped": ~DROPPED}
        now = self.uncounted.aggregate(**{name: Count("id", filter=one) for name, one in wanted.items()})
        return (self.days.totals() if self.days else Counter()) + Counter(now)

    @property
    def received(self) -> Q:
        return Q(received_at__gte=day_start(self.since), received_at__lt=day_start(self.until + timedelta(days=1)))

    @property
    def finished(self) -> Q:
        return Q(finished_at__gte=day_start(self.since), finished_at__lt=day_start(self.until + timedelta(days=1)))

    @property
    def open(self) -> Q:
        return Q(state__in=OPEN_STATES)

    @property
    def overdue(self) -> Q:
        return overdue_at(self.now)

    def span(self) -> dict[str, date]:
        return {"since": self.since, "until": self.until}

    def link(self, page: str, **query: Any) -> str:
        """The list with the filter of a figure; the area of the page goes with it unless given."""
        return link(page, **{"area": self.area_id} | query)


def matter_figures(scope: Scope) -> list[Figure]:
    """What came in, was answered, is open and is late. What is open or of today is asked of the rows."""
    today = clock.local_date(scope.now)
    start = day_start(today)
    n = scope.totals
    one_day = (start, start + timedelta(days=1) - timedelta(microseconds=1))
    n["today"] = scope.matters.filter(received_at__range=one_day).count()
    n["done_today"] = scope.matters.filter(finished_at__range=one_day).count()
    n["finished"] = scope.unfinished.count() + (scope.days.totals()["finished"] if scope.days else 0)
    n.update(scope.matters.filter(scope.open).aggregate(open=Count("id"), overdue=Count("id", filter=scope.overdue)))
    to = scope.link
    today_, finished = {"since": today, "until": today}, {"finished_since": today, "finished_until": today}
    period = {"finished_since": scope.since, "finished_until": scope.until}
    return [
        Figure(_("Received today"), n["today"], to("matters:list", **today_)),
        Figure(_("Finished today"), n["done_today"], to("matters:list", **finished)),
        Figure(_("Open now"), n["open"], to("matters:list", state="open")),
        Figure(
            _("Overdue now"), n["overdue"], to("matters:list", light="red"), light="red" if n["overdue"] else "green"
        ),
        Figure(_("Received"), n["received"], to("matters:list", **scope.span())),
        Figure(_("Finished"), n["finished"], to("matters:list", **period)),
        Figure(
            _("Answered"),
            share(n["answered"], n["undropped"]),
            to("matters:list", figure="answered", **scope.span()),
            note=of(n["answered"], n["undropped"]),
        ),
    ]


def word_figures(scope: Scope) -> list[Figure]:
    """What the reporters of the period's matters said last. A share without answers is no share."""
    n = scope.totals
    silent = Figure(
        _("No word"),
        share(n["silent"], n["answered"]),
        scope.link("matters:list", figure="silent", **scope.span()),
        note=_("%(part)d of %(whole)d answered") % {"part": n["silent"], "whole": n["answered"]},
    )
    told = [
        Figure(
            label,
            share(n[f"said_{part}"], n[f"said_{whole}"]),
            scope.link("matters:list", word=part, **scope.span()),
            note=_("%(part)d of %(whole)d answers") % {"part": n[f"said_{part}"], "whole": n[f"said_{whole}"]},
        )
        for label, part, whole in (
            (_("Solved, says the reporter"), "solved", "asked_solved"),
            (_("Satisfied"), "satisfied", "rated"),
        )
    ]
    return [*told, silent]


def visit_figures(scope: Scope) -> list[Figure]:
    """Visits today and this week, and coverage: in how many of all households somebody was met. Three queries."""
    today = clock.local_date(scope.now)
    monday = today - timedelta(days=today.weekday())
    seen = visits.filtered(scope.actor, area_id=scope.area_id).select_related(None).order_by()
    n = seen.filter(visited_at__gte=day_start(monday), visited_at__lt=day_start(today + timedelta(days=1))).aggregate(
        today=Count("visited_at", filter=Q(visited_at__gte=day_start(today))), week=Count("visited_at")
    )
    met = visits.households_met(scope.actor, scope.since, scope.until, area_id=scope.area_id)
    households = open_households(areas_inside(scope.actor, scope.area_id))
    return [
        Figure(_("Visits today"), n["today"], scope.link("visits:list", since=today, until=today)),
        Figure(_("Visits this week"), n["week"], scope.link("visits:list", since=monday, until=today)),
        Figure(
            _("Households visited"),
            share(met, households),
            scope.link("visits:list", met="somebody", once="on", **scope.span()),
            note=of(met, households),
        ),
    ]


def by_category(scope: Scope) -> list[Group]:
    """First-level categories, the most received first; what nobody has sorted comes last."""
    rows = counted(
        scope,
        scope.days,
        key=Coalesce("category__parent__code", "category__code"),
        name=Coalesce("category__parent__name", "category__name"),
    )
    merged = {row["key"] or "": row for row in rows}
    for (code, name), number in (received_by_category(scope.days) if scope.days else {}).items():
        row = merged.setdefault(code, {"name": name, "received": 0, "open": 0, "overdue": 0})
        row["received"] += number
    groups = [
        group(scope, key=key, name=row["name"] or _("Not sorted yet"), row=row, field="category")
        for key, row in merged.items()
    ]
    return sorted(groups, key=lambda one: (not one.key, -one.received, -one.open, one.key))


def by_place(scope: Scope) -> list[Group]:
    """The areas next below the one looked at, in their own order, each with everything inside it."""
    # what is kept knows the areas next below the county, and no others
    days = scope.days if len(below(scope, scope.path)) > 1 else None
    rows = list(counted(scope, days, key=F("area__path")))
    for town, number in (days.received_by("place") if days else {}).items():
        path = f"{scope.path}{town}." if town else scope.path
        rows.append({"key": path, "received": number, "open": 0, "overdue": 0})
    top = forked(scope, {row["key"] for row in rows})
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        sum_ = sums.setdefault(child_path(top, row["key"]), {"received": 0, "open": 0, "overdue": 0})
        for name in sum_:
            sum_[name] += row[name]
    nothing = {"received": 0, "open": 0, "overdue": 0}
    groups = [
        group(scope, key=str(one.id), name=one.name, row=sums.get(one.path, nothing), field="area")
        for one in scope.areas
        if one.path != top and child_path(top, one.path) == one.path
    ]
    if top in sums:
        # no filter of the list means "this area and nothing below it"
        groups.append(Group(key="", name=_("No place given"), links={}, **sums[top]))
    return groups


def below(scope: Scope, top: str) -> list[str]:
    """The paths of the areas next below ``top``."""
    return [one.path for one in scope.areas if one.path != top and child_path(top, one.path) == one.path]


def forked(scope: Scope, used: set[str]) -> str:
    """The area to divide: a city with a single township says nothing until that township's villages are shown."""
    top = scope.path
    while top not in used:
        below = [one.path for one in scope.areas if one.path != top and child_path(top, one.path) == one.path]
        if len(below) != 1:
            break
        top = below[0]
    return top


def counted(scope: Scope, days: Days | None, **by: Any) -> QuerySet[Any, dict[str, Any]]:
    """By ``by`` what is open, and what was received on days that are not among the kept ``days``."""
    received = days.unkept("received_at") if days else scope.received
    return (
        scope.matters.filter(received | scope.open)
        .values(**by)
        .annotate(
            received=Count("id", filter=received),
            open=Count("id", filter=scope.open),
            overdue=Count("id", filter=scope.overdue),
        )
    )


def group(scope: Scope, *, key: str, name: str, row: dict[str, int], field: str) -> Group:
    filters: dict[str, dict[str, Any]] = {
        "received": scope.span(),
        "open": {"state": "open"},
        "overdue": {"light": "red"},
    }
    links = {what: scope.link("matters:list", **{field: key}, **rest) for what, rest in filters.items()} if key else {}
    return Group(key=key, name=name, links=links, **{what: row[what] for what in filters})


def child_path(top: str, path: str) -> str:
    """``1.4.17.9.`` seen from ``1.4.`` lies in ``1.4.17.``; what is at the top itself stays there."""
    step, dot, _rest = path.removeprefix(top).partition(".")
    return f"{top}{step}{dot}"


def trend(scope: Scope) -> dict[str, Any]:
    """Received and finished by local day, or by month for long periods, as the chart takes it: two queries."""
    monthly = (scope.until - scope.since).days > MOST_DAYS
    trunc: Callable[..., Any] = TruncMonth if monthly else TruncDay
    counts = []
    for field, name, rest in (
        ("received_at", "received", scope.uncounted),
        ("finished_at", "finished", scope.unfinished),
    ):
        on = trunc(field, tzinfo=clock.SHANGHAI, output_field=DateField())
        count = Counter(dict(rest.annotate(on=on).values_list("on").annotate(n=Count("id"))))
        for day, number in (scope.days.by_day(name) if scope.days else {}).items():
            count[day.replace(day=1) if monthly else day] += number
        counts.append(count)
    steps = months(scope.since, scope.until) if monthly else days(scope.since, scope.until)
    starts = [one.replace(day=1) if monthly else one for one, _last in steps]
    return {
        "kind": "line",
        "categories": [f"{one.year}-{one.month:02d}" if monthly else f"{one.month}-{one.day}" for one in starts],
        "series": [
            {"name": name, "values": [count.get(one, 0) for one in starts]}
            for name, count in zip((_("Received"), _("Finished")), counts, strict=True)
        ],
        "links": [scope.link("matters:list", since=first, until=last) for first, last in steps],
        "unit": _("matters"),
    }


def days(since: date, until: date) -> list[tuple[date, date]]:
    all_days = span(since, until)
    return [(day, day) for day in all_days]


def months(since: date, until: date) -> list[tuple[date, date]]:
    """First and last day of each calendar month, cut to the period."""
    found, first = [], since
    while first <= until:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((first, min(until, following - timedelta(days=1))))
        first = following
    return found


def bars(groups: Sequence[Group], field: str, name: str) -> dict[str, Any]:
    """The chart of one column of a table."""
    shown = [one for one in groups if getattr(one, field)]
    return {
        "kind": "bar",
        "categories": [one.name for one in shown],
        "series": [{"name": name, "values": [getattr(one, field) for one in shown]}],
        "links": [one.links.get(field, "") for one in shown],
        "unit": _("matters"),
    }


def share(part: int, whole: int) -> str:
    """In whole per cent; never 100 while something is missing, never 0 while there is something."""
    if not whole:
        return "–"
    percent = part * 100 / whole
    rounded = round(percent)
    if part < whole and rounded == 100:
        rounded = 99
    return f"{max(rounded, 1) if part else 0} %"


def of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}

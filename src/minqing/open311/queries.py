"""What Open311 may read: the services, and of matters only those that are public. Nothing else is reachable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from minqing.core.actor import Actor
from minqing.core.ids import parse_human_number
from minqing.journal.queries import newest_of
from minqing.matters import queries as matters
from minqing.matters.enums import Channel
from minqing.matters.questions import Question
from minqing.open311.rules import Filters, Window, states_of
from minqing.org.queries import all_areas, top_area
from minqing.privacy.access import acting_as

# a database that was filled without the event has the services of the first release
CHANGES = (
    "matters.categories.loaded",
    *(f"matters.category.{one}" for one in ("added", "changed", "left", "taken_up")),
)
FIRST_RELEASE = datetime(2026, 1, 1, tzinfo=UTC)

SECOND = timedelta(seconds=1)

# twin of rules.updated_at
UPDATED = Case(
    When(state__in=states_of(["closed"]), then=Coalesce("finished_at", "closed_at", "changed_at")),
    default=F("changed_at"),
)


@dataclass(frozen=True)
class Service:
    """A category that a request can be about: one without others below it."""

    code: str
    name: str
    group: str
    group_code: str
    keywords: list[str]
    questions: list[Question]
    working_days: int


def services() -> list[Service]:
    """All services by their code; in the language in force; made anew when the categories have another version."""
    key = f"open311.services.{matters.category_version()}.{get_language()}"
    found: list[Service] | None = cache.get(key)
    if found is None:
        cache.set(key, found := list(read_services()))
    return found


def read_services() -> Iterator[Service]:
    rows = {one.code: one for one in matters.categories()}
    parents = {one.parent_id for one in rows.values()}
    for one in sorted(rows.values(), key=lambda one: one.code):
        if one.code in parents:
            continue
        top = one
        while top.parent_id in rows:
            top = rows[top.parent_id]
        words, questions = list(one.keywords), list(one.asks)
        yield Service(one.code, one.called, top.called, top.code, words, questions, one.working_days)


def service_of(code: str) -> Service | None:
    return next((one for one in services() if one.code == code), None)


def changed_at() -> datetime:
    """When services or their definitions last changed."""
    last = newest_of(*CHANGES)
    return last.recorded_at if last else FIRST_RELEASE


def is_jurisdiction(name: str) -> bool:
    """Whether the one jurisdiction that is served here bears this name: its host's, or the county's code."""
    if name.lower() == settings.OPEN311["jurisdiction"]:
        return True
    county = top_area()
    return county is not None and county.code == name


@contextmanager
def reading() -> Iterator[Actor]:
    """Read as the system does, in every area of the county; what is public is decided by :func:`public_matters`."""
    with acting_as(Actor.system("open311.read", areas=all_areas())) as reader:
        yield reader


def public_matters(reader: Actor) -> QuerySet[Any]:
    """Matters that came in through Open311; of others those of categories that the operator chose, no household's."""
    chosen = settings.OPEN311["listed"]
    public = Q(channel=Channel.OPEN311.value)
    if chosen:
        of_chosen = Q(category__in=chosen) | Q(category__parent__in=chosen) | Q(category__parent__parent__in=chosen)
        public |= of_chosen & Q(household__isnull=True)
    return matters.visible_matters(reader).filter(public)


def found(
    filters: Filters, *, reader: Actor, sender: Actor | None, start: int, size: int, moves: bool = False
) -> list[Any]:
    """At most ``size`` public matters from ``start`` on, the newest first, with what only ``sender`` may know.

    With ``moves`` also their ``public_moves``, in the same statement.
    """
    rows = matters.for_sender(narrowed(public_matters(reader), filters), sender)
    if moves:
        rows = matters.with_public_moves(rows)
    rows = rows.select_related("category__parent", "lead_unit", "area__parent__parent__parent")
    return list(rows.order_by("-received_at", "-id")[start : start + size])


def narrowed(rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    if filters.numbers is not None:
        return rows.filter(number__in=[number for text in filters.numbers if (number := number_of(text))])
    if filters.codes:
        rows = rows.filter(category__in=filters.codes)
    if filters.statuses:
        rows = rows.filter(state__in=states_of(filters.statuses))
    rows = within(rows, "received_at", filters.requested)
    if filters.updated is None:
        return rows
    # nothing is told as older than its newest step: what the index can leave out at once
    rows = rows.filter(changed_at__gte=filters.updated.start).alias(told_as_updated=UPDATED)
    return within(rows, "told_as_updated", filters.updated)


def within(rows: QuerySet[Any], field: str, window: Window | None) -> QuerySet[Any]:
    """Those between both ends. Times are told to the second, so the last second belongs to it whole."""
    if window is None:
        return rows
    return rows.filter(**{f"{field}__gte": window.start, f"{field}__lt": window.end + SECOND})


def number_of(text: str) -> str:
    """The number in its one spelling, empty for what is none."""
    try:
        return parse_human_number(text)
    except ValueError:
        return ""


def notes_of(row: Any) -> list[tuple[str, datetime]]:
    """State and time of each public step of a row of :func:`found`."""
    return [(one["state"], datetime.fromisoformat(one["at"])) for one in row.public_moves]


def updates(window: Window, *, reader: Actor, sender: Actor | None, start: int, size: int) -> list[dict[str, object]]:
    """What happened to public matters within the window, the oldest first."""
    steps = matters.public_steps(public_matters(reader), start=window.start, end=window.end + SECOND, sender=sender)
    return list(steps[start : start + size])


def public_matter(number: str, *, reader: Actor, sender: Actor) -> Any:
    """The public matter of that number, with ``own``; None without one."""
    found_ = matters.for_sender(public_matters(reader).filter(number=number_of(number)), sender)
    return found_.select_related("category__parent", "lead_unit").first()

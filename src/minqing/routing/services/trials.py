"""Trying a draft before it goes live: its test cases, a single text, and the matters of the past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.journal.idempotency import sent_once
from minqing.matters.words import clean_text
from minqing.org.queries import areas_within, work_calendar
from minqing.routing.engine import Book
from minqing.routing.enums import RouteState
from minqing.routing.models import RouteCase, RouteReplay, RouteSet
from minqing.routing.queries.advice import Advice, Lookups, MatterInput, advise_on, read_lookups, settled, unit_by_rules
from minqing.routing.queries.routes import book_with, cases_of, past_matters
from minqing.routing.result import RoutingResult
from minqing.routing.rules import may_keep_routes
from minqing.routing.services.drafts import digest_of_rules, note_change, open_draft

USUAL_MATTERS, MOST_MATTERS = 500, 5_000


@dataclass(frozen=True)
class Tried:
    """A test case and what came out."""

    case: RouteCase
    advice: Advice

    @property
    def passed(self) -> bool:
        return self.advice.unit is not None and self.advice.unit.id == self.case.unit_id


def try_cases(routes: RouteSet) -> list[Tried]:
    """All test cases of a set under its own rules, in a number of queries that does not grow with them."""
    cases = cases_of(routes)
    if not cases:
        return []
    lookups = read_lookups(book=book_with(routes))
    return [Tried(case, advise_on(input_of(case), lookups)) for case in cases]


def input_of(case: RouteCase) -> MatterInput:
    return MatterInput(
        case.title, case.text, case.place.path, case.at, case.category_id or "", case.channel, case.answers
    )


def try_text(*, routes: RouteSet, title: str, text: str, place: int, by: Actor, at: datetime | None = None) -> Advice:
    """Where a matter with these words would go under the rules of this set. Nothing is stored."""
    may_keep_routes(by, area_id=routes.area_id, level=routes.area.level).require()
    where = areas_within(by).filter(pk=place).first()
    if where is None:
        raise Invalid("place", _("Choose a place inside the area of these rules."))
    given = MatterInput(clean_text(title), clean_text(text), where.path, at or clock.now())
    return advise_on(given, read_lookups(book=book_with(routes)))


@sent_once()
def replay_routes(
    *, id: UUID, routes: RouteSet, by: Actor, most: int = USUAL_MATTERS, at: datetime | None = None
) -> RouteReplay:
    """Run a draft over the last ``most`` matters that ``by`` sees in its area, and keep what would change.

    A handful of statements for any number of matters. Idempotent on ``id``. Raises Invalid for more than 5,000.
    """
    if not 1 <= most <= MOST_MATTERS:
        raise Invalid("most", _("Try the rules on between 1 and 5,000 matters."))
    draft = open_draft(routes, by)
    if before := RouteReplay.objects.filter(pk=id, set=draft).first():
        return before
    live = RouteSet.objects.filter(area_id=draft.area_id, state=RouteState.LIVE.value).first()
    figures, moved = compare(past_matters(by, draft.area.path, most), read_lookups(), book_with(draft))
    made = RouteReplay.objects.create(
        id=id,
        set=draft,
        area_id=draft.area_id,
        against=live,
        digest=digest_of_rules(draft),
        at=at or clock.now(),
        by=by.ref,
        figures=figures,
        moved=moved,
    )
    note_change(draft, "replayed", by=by, at=at, matters=figures["matters"], moved=figures["moved"])
    return made


def compare(matters: list[dict[str, Any]], lookups: Lookups, draft: Book) -> tuple[dict[str, int], list[list[object]]]:
    """Counts, and for each matter that would go elsewhere what :class:`RouteReplay` keeps of it.

    ``right_live`` and ``right_draft`` count those that end where they did end, among the ``ended`` that have a unit;
    ``terms`` those that stay with their unit under another term or way of handling.
    """
    if draft.asks_calendar and lookups.calendar is None:
        lookups = replace(lookups, calendar=work_calendar())
    figures = dict.fromkeys(("matters", "moved", "terms", "ended", "right_live", "right_draft", "better", "worse"), 0)
    moved: list[list[object]] = []
    for row in matters:
        given = MatterInput(
            row["title"],
            row["text"],
            row["area__path"],
            row["received_at"],
            row["category_id"] or "",
            row["channel"],
            row["answers"] or {},
        )
        category = settled(given, lookups)
        old, new = unit_by_rules(given, category, lookups), unit_by_rules(given, category, lookups, book=draft)
        before, after, end = unit_id(old), unit_id(new), row["lead_unit_id"]
        figures["matters"] += 1
        figures["ended"] += end is not None
        figures["right_live"] += end is not None and before == end
        figures["right_draft"] += end is not None and after == end
        if before != after:
            figures["moved"] += 1
            figures["better"] += after == end
            figures["worse"] += before == end
            by = new.routed.by
            moved.append([str(row["id"]), before, after, end, str(by.id) if by else None])
        elif (old.routed.days, old.routed.mechanism) != (new.routed.days, new.routed.mechanism):
            figures["terms"] += 1
    return figures, moved


def unit_id(found: RoutingResult) -> int | None:
    return found.unit.id if found.unit else None

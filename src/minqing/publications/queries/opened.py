"""What anybody may read 政务公开: published texts and figures, nothing else. No matter is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet, Value

from minqing.core.cache_version import STAMPS
from minqing.matters.queries import within_category
from minqing.matters.words import Matches, tsquery_text
from minqing.privacy.periods import Quarter
from minqing.privacy.suppression import TOTAL, Key, percent
from minqing.publications.enums import Stage
from minqing.publications.models import Publication, QuarterFigures


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the public list is narrowed to: words, a first-level category, a township; empty means all."""

    text: str = ""
    category: str = ""
    place: int | None = None


def published(wanted: Wanted) -> QuerySet[Publication]:
    """What is published, the newest first; every word of ``text`` must stand in it, as in a search of matters."""
    rows = Publication.objects.filter(state=Stage.PUBLISHED.value).select_related("area", "category").defer("search")
    if typed := wanted.text.strip():
        query = tsquery_text(typed)
        rows = rows.filter(Matches(F("search"), Value(query))) if query else rows.none()
    if wanted.category:
        rows = rows.filter(within_category(wanted.category))
    if wanted.place:
        rows = rows.filter(area=wanted.place)
    return rows.order_by("-published_at", "-id")


def published_one(publication_id: UUID) -> Publication | None:
    return published(Wanted()).filter(pk=publication_id).first()


def open_edition() -> str:
    """A text that is another one as soon as anything is that the public pages show; one statement.

    Whatever is published comes with a later ``changed_at``, and what is withdrawn makes the count smaller. Figures
    never change once they are there.
    """
    publications, figures = Publication._meta.db_table, QuarterFigures._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(changed_at), count(*), (SELECT count(*) FROM {figures}), {STAMPS}::text"  # noqa: S608
            f" FROM {publications} WHERE state = %s",
            [Stage.PUBLISHED.value],
        )
        return " ".join(map(str, cursor.fetchone()))


@dataclass(frozen=True)
class FigureLine:
    """One row of figures: counts and shares in whole per cent, None where withheld."""

    name: str
    received: int | None
    answered: int | None
    answered_share: int | None
    told: int | None
    told_share: int | None
    solved: int | None
    solved_share: int | None


@dataclass(frozen=True)
class Table:
    """The published figures of one quarter. ``grid`` has a row for each place and a column for each topic; those in
    ``unsaid`` have neither, because all of them is withheld.
    """

    quarter: Quarter
    made_at: datetime
    threshold: int
    whole: FigureLine
    places: list[FigureLine]
    topics: list[FigureLine]
    columns: list[str]
    grid: list[tuple[str, list[int | None]]]
    withheld: bool
    unsaid: list[str]


def newest_quarter() -> Table | None:
    row = QuarterFigures.objects.order_by("-year", "-quarter").first()
    return table_of(row) if row else None


def quarter_figures(quarter: Quarter) -> Table | None:
    row = QuarterFigures.objects.filter(year=quarter.year, quarter=quarter.number).first()
    return table_of(row) if row else None


def table_of(row: QuarterFigures) -> Table:
    cells: dict[Key, int | None] = {tuple(cell[:3]): cell[3] for cell in row.table["cells"]}
    places: list[tuple[str, str]] = [(code, name) for code, name in row.table["places"]]
    topics: list[tuple[str, str]] = [(code, name) for code, name in row.table["topics"]]
    # a row or column of nothing but zeros says nothing, and one of nothing but what is withheld no more than its name
    places = [one for one in places if cells[one[0], TOTAL, TOTAL] != 0]
    used = [one for one in topics if cells[TOTAL, one[0], TOTAL]]
    return Table(
        quarter=Quarter(row.year, row.quarter),
        made_at=row.made_at,
        threshold=row.threshold,
        whole=line(cells, "", TOTAL, TOTAL),
        places=[line(cells, name, code, TOTAL) for code, name in places],
        topics=[line(cells, name, TOTAL, code) for code, name in used],
        columns=[name for _code, name in used],
        grid=[(name, [cells[code, topic, TOTAL] for topic, _name in used]) for code, name in places],
        withheld=any(count is None for count in cells.values()),
        unsaid=[name for code, name in topics if cells[TOTAL, code, TOTAL] is None],
    )


def line(cells: Mapping[Key, int | None], name: str, place: str, topic: str) -> FigureLine:
    n: dict[str, Any] = {what: cells[place, topic, what] for what in ("", "answered", "told", "solved")}
    return FigureLine(
        name=name,
        received=n[""],
        answered=n["answered"],
        answered_share=percent(n["answered"], n[""]),
        told=n["told"],
        told_share=percent(n["told"], n["answered"]),
        solved=n["solved"],
        solved_share=percent(n["solved"], n["told"]),
    )

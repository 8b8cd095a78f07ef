"""Which column of a file is which field: by its headings, as the office read such a table last time, or as told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.sheets import HeadingMatch, match_headings
from minqing.core.sheets.headings import bare
from minqing.intake.enums import Way
from minqing.intake.kinds import Column, TableKind
from minqing.intake.models import ColumnMemory, ImportRun

Columns = Mapping[str, int]
# of one office and kind; the newest
MOST_MEMORIES = 50


def office_of(by: Actor) -> int:
    """The unit in whose name somebody acts; whoever acts for the county has none."""
    return min(by.units, default=0) if by.kind == "user" else 0


def digest_of(headings: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(headings)).encode("utf-8", "replace")).hexdigest()


def memories(kind: TableKind, by: Actor) -> list[ColumnMemory]:
    known = ColumnMemory.objects.filter(kind=kind.code, office=office_of(by)).order_by("-kept_at", "id")
    return list(known[:MOST_MEMORIES])


def with_words(columns: Sequence[Column], known: Sequence[Mapping[str, str]]) -> list[Column]:
    """The columns with what the office calls them besides, so that sheet and row of the headings are found by it."""
    more: dict[str, list[str]] = {}
    for words in known:
        for name, word in words.items():
            more.setdefault(name, []).append(word)
    return [replace(one, synonyms=(*one.synonyms, *more.get(one.name, ()))) for one in columns]


def match_of(headings: Sequence[str], columns: Sequence[Column], taken: Columns) -> HeadingMatch:
    """As :func:`match_headings`, where it is told which column is which; what the file does not have is missing."""
    names = {one.name for one in columns}
    places = {name: place for name, place in taken.items() if name in names and 0 <= place < len(headings)}
    used = set(places.values())
    unknown = tuple(heading for place, heading in enumerate(headings) if place not in used and bare(heading))
    missing = tuple(one for one in columns if one.required and not {one.name, one.instead} & places.keys())
    return HeadingMatch(places, missing, unknown)


def understood(
    headings: Sequence[str], kind: TableKind, layout: Mapping[str, object], known: Sequence[ColumnMemory]
) -> tuple[HeadingMatch, Way]:
    """What the person said goes before what the office did last time, and that before what the headings say."""
    if taken := layout.get("columns"):
        return match_of(headings, kind.columns, taken), Way(str(layout["by"]))  # type: ignore[arg-type]
    guessed = match_headings(headings, kind.columns)
    digest = digest_of(headings)
    last = next((one for one in known if one.headings == digest), None)
    if last is None or layout.get("by") == Way.HEADINGS:
        return guessed, Way.HEADINGS
    match = match_of(headings, kind.columns, last.columns)
    # what needs no memory is not said to come of one
    return match, Way.HEADINGS if match.columns == guessed.columns else Way.MEMORY


def remember(run: ImportRun, by: Actor) -> None:
    """What is loaded as a person said, or as the last time, is offered to the office next time."""
    columns, headings = run.layout.get("columns"), run.mapping.get("headings", [])
    if not columns or run.layout.get("by") == Way.HEADINGS:
        return
    words = {name: headings[place] for name, place in columns.items() if headings[place]}
    kept = ColumnMemory(
        kind=run.kind,
        office=office_of(by),
        headings=digest_of(headings),
        columns=columns,
        words=words,
        kept_at=clock.now(),
    )
    ColumnMemory.objects.bulk_create(
        [kept],
        update_conflicts=True,
        unique_fields=["kind", "office", "headings"],
        update_fields=["columns", "words", "kept_at"],
    )


def columns_given(pairs: Sequence[str], headings: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """What the headings say, changed by pairs such as ``户号=编号``, ``name=C`` or ``phone=``. Raises :class:`Invalid`.

    A field is called by its code or any of its headings, a column by its heading or its letter.
    """
    found = dict(match_headings(headings, columns).columns)
    for pair in pairs:
        field, parted, column = pair.partition("=")
        names = [one.name for one in columns if {bare(field)} - {""} & one.keys()]
        if not names or not parted:
            sentence = _("{pair}: no such field. Fields: {fields}")
            fields = ", ".join(one.name for one in columns)
            raise Invalid("field_unknown", format_lazy(sentence, pair=pair, fields=fields))
        if column.strip():
            found[names[0]] = place_of(column, headings)
        else:
            found.pop(names[0], None)
    return found


def place_of(column: str, headings: Sequence[str]) -> int:
    wanted = bare(column)
    for place, heading in enumerate(headings):
        if wanted and wanted == bare(heading):
            return place
    for place in range(len(headings)):
        if column.strip().upper() == letters(place):
            return place
    sentence = _("There is no column “{column}” in this file.")
    raise Invalid("column_unknown", format_lazy(sentence, column=column))


def letters(place: int) -> str:
    """A column as a spreadsheet calls it: A, B, … Z, AA."""
    name = ""
    place += 1
    while place:
        place, left = divmod(place - 1, 26)
        name = chr(65 + left) + name
    return name

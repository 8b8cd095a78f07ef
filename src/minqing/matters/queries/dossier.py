"""Everything that hangs on one matter, in one statement.

Each child table is an aggregate of JSON arrays, decoded to the frozen rows below. To add a table, write its row and
one line in :class:`Dossier`; a room above adds its own at the hook :data:`further_tables`. The walls apply to each
table as to any query.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID

from django.db import connection

from minqing.core import clock
from minqing.core.hooks import Hook
from minqing.matters.enums import Move, Source
from minqing.org.enums import DESK


def sql(expression: str) -> Any:
    """A field that is not the column of its own name; the child table is called ``c``."""
    return field(metadata={"sql": expression})


def unit_name(column: str = "unit_id") -> Any:
    return column_of("org_unit", "name", column)


def quoted(column: str) -> Any:
    """A column whose name is a word of SQL."""
    return sql(f'c."{column}"')


def column_of(table: str, column: str, key: str) -> Any:
    """A column of the row of another table that ``key`` names."""
    return sql(f"(SELECT o.{column} FROM {table} o WHERE o.id = c.{key})")  # noqa: S608  # names out of this file


def person_in(unit: str) -> Any:
    """The name of the ``handler`` while a post in the unit of that column goes on."""
    roles = ", ".join(f"'{role.value}'" for role in sorted(DESK))
    return sql(
        "(SELECT a.name FROM org_account a WHERE a.id = c.handler_id AND a.is_active AND EXISTS ("  # noqa: S608  # names
        f"SELECT 1 FROM org_post p WHERE p.account_id = a.id AND p.unit_id = c.{unit} AND p.role IN ({roles})"
        " AND p.since <= %(today)s AND (p.until IS NULL OR p.until >= %(today)s)))"
    )


def unit_hours() -> Any:
    return column_of("org_unit", "hours", "unit_id")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that name the matter in ``parent``, each to be made a ``row``, in that order."""

    row: type
    name: str
    order: str
    parent: str = "matter_id"


# of rooms above: their rows of the matter, which come as ``Dossier.further`` under these names
further_tables: Final[Hook[[], Mapping[str, Table]]] = Hook("matters.dossier")


def child(row: type, table: str, *, order: str, parent: str = "matter_id") -> Any:
    """The rows of a table as a tuple of ``row``; see :class:`Table`."""
    return field(metadata={"table": Table(row, table, order, parent)})


@dataclass(frozen=True, slots=True)
class StepRow:
    """One move; ``pictures`` are ids of attachments."""

    id: UUID
    move: str
    state: str
    at: datetime
    by: str
    by_name: str
    unit_id: int | None
    text: str
    public: bool
    aside: str
    unit: str | None = unit_name()
    pictures: tuple[UUID, ...] = sql(
        "(SELECT coalesce(json_agg(e.attachment_id ORDER BY e.id), '[]')"
        " FROM matters_evidence e WHERE e.step_id = c.id)"
    )


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture of the matter; without a step it came with the report."""

    id: UUID
    attachment_id: UUID
    step_id: UUID | None


@dataclass(frozen=True, slots=True)
class WordRow:
    """What the reporter said of an answer."""

    id: UUID
    answered: bool | None
    solved: bool | None
    satisfaction: int | None
    declined: bool
    text: str
    at: datetime
    by: str
    source: str

    @property
    def way(self) -> str:
        """How the reporter was asked, in words."""
        return str(Source(self.source).label)


@dataclass(frozen=True, slots=True)
class WholeRow:
    """The matter itself, as far as its leading unit says who handles it: ``handler`` is None for nobody."""

    id: UUID
    handler_id: UUID | None
    unit_id: int | None = sql("c.lead_unit_id")
    handler: str | None = person_in("lead_unit_id")


@dataclass(frozen=True, slots=True)
class PartRow:
    """What a supporting unit was asked."""

    id: UUID
    unit_id: int
    state: str
    task: str
    reply: str
    asked_at: datetime
    replied_at: datetime | None
    refusals: int
    bound: bool
    handler_id: UUID | None
    outcome: str
    outcome_note: str
    unit: str = unit_name()
    handler: str | None = person_in("unit_id")
    proposed: str | None = unit_name("proposed_unit_id")


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A deadline as it stands on record; ``hours`` are the unit's own, ``relays`` those before it."""

    id: UUID
    kind: str
    started_at: datetime
    target: str
    due_at: datetime | None
    provisional: bool
    stopped_at: datetime | None
    counts: bool
    part_id: UUID | None
    unit_id: int | None
    unit: str | None = unit_name()
    hours: tuple[Any, ...] | None = unit_hours()
    relays: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A time in which the matter waited."""

    id: UUID
    reason: str
    started_at: datetime
    planned_end: datetime
    ended_at: datetime | None
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """More time that was asked for; ``granted`` is None until it was decided."""

    id: UUID
    clock_id: UUID
    more: str
    reason: str
    asked_at: datetime
    asked_by: str
    granted: bool | None
    decided_at: datetime | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """A leader's order."""

    id: UUID
    rhythm: str
    ordered_at: datetime
    ended_at: datetime | None
    order: str = quoted("order")


@dataclass(frozen=True, slots=True)
class CallBackRow:
    """That it was drawn by lot to be called back."""

    drawn_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A matter that is handled together with this one, as far as the actor may see it."""

    id: UUID
    number: str
    title: str
    state: str
    received_at: datetime
    confidential: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """The newest step and word first, pictures in the order in which they came."""

    whole: tuple[WholeRow, ...] = child(WholeRow, "matters_matter", order="id", parent="id")
    steps: tuple[StepRow, ...] = child(StepRow, "matters_step", order="at DESC, id DESC")
    pictures: tuple[PictureRow, ...] = child(PictureRow, "matters_evidence", order="id")
    words: tuple[WordRow, ...] = child(WordRow, "matters_confirmation", order="at DESC, id DESC")
    parts: tuple[PartRow, ...] = child(PartRow, "matters_part", order="asked_at, id")
    clocks: tuple[ClockRow, ...] = child(ClockRow, "matters_clock", order="stopped_at NULLS FIRST, due_at, started_at")
    pauses: tuple[PauseRow, ...] = child(PauseRow, "matters_pause", order="started_at")
    extensions: tuple[ExtensionRow, ...] = child(ExtensionRow, "matters_extension", order="asked_at")
    supervisions: tuple[SupervisionRow, ...] = child(SupervisionRow, "matters_supervision", order="ordered_at")
    call_backs: tuple[CallBackRow, ...] = child(CallBackRow, "matters_callback", order="drawn_at")
    merged: tuple[MergedRow, ...] = child(MergedRow, "matters_matter", order="received_at, id", parent="cause_id")
    further: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def handler(self) -> str:
        """Who in the leading unit has it, empty for nobody."""
        return next((row.handler or "" for row in self.whole), "")

    @property
    def supervision(self) -> SupervisionRow | None:
        """The order under which the matter stands."""
        return next((row for row in self.supervisions if row.ended_at is None), None)

    @property
    def asked(self) -> ExtensionRow | None:
        """The request for more time that is still to be decided."""
        return next((row for row in self.extensions if row.granted is None), None)

    @property
    def declined_by(self) -> str:
        """Who has declined it last, empty for nobody."""
        return next((step.by for step in self.steps if step.move == Move.DECLINE), "")

    @property
    def to_call_back(self) -> bool:
        return any(row.done_at is None for row in self.call_backs)


def dossier_of(matter_id: UUID) -> Dossier:
    """What the actor may see of it; empty where the matter is not the actor's. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement(), {"matter": matter_id, "today": clock.today()})
        found = cursor.fetchone()
    return filled(dict(zip(tables(), found, strict=True)))


def dossiers_of(matter_ids: Collection[UUID], only: Collection[str]) -> dict[UUID, Dossier]:
    """The same of several matters, with no tables but ``only``. One statement."""
    wanted = [name for name in tables() if name in only]
    if not matter_ids:
        return {}
    columns = ", ".join(aggregate(tables()[name], matter="m.id") for name in wanted)
    with connection.cursor() as cursor:
        # names out of this file
        cursor.execute(
            f"SELECT m.id, {columns} FROM matters_matter m WHERE m.id = ANY(%(matters)s)",  # noqa: S608
            {"matters": list(matter_ids), "today": clock.today()},
        )
        found = cursor.fetchall()
    return {id: filled(dict(zip(wanted, rows, strict=True))) for id, *rows in found}


OWN: Final[Mapping[str, Table]] = {
    one.name: one.metadata["table"] for one in fields(Dossier) if "table" in one.metadata
}
EMPTY: Final[dict[str, Any]] = dict.fromkeys(OWN, ())
NOTHING: Final = Dossier(**EMPTY)


def tables() -> dict[str, Table]:
    """By name, this room's and those of rooms above."""
    return dict(OWN) | {name: table for added in further_tables() for name, table in added.items()}


def filled(found: Mapping[str, list[Any]]) -> Dossier:
    """The dossier of these tables, empty of all others."""
    known = tables()
    rows = {name: tuple(decode(known[name].row, one) for one in found[name]) for name in found}
    further = {name: rows.pop(name) for name in [*rows] if name not in OWN}
    return replace(NOTHING, **rows, further=further)


def statement() -> str:
    return f"SELECT {', '.join(map(aggregate, tables().values()))}"


def aggregate(table: Table, matter: str = "%(matter)s") -> str:
    """``(SELECT json_agg(json_build_array(…) ORDER BY …) FROM table c WHERE c.matter_id = …)``"""
    columns = ", ".join(column.metadata.get("sql", f"c.{column.name}") for column in fields(table.row))
    # names out of the code
    return (
        f"(SELECT coalesce(json_agg(json_build_array({columns}) ORDER BY {table.order}), '[]') "  # noqa: S608
        f"FROM {table.name} c WHERE c.{table.parent} = {matter})"
    )


def decode(row: type, values: list[Any]) -> Any:
    return row(*(value if value is None else turn(value) for turn, value in zip(turns(row), values, strict=True)))


@cache
def turns(row: type) -> tuple[Callable[[Any], Any], ...]:
    """For each field what makes its value out of JSON: ids and times come as text."""
    hints = get_type_hints(row)
    return tuple(turn_to(hints[one.name]) for one in fields(row))


def turn_to(hint: Any) -> Callable[[Any], Any]:
    kinds = {hint, *get_args(hint)}
    if Ellipsis in kinds:
        inner = turn_to(get_args(hint)[0])
        return lambda values: tuple(inner(value) for value in values)
    made: dict[Any, Callable[[Any], Any]] = {
        UUID: UUID,
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
    }
    return next((turn for kind, turn in made.items() if kind in kinds), as_it_is)


def as_it_is(value: object) -> Any:
    return value

"""A cache of small tables that every page needs and hardly anybody changes, invalidated by a version in the database.

A trigger gives a table a new random stamp, its version, with every change. The gate reads all stamps in the statement
that it asks anyway (:data:`STAMPS`), so each request knows the versions of its own moment, whichever process changed
one. :class:`CachedTable` holds what was made of the rows with the stamp of the same snapshot, and reads anew when the
stamp differs. Where nobody knows the stamps (a job, a command, after a change in this very request), the rows are read
each time. Why: docs/decisions/0011.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.migrations import RunSQL
from django.db.models import Func, QuerySet, TextField, Value

Made = TypeVar("Made")
STAMPS = "(SELECT coalesce(json_object_agg(name, stamp), '{}') FROM core_edition)"
_known: ContextVar[dict[str, str] | None] = ContextVar("editions", default=None)


class InSameSnapshot(Func):
    """The stamps of some tables, read by the statement that reads their rows."""

    template = "(SELECT string_agg(stamp::text, ' ' ORDER BY name) FROM core_edition WHERE name = ANY(%(expressions)s))"
    output_field = TextField()


class CachedTable(Generic[Made]):
    """What ``make`` makes of ``rows()``, which come from ``tables`` alone. It is shared: nobody may change it."""

    def __init__(
        self, tables: Sequence[str], rows: Callable[[], QuerySet[Any, Any]], make: Callable[[list[Any]], Made]
    ) -> None:
        self.tables, self.rows, self.make = sorted(tables), rows, make
        self.held: tuple[str, Made] | None = None

    def now(self) -> Made:
        """As it stands for this request; one query if this process has not cached that version yet."""
        stamp, held = self.stamp(), self.held
        if stamp and held and held[0] == stamp:
            return held[1]
        rows = list(self.rows().annotate(edition=InSameSnapshot(Value(self.tables, ArrayField(TextField())))))
        made = self.make(rows)
        # an empty table has no row to carry the stamp: if the gate's still stands, it was empty then, too
        if stamp and (edition := rows[0].edition if rows else self.stamp_of_table()) and (rows or edition == stamp):
            self.held = edition, made
        return made

    def stamp_of_table(self) -> str:
        """The stamps as they stand at this moment."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(stamp::text, ' ' ORDER BY name) FROM core_edition WHERE name = ANY(%s)",
                [self.tables],
            )
            return cursor.fetchone()[0] or ""

    def stamp(self) -> str:
        """What the request knows of the tables' editions; empty where it does not know them all."""
        known = _known.get() or {}
        return " ".join(known[table] for table in self.tables) if known.keys() >= set(self.tables) else ""


def current_versions() -> dict[str, str]:
    """The stamps as they stand, for a job that takes the tables as unchanged until its block ends; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMPS}")
        found = cursor.fetchone()[0]
    return dict(json.loads(found) if isinstance(found, str) else found)


@contextlib.contextmanager
def assume_versions(stamps: Mapping[str, str]) -> Iterator[None]:
    """Until the block ends these versions hold; they were read in this transaction."""
    token = _known.set(dict(stamps))
    try:
        yield
    finally:
        _known.reset(token)


def invalidate() -> None:
    """This transaction has changed such a table: the versions it read before are out of date."""
    if stamps := _known.get():
        stamps.clear()


def versioned(*tables: str) -> RunSQL:
    """Migration operation: give ``tables`` a version. Every statement that may change them gives it a new stamp."""
    changes = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
    return RunSQL(
        [
            statement
            for table in tables
            for statement in (
                f"CREATE TRIGGER stamped AFTER {changes} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION core_stamp()",
                f"INSERT INTO core_edition (name, stamp) VALUES ('{table}', gen_random_uuid())",  # noqa: S608
            )
        ],
        [
            statement
            for table in tables
            for statement in (
                f"DROP TRIGGER stamped ON {table}",
                f"DELETE FROM core_edition WHERE name = '{table}'",  # noqa: S608
            )
        ],
    )

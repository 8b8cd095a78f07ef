"""Many rows into a table at once: COPY into a temporary table, then one INSERT … ON CONFLICT.

COPY straight into a table is refused under row-level security; the INSERT … SELECT passes it row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.lookups import Lookup
from psycopg import sql


def upsert(
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    change: Sequence[str],
    key: str = "id",
) -> None:
    """Insert ``rows`` (values in the order of ``columns``), or set ``change`` where ``key`` is there already.

    Columns that are not named keep what they hold, or take the table's NULL: give every column that is NOT NULL.
    """
    with staged(model, columns, rows) as source:
        table = sql.Identifier(model._meta.db_table)
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        sets = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in change)
        action = sql.SQL("DO UPDATE SET {}").format(sets) if change else sql.SQL("DO NOTHING")
        statement = sql.SQL("INSERT INTO {table} ({names}) SELECT {names} FROM {source} ON CONFLICT ({key}) {action}")
        with connection.cursor() as cursor:
            cursor.execute(
                statement.format(table=table, names=names, source=source, key=sql.Identifier(key), action=action)
            )


class Among(Lookup):
    """``filter(Among(F("id"), ids))``: as ``id__in``, with all of thousands of values in one parameter.

    The driver takes longer over a parameter for each than the database over finding their rows.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        # without its length: a cast to that would cut off, and a text too long find another row
        kind = self.lhs.output_field.db_type(connection).partition("(")[0]
        return f"{column} = ANY(%s::{kind}[])", [*params, list(self.rhs)]


def insert_all(rows: Sequence[Model]) -> None:
    """New rows, stored as ``bulk_create`` stores them: for hundreds, of which the longest part is writing out the SQL.

    Columns whose value the database makes are left to it. The rows stay unsaved objects.
    """
    if not rows:
        return
    first, table = rows[0], rows[0]._meta
    fields = [
        one
        for one in table.local_concrete_fields
        if one is not table.auto_field and not isinstance(getattr(first, one.attname), DatabaseDefault)
    ]
    values = ([value_of(one, row) for one in fields] for row in rows)
    upsert(type(first), [str(one.column) for one in fields], values, change=(), key=str(table.pk.column))


def value_of(field: Field, row: Model) -> Any:
    value = field.get_db_prep_save(field.pre_save(row, add=True), connection)
    # the driver would write the name of a member
    return value.value if isinstance(value, Enum) else value


class staged:
    """The rows as a temporary table shaped like ``columns`` of ``model``, for the length of the block."""

    def __init__(self, model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.model, self.columns, self.rows = model, columns, rows
        self.name = sql.Identifier(f"staged_{model._meta.db_table}")

    def __enter__(self) -> sql.Identifier:
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        shape = sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA")
        with connection.cursor() as cursor:
            cursor.execute(shape.format(self.name, names, sql.Identifier(self.model._meta.db_table)))
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(self.name, names)) as copy:
                for row in self.rows:
                    copy.write_row(row)
        return self.name

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        # after an error the transaction is rolled back and the table with it
        if kind is None:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("DROP TABLE {}").format(self.name))

"""New rows of several tables in one statement.

One way to the database and back instead of one for each table, and no row without the others.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery


def insert_together(*rows: Model) -> None:
    """Insert ``rows``, whose keys are made here and not by the database; raises IntegrityError as any insert does.

    The parts of one statement do not see each other's rows: a row whose wall looks at a parent needs that
    parent to be there before. Keys are checked at the end, so the rows may name each other.
    """
    parts, given = [], list[Any]()
    for row in rows:
        sql, params = insertion(row)
        parts.append(sql)
        given += params
    named = ", ".join(f"part{n} AS ({part})" for n, part in enumerate(parts[:-1]))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {parts[-1]}" if named else parts[-1], given)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insertion(row: Model) -> tuple[str, list[Any]]:
    """``INSERT INTO … VALUES (…)`` of one row; what the database fills in by itself is left out."""
    columns, places, params = [], [], list[Any]()
    for field in row._meta.concrete_fields:
        value = field.pre_save(row, add=True)
        if isinstance(value, DatabaseDefault):
            continue
        place, values = placed(field, value, type(row))
        columns.append(f'"{field.column}"')
        places.append(place)
        params += values
    table = row._meta.db_table
    return f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({", ".join(places)})', params  # noqa: S608


def placed(field: Field[Any, Any], value: Any, model: type[Model]) -> tuple[str, list[Any]]:
    """Where the value of a column stands in the statement, and what is sent for it; as Django's own compiler does."""
    if hasattr(value, "resolve_expression"):
        compiler = InsertQuery(model).get_compiler(connection=connection)
        sql, params = compiler.compile(compiler.prepare_value(field, value))
        return sql, list(params)
    sent = field.get_db_prep_save(value, connection)
    own = getattr(field, "get_placeholder", None)
    return own(sent, None, connection) if own else "%s", [sent]

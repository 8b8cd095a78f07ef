"""INSERT of new rows into several tables as one statement.

One way to the database and back instead of one for each table, and no row without the others.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery

PLAIN: Final = {None: "NULL", True: "true", False: "false"}


def insert_rows(*rows: Model) -> None:
    """Insert ``rows``, whose keys are made here and not by the database; raises IntegrityError as any insert does.

    The parts of one statement do not see each other's rows: a row whose wall looks at a parent needs that
    parent to be there before. Keys are checked at the end, so the rows may name each other.
    """
    # Django's ``connection`` would look for the real one at each of a hundred values
    db = connections[DEFAULT_DB_ALIAS]
    parts, given = [], list[Any]()
    for row in rows:
        sql, params = insertion(row, db)
        parts.append(sql)
        given += params
    named = ", ".join(f"part{n} AS ({part})" for n, part in enumerate(parts[:-1]))
    with db.cursor() as cursor:
        cursor.execute(f"WITH {named} {parts[-1]}" if named else parts[-1], given)
    for row in rows:
        row._state.adding, row._state.db = False, db.alias


def insertion(row: Model, db: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
    """``INSERT INTO … VALUES (…)`` of one row; what the database fills in by itself is its DEFAULT."""
    places, params = [], list[Any]()
    opening, fields = layout(type(row))
    for field, own in fields:
        value = field.pre_save(row, add=True)
        if isinstance(value, DatabaseDefault):
            places.append("DEFAULT")
        elif hasattr(value, "resolve_expression"):
            # as Django's own compiler does
            compiler = InsertQuery(type(row)).get_compiler(connection=db)
            sql, values = compiler.compile(compiler.prepare_value(field, value))
            places.append(sql)
            params += values
        else:
            sent = field.get_db_prep_save(value, db)
            if sent is None or sent is True or sent is False:
                # half of the columns; the driver would look for a way to write each
                places.append(PLAIN[sent])
                continue
            places.append(own(sent, None, db) if own else "%s")
            params.append(sent)
    return f"{opening}{', '.join(places)})", params


def layout(model: type[Model]) -> tuple[str, list[tuple[Field[Any, Any], Any]]]:
    """``INSERT INTO … VALUES (``, and each field with the function for its place, if it has one of its own."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    opening = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ('  # noqa: S608  # names of our own models
    return opening, [(field, getattr(field, "get_placeholder", None)) for field in fields]

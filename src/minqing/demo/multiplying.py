"""Many matters out of some thousand, by the database itself: for measuring, in a database of its own.

Loading a million matters through the services takes hours; copies of loaded ones with other numbers, times and
villages take minutes and lie in the tables as those would. Needs a superuser: walls, keys and triggers are passed by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from minqing.core.ids import human_number
from minqing.matters.words import lexemes_of

YEARS = 3
# a word that one matter in so many has
RARE, ONE_IN = "萤石矿洞", 2_000
FIRST_SERIAL, MOST = 100_000, 800_000
COPIES = """
    CREATE TEMPORARY TABLE copies AS
    WITH old AS MATERIALIZED (
        SELECT id, received_at, row_number() OVER () - 1 AS place FROM matters_matter WHERE closed_at IS NOT NULL),
    wanted AS MATERIALIZED (
        SELECT n, number, -(random() * %(years)s * interval '365 days') AS shift,
            abs(hashint4(n)::bigint) %% (SELECT count(*) FROM old) AS place FROM numbers),
    villages AS MATERIALIZED (SELECT array_agg(id) AS ids FROM org_area WHERE level = 'village')
    SELECT n, old.id AS old, number, shift, uuidv7(old.received_at + shift - now()) AS new,
        ids[1 + n %% cardinality(ids)] AS area_id
    FROM wanted JOIN old USING (place) CROSS JOIN villages
"""
SEARCH = """
    UPDATE matters_matter SET title = %(rare)s || title, search = search || array_to_tsvector(%(lexemes)s::text[])
    FROM copies WHERE new = id AND n %% %(one_in)s = 0
"""


def multiply(connection: psycopg.Connection, size: int) -> Iterator[str]:
    """Bring the number of matters to ``size``; yields what it is doing."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET maintenance_work_mem = '512MB'")
    row: Any = connection.execute("SELECT count(*) FROM matters_matter").fetchone()
    missing = size - row[0]
    if missing <= 0:
        return
    yield "numbers"
    connection.execute("CREATE TEMPORARY TABLE numbers (n int, number text)")
    with connection.cursor() as cursor, cursor.copy("COPY numbers FROM STDIN") as copy:
        for n in range(missing):
            copy.write_row((n, numbered(n)))
    connection.execute("SELECT setval('matters_matter_number', 1000000)")
    connection.execute(COPIES, {"years": YEARS})
    connection.execute("CREATE INDEX ON copies (old)")
    connection.execute("ANALYZE copies")
    matter = apps.get_model("matters", "Matter")
    children = [one.related_model for one in matter._meta.related_objects if is_child(one)]
    for model in (matter, *children):
        yield model._meta.db_table
        with without_indexes(connection, model._meta.db_table):
            connection.execute(copied(model, "id" if model is matter else "matter_id"))
    yield "rare words"
    connection.execute(SEARCH, {"rare": RARE, "lexemes": lexemes_of(RARE), "one_in": ONE_IN})
    yield "ANALYZE"
    connection.execute("VACUUM ANALYZE")


def numbered(n: int) -> str:
    """Six figures of serial a year, so a million needs several years."""
    return human_number("MQ", 2010 + n // MOST, FIRST_SERIAL + n % MOST)


def is_child(relation: Any) -> bool:
    """Rows that hang on one matter and on nothing else that is copied."""
    model = relation.related_model
    keys = [field for field in model._meta.concrete_fields if field.is_relation]
    inside = [key for key in keys if key.related_model._meta.app_label == "matters"]
    return bool(relation.field.name == "matter" and inside == [relation.field])


def copied(model: type[models.Model], key: str) -> sql.Composed:
    """INSERT of a row for each copy: own ids, times moved by its shift, everything else as it was."""
    matter = key == "id"
    own: dict[str, sql.Composable] = {"id": sql.SQL("gen_random_uuid()"), "matter_id": sql.SQL("copies.new")}
    if matter:
        own = {
            "id": sql.SQL("copies.new"),
            "number": sql.SQL("copies.number"),
            "area_id": sql.SQL("copies.area_id"),
            "household_id": sql.NULL,
            "ticket": sql.NULL,
            "outside_number": sql.NULL,
            "search": sql.SQL(
                "ts_delete(old.search, split_part(old.number, '-', 3))"
                " || array_to_tsvector(ARRAY[split_part(copies.number, '-', 3)])"
            ),
        }
    names, values = [], []
    for field in model._meta.concrete_fields:
        name = str(field.column)
        column = sql.SQL("old.{}").format(sql.Identifier(name))
        moved = sql.SQL("{} + copies.shift").format(column) if isinstance(field, models.DateTimeField) else column
        names.append(sql.Identifier(name))
        values.append(own.get(name, moved))
    insertion = "INSERT INTO {table} ({names}) SELECT {values} FROM copies JOIN {table} old ON old.{key} = copies.old"
    return sql.SQL(insertion).format(
        table=sql.Identifier(model._meta.db_table),
        names=sql.SQL(", ").join(names),
        values=sql.SQL(", ").join(values),
        key=sql.Identifier(key),
    )


class without_indexes:
    """Drops the indexes of a table that belong to no constraint, and makes them again at the end."""

    def __init__(self, connection: psycopg.Connection, table: str) -> None:
        self.connection = connection
        self.found = connection.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i "
            "WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)",
            [table],
        ).fetchall()

    def __enter__(self) -> None:
        for name, _definition in self.found:
            self.connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name.strip('"'))))

    def __exit__(self, *error: object) -> None:
        for _name, definition in self.found:
            self.connection.execute(definition)

"""Indexes: made beside the work instead of in its way, and whether a search for words may use its own."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.postgres.operations import AddIndexConcurrently

# nobody waits for whoever waits here: it may take as long as the oldest transaction, but not for ever
PATIENCE: Final = "10min"
VALID = """
    SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relname = %s AND c.relnamespace = current_schema()::regnamespace
"""

# behind a wall PostgreSQL uses an index only for what it is told gives nothing away (docs/decisions/0010-…), and only a
# superuser can tell it: ours does for the embedded server; elsewhere the doctor says the statement
LEAKPROOF: Final = "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF"
IS_LEAKPROOF: Final = (
    "SELECT 1 FROM pg_proc WHERE oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure AND proleakproof"
)


class AddIndexBesides(AddIndexConcurrently):
    """An index that holds up no writer, in a migration that is not atomic; run again it goes on where it stopped.

    One that was broken off leaves an index that is kept up and never used: it is dropped and made anew.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(VALID, [self.index.name])
            found = cursor.fetchone()
            if found == (True,):
                return
            cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
            try:
                if found:
                    cursor.execute(f'DROP INDEX CONCURRENTLY "{self.index.name}"')
                super().database_forwards(app_label, schema_editor, from_state, to_state)
            finally:
                cursor.execute("RESET lock_timeout")


def searches_by_index(connection: Any) -> bool:
    """Whether a search for words uses its index; ``connection`` is one of Django or of psycopg."""
    with connection.cursor() as cursor:
        cursor.execute(IS_LEAKPROOF)
        return cursor.fetchone() is not None

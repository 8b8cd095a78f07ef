"""Whether a search for words may use its index behind a wall.

There PostgreSQL uses an index only for what it is told gives nothing away (docs/decisions/0010-…), and only a superuser
can tell it: ours does for the embedded server; elsewhere the doctor says the statement.
"""

from __future__ import annotations

from typing import Any, Final

STATEMENT: Final = "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF"
SAID: Final = "SELECT 1 FROM pg_proc WHERE oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure AND proleakproof"


def searches_by_index(connection: Any) -> bool:
    """``connection`` is one of Django or of psycopg."""
    with connection.cursor() as cursor:
        cursor.execute(SAID)
        return cursor.fetchone() is not None

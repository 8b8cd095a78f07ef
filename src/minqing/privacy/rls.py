"""Row-level security as migration operations, in the form that stays fast on 710,000 rows.

The inner SELECT is evaluated once a query instead of once a row. FORCE makes the policies hold for the owner of the
tables too. A table that has as many rows as the county has people asks by :data:`AMONG_AREAS`.
"""

from __future__ import annotations

from django.db import migrations

# the outer cast changes nothing but makes the SELECT a value instead of a set of rows
IN_AREAS = "area_id = ANY((SELECT NULLIF(current_setting('minqing.areas', true), '')::int[])::int[])"

# looked up in a hash instead of searched through: each row costs the same, however many areas a county has, and the
# planner, which takes the array for ten areas, no longer reads a county by its index of areas
AMONG_AREAS = "area_id IN (SELECT unnest(NULLIF(current_setting('minqing.areas', true), '')::int[]))"


def in_units(column: str) -> str:
    return f"{column} = ANY((SELECT NULLIF(current_setting('minqing.units', true), '')::int[])::int[])"


def in_any_unit(column: str) -> str:
    """The array of unit ids in ``column`` has one of the actor's."""
    return f"{column} && (SELECT NULLIF(current_setting('minqing.units', true), '')::int[])::int[]"


def is_setting(column: str, setting: str, cast: str = "text") -> str:
    """``column`` equals the setting of that name (``household``, ``code``, ``ticket``, ``account``, ``sender``)."""
    return f"{column} = (SELECT NULLIF(current_setting('minqing.{setting}', true), '')::{cast})"


def is_system(name: str) -> str:
    """The system itself acts, as the job of that name: for rows that belong to no area."""
    return f"(SELECT NULLIF(current_setting('minqing.system', true), '')) = '{name}'"


# for a column that says so; like the arrays looked up once a query
OPENS_CONFIDENTIAL = "(SELECT current_setting('minqing.confidential', true) = 'yes')"


def through(column: str, parent: str) -> str:
    """Seen with its parent: for rows that are only read by their parent's key."""
    return f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {column})"  # noqa: S608  # names out of migrations


def wall(table: str, seen: str, *, written: str | None = None) -> migrations.RunSQL:
    """Enable and force row-level security on ``table``: rows are seen where ``seen`` holds.

    ``written`` is the condition for new and changed rows; it is ``seen`` unless given.
    """
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            policy(table, seen, written or seen),
        ],
        [
            f"DROP POLICY wall ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


class InOne(migrations.RunSQL):
    """Statements of one transaction, also in a migration that is not atomic."""

    atomic = True


def looked_up(table: str, seen: str, *, written: str | None = None) -> migrations.RunSQL:
    """The wall of ``table``, made of ``seen`` and ``written``, asks for its areas by :data:`AMONG_AREAS` instead.

    Both statements in one transaction: there is no moment without a wall, nor one in which nobody sees a row. For a
    migration that is not atomic, so that no table is held while it waits for the next.
    """
    former = (seen, written or seen)
    seen_now, written_now = (one.replace(IN_AREAS, AMONG_AREAS) for one in former)
    return InOne(
        [f"DROP POLICY wall ON {table}", policy(table, seen_now, written_now)],
        [f"DROP POLICY wall ON {table}", policy(table, *former)],
    )


def policy(table: str, seen: str, written: str) -> str:
    return f"CREATE POLICY wall ON {table} USING ({seen}) WITH CHECK ({written})"

"""Is the database as the code declares it? Rights, owners, walls, functions and triggers, one difference a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from minqing.privacy.declared import Declared, Function, Trigger, Wall
from minqing.privacy.grants import EVERYTHING, app_role, privileges

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
TABLES = "relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
GRANTED = f"SELECT relname, verb FROM pg_class, unnest(%s::text[]) AS verb WHERE {TABLES} AND has_table_privilege(%s, oid, verb)"  # noqa: S608,E501
EVERYBODYS = f"SELECT relname, privilege_type FROM pg_class, aclexplode(relacl) WHERE {TABLES} AND grantee = 0"  # noqa: S608
BY_COLUMN = f"""
    SELECT relname, attname, privilege_type
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)
    WHERE {TABLES} AND grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = %s))
"""  # noqa: S608
SEQUENCES = """
    SELECT relname, has_sequence_privilege(%s, oid, 'USAGE'), has_sequence_privilege(%s, oid, 'UPDATE') FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
"""
POWERS = """
    SELECT array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN rolreplication THEN 'REPLICATION' END], NULL),
    ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_roles.oid),
    has_schema_privilege(oid, 'public', 'CREATE'), has_schema_privilege(oid, 'public', 'USAGE')
    FROM pg_roles WHERE rolname = %s
"""
OWNERS = """
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
    relname, pg_get_userbyid(relowner)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')
    UNION ALL SELECT 'FUNCTION', oid::regprocedure::text, pg_get_userbyid(proowner)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
WALLS = f"""
    SELECT relname, relrowsecurity, relforcerowsecurity, ARRAY(SELECT polname::text FROM pg_policy
    WHERE polrelid = pg_class.oid ORDER BY polname) FROM pg_class WHERE {TABLES}
"""  # noqa: S608
POLICY = """
    SELECT pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), polcmd::text, polpermissive,
    polroles = '{0}' FROM pg_policy WHERE polrelid = %s::regclass AND polname = 'wall'
"""
COLUMNS = """
    SELECT string_agg(format('%%I %%s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""
FUNCTIONS = """
    SELECT proname, prosrc, prosecdef, coalesce(proconfig, '{}') FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname = ANY(%s)
"""
CALLED_BY_ALL = """
    SELECT DISTINCT oid::regprocedure::text FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) = %s AND grantee = 0 ORDER BY 1
"""
EXECUTE = "SELECT has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = %s"  # noqa: E501
TRIGGERS = """
    SELECT relname, tgname, tgtype, p.proname, tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
    JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
"""
# pg_trigger.tgtype (src/include/catalog/pg_trigger.h)
ROW, BEFORE = 1, 2
EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as declared, and the statement that mends it."""

    seen: str
    mend: str


def owner() -> str:
    return str(settings.DATABASES["owner"]["USER"])


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given or None)
        return list(cursor.fetchall())


def role_differences() -> Iterator[Difference]:
    """Powers of the app's role beyond its rights to tables."""
    role = app_role()
    if role == owner():
        yield Difference(
            _("owns the tables or bypasses their walls: one role is app and owner"),
            _("Give DATABASE_URL a role of its own and OWNER_DATABASE_URL the owner (docs/operations.md)"),
        )
        return
    ((powers, groups, creates, uses),) = rows(POWERS, role)
    for power in powers:
        yield Difference(
            _("{role} has {power}").format(role=role, power=power), as_superuser(f"ALTER ROLE {role} NO{power}")
        )
    for group in groups:
        yield Difference(
            _("{role} is a member of {group}").format(role=role, group=group),
            as_superuser(f"REVOKE {group} FROM {role}"),
        )
    if creates:
        yield Difference(
            _("{role} may create tables").format(role=role),
            as_owner(f"REVOKE CREATE ON SCHEMA public FROM {role}, PUBLIC"),
        )
    if not uses:
        yield Difference(_("{role} may not use the schema public").format(role=role), _("Run: minqing migrate"))


def grant_differences() -> Iterator[Difference]:
    """Each table and verb that the app's role has without need, or lacks."""
    role, declared = app_role(), privileges()
    granted = set(rows(GRANTED, list(VERBS), role))
    tables = {name for (name,) in rows(f"SELECT relname FROM pg_class WHERE {TABLES}")}  # noqa: S608
    for table in sorted(tables):
        may = set(declared.get(table, EVERYTHING))
        for verb in VERBS:
            has = (table, verb) in granted
            if has and verb not in may:
                yield Difference(
                    _("{role} may {verb} on {table}, which it must not").format(role=role, verb=verb, table=table),
                    _("Run: minqing migrate (or as owner: {statement})").format(
                        statement=f"REVOKE {verb} ON {table} FROM {role}, PUBLIC"
                    ),
                )
            if not has and verb in may:
                yield Difference(
                    _("{role} may not {verb} on {table}, which it needs").format(role=role, verb=verb, table=table),
                    _("Run: minqing migrate"),
                )
    for table, verb in rows(EVERYBODYS):
        yield Difference(
            _("every role may {verb} on {table}").format(verb=verb, table=table),
            as_owner(f"REVOKE {verb} ON {table} FROM PUBLIC"),
        )
    for table, column, verb in rows(BY_COLUMN, role):
        said = f"REVOKE {verb} ({column}) ON {table} FROM {role}, PUBLIC"
        yield Difference(
            _("{role} may {verb} the column {column} of {table} apart").format(
                role=role, verb=verb, column=column, table=table
            ),
            as_owner(said),
        )
    for name, uses, sets in rows(SEQUENCES, role, role):
        if not uses:
            yield Difference(
                _("{role} may not use the sequence {name}").format(role=role, name=name), _("Run: minqing migrate")
            )
        if sets:
            yield Difference(
                _("{role} may set the sequence {name}").format(role=role, name=name),
                as_owner(f"REVOKE UPDATE ON SEQUENCE {name} FROM {role}"),
            )


def owner_differences() -> Iterator[Difference]:
    """What belongs to somebody else than the owner: it could change or drop it, and step over its walls."""
    for kind, name, theirs in rows(OWNERS):
        if theirs != owner():
            yield Difference(
                _("{kind} {name} belongs to {theirs}").format(kind=kind.lower(), name=name, theirs=theirs),
                as_superuser(f"ALTER {kind} {name} OWNER TO {owner()}"),
            )


def wall_differences(declared: Declared) -> Iterator[Difference]:
    """Walls that are down, not forced, gone, doubled, or look at something else."""
    for table, enabled, forced, policies in sorted(rows(WALLS)):
        wall = declared.walls.get(table)
        if wall is None:
            for name in policies:
                yield Difference(
                    _("{table} has a policy {name} that nobody declared").format(table=table, name=name),
                    as_owner(f"DROP POLICY {name} ON {table}"),
                )
            continue
        if not enabled:
            yield Difference(
                _("the wall of {table} is down").format(table=table),
                as_owner(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
            )
        if not forced:
            yield Difference(
                _("the wall of {table} is not forced").format(table=table),
                as_owner(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
            )
        for name in policies:
            if name != "wall":
                yield Difference(
                    _("{table} has a second policy {name}").format(table=table, name=name),
                    as_owner(f"DROP POLICY {name} ON {table}"),
                )
        if "wall" not in policies:
            yield Difference(_("{table} has lost its policy").format(table=table), as_owner(statement(table, wall)))
        elif not same_policy(table, wall):
            said = as_owner(f"DROP POLICY wall ON {table}; {statement(table, wall)}")
            yield Difference(_("the policy of {table} is not the declared one").format(table=table), said)
    gone = declared.walls.keys() - {table for table, *_rest in rows(WALLS)}
    for table in sorted(gone):
        yield Difference(_("the table {table} is gone").format(table=table), _("Restore it from the backup"))


def as_owner(sql: str) -> str:
    return _("As owner: {statement}").format(statement=sql)


def as_superuser(sql: str) -> str:
    return _("As superuser: {statement}").format(statement=sql)


def statement(table: str, wall: Wall) -> str:
    return f"CREATE POLICY wall ON {table} USING ({wall.seen}) WITH CHECK ({wall.written})"


def same_policy(table: str, wall: Wall) -> bool:
    """PostgreSQL keeps a condition in a form of its own: the declared one is given to it too, on an empty copy.

    And both once more in the form in which it was kept: after a backup ``state IN ('booked')`` comes back written
    otherwise.
    """
    ((seen, written, *kind),) = rows(POLICY, f"public.{table}")
    with transaction.atomic():
        ((columns,),) = rows(COLUMNS, f"public.{table}")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE {table} ({columns})")
        wanted = settled(table, wall)
        kept = settled(table, Wall(seen, written or seen))
        transaction.set_rollback(True)
    return [*kept[:2], *kind] == wanted


def settled(table: str, wall: Wall) -> list[object]:
    """What the policy of the copy comes to when what was kept of it is given to it again."""
    for _round in range(2):
        with connection.cursor() as cursor:
            cursor.execute(f"DROP POLICY IF EXISTS wall ON pg_temp.{table}")
            cursor.execute(statement(f"pg_temp.{table}", wall))
        (found,) = rows(POLICY, f"pg_temp.{table}")
        wall = Wall(found[0], found[1] or found[0])
    return [*found]


def code_differences(declared: Declared) -> Iterator[Difference]:
    """Functions and triggers that were changed, switched off or are gone, and the app's right to call what it needs."""
    found = {
        name: (body, definer, tuple(kept)) for name, body, definer, kept in rows(FUNCTIONS, list(declared.functions))
    }
    for name, function in sorted(declared.functions.items()):
        if name not in found:
            yield Difference(_("the function {name} is gone").format(name=name), as_owner(restored(function)))
        elif found[name] != (function.body, function.definer, function.settings):
            yield Difference(
                _("the function {name} is not the declared one").format(name=name), as_owner(restored(function))
            )
        elif not all(may for (may,) in rows(EXECUTE, app_role(), name)):
            yield Difference(
                _("{role} may not call {name}").format(role=app_role(), name=name), _("Run: minqing migrate")
            )
    if app_role() != owner():
        for (name,) in rows(CALLED_BY_ALL, owner()):
            said = as_owner(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
            yield Difference(_("every role may call {name}").format(name=name), said)
    standing = {(table, name): rest for table, name, *rest in rows(TRIGGERS)}
    for (table, name), trigger in sorted(declared.triggers.items()):
        kept = standing.get((table, name))
        if kept is None:
            yield Difference(
                _("the trigger {name} of {table} is gone").format(name=name, table=table),
                as_owner(trigger.statement),
            )
        elif kept[:2] != [type_of(trigger), trigger.function]:
            said = as_owner(f"DROP TRIGGER {name} ON {table}; {trigger.statement}")
            yield Difference(
                _("the trigger {name} of {table} is not the declared one").format(name=name, table=table), said
            )
        elif kept[2] != "O":
            said = as_owner(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
            yield Difference(_("the trigger {name} of {table} is switched off").format(name=name, table=table), said)


def restored(function: Function) -> str:
    """As it is declared, to its last blank: the body is compared as text."""
    return function.statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def type_of(trigger: Trigger) -> int:
    kind = sum(EVENTS[event] for event in trigger.events)
    return kind + (ROW if trigger.level == "ROW" else 0) + (BEFORE if trigger.when == "BEFORE" else 0)

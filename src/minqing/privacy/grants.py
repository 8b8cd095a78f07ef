"""What the app's database role may do with each table, granted anew after every migration.

A model says it beside its fields: ``app_may = ("SELECT", "INSERT")`` for what is only ever added. Without it the
app may read and write rows; it may never create, alter, drop or truncate anything.
"""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
# what Django's migrations write and no page does; rights come from posts, not from Django's groups
OF_MIGRATIONS = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
)
# in one order, as the rows that say so are locked until the end
OWN_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s ORDER BY tablename"
OWN_FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) = %s ORDER BY 1
"""
# where pg_temp is not named it is looked through first, for types too: with a type of its own the app's role would have
# the owner run its code (PostgreSQL, "Writing SECURITY DEFINER Functions Safely")
SAFE_PATH = "pg_catalog, public, pg_temp"
UNSAFE = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) = %s AND prosecdef
    AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=' || %s] ORDER BY 1
"""


def app_role() -> str:
    return str(settings.DATABASES["default"]["USER"])


def privileges() -> dict[str, tuple[str, ...]]:
    """Table name → privileges, for every table that belongs to a model."""
    found = {
        model._meta.db_table: tuple(getattr(model, "app_may", EVERYTHING))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return found | dict.fromkeys(OF_MIGRATIONS, ("SELECT",))


def apply_grants(*, using: str = "owner") -> None:
    """Grant the app role what the models say and take away everything else. Idempotent, and all at once: whoever uses
    the tables meanwhile never meets one without rights.
    """
    connection = connections[using]
    role = app_role()
    owner = connection.settings_dict["USER"]
    if role == owner:
        # one role for all: an unprotected deployment, which `minqing doctor` reports
        return
    declared = privileges()
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(OWN_TABLES, [owner])
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))
        for table in tables:
            may = declared.get(table, EVERYTHING)
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, sql.Identifier(role)))
            words = sql.SQL(", ").join(sql.SQL(word) for word in may)
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(words, name, sql.Identifier(role)))
        cursor.execute(
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(sql.Identifier(role))
        )
        cursor.execute(sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}").format(sql.Identifier(role)))
        # PostgreSQL lets every role call what is made: also what runs with the owner's rights
        cursor.execute(OWN_FUNCTIONS, [owner])
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("REVOKE EXECUTE ON ROUTINE {} FROM PUBLIC").format(sql.SQL(name)))
        cursor.execute(UNSAFE, [owner, SAFE_PATH])
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("ALTER ROUTINE {} SET search_path = {}").format(sql.SQL(name), sql.SQL(SAFE_PATH)))


def after_migrate(sender: AppConfig, using: str, **_: object) -> None:
    """Receiver of Django's post_migrate: a table that a migration added is usable at once."""
    if using == "owner":
        apply_grants(using=using)

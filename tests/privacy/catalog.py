"""What the database's own catalogue says of walls, and which tables must have one."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from tests.architecture.of_rooms import brought

# rows about somebody hang on one of these
ROOTS = (
    "households_household",
    "households_resident",
    "matters_matter",
    "matters_reporter",
    "visits_visit",
    "visits_diaryentry",
)
# tables that hold something of people and have no wall, each with its reason
OPEN = {
    "org_account": "read before anyone is known: it is what signing in asks; colleagues see names of colleagues",
    "files_attachment": "does not say what a picture shows; the record that holds it has a wall and is asked first",
    "partners_partner": "read before anyone is known: it says whose a token is; the contact is an office's",
    "partners_token": "read before anyone is known: it is what identifies; holds a digest of 160 random bits",
    "partners_endpoint": "read by the job that sends, for every partner; its secrets are encrypted for their row",
    "intake_importrun": "known to the one who brought it; a job reads it before it knows for whom it acts",
    "journal_event": "written in every context, also without one; holds ids only; the app may not change it",
    **brought("WALLESS"),
}
WALLED = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
"""
REFERRING = """
    SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND confrelid = ANY(SELECT to_regclass(name)::oid FROM unnest(%s::text[]) AS name)
"""
ROOMS = {room.rpartition(".")[2] for room in settings.ROOMS}


def our_models() -> list[type[Model]]:
    """Every model of our rooms; tables that Django makes by itself for many-to-many fields have none."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("minqing.") and model.__module__.split(".")[1] in ROOMS
    ]


def tables_about_people() -> set[str]:
    """Tables of models with a personal or sensitive field; a many-to-many field's own table is one too."""
    found = set()
    for model in our_models():
        told = {*model.Privacy.personal, *model.Privacy.sensitive}  # type: ignore[attr-defined]
        if told - {field.name for field in model._meta.many_to_many}:
            found.add(model._meta.db_table)
        found |= {field.m2m_db_table() for field in model._meta.many_to_many if field.name in told}
    return found


def names(cursor: Any, sql: str, *parameters: object) -> set[str]:
    return {name for (name,) in cursor.execute(sql, parameters or None).fetchall()}


def without_a_wall(cursor: Any) -> set[str]:
    """Tables that hold something of people and lack a forced wall with a policy. ``cursor`` is psycopg's."""
    wanted = tables_about_people() | set(ROOTS) | names(cursor, REFERRING, list(ROOTS))
    return wanted - names(cursor, WALLED) - set(OPEN)

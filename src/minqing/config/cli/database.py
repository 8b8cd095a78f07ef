"""``minqing migrate`` and the steps that bring a database up to date."""

from __future__ import annotations

import contextlib

from minqing.config.cli import app
from minqing.config.cli.base import console, ready


@app.command()
def migrate() -> None:
    """Bring the database up to date: tables, rights of the app's role, reference data."""
    ready()
    bring_up_to_date()
    console.print("The database is up to date.")


def bring_up_to_date() -> None:
    """Migrate as the owner role, note whose database it is, load the reference data. Does nothing the second time."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from minqing.config.fitting import note_what_fits
    from minqing.config.reference import load_reference
    from minqing.privacy.grants import apply_grants

    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    except BaseException:
        # it grants after the last migration alone: what was made before this one is there, and in use
        with contextlib.suppress(DatabaseError):
            apply_grants()
        raise
    note_what_fits()
    load_reference()

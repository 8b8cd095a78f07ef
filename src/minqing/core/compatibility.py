"""Which software may work on which database. Older software over newer tables would write rows that lack something."""

from __future__ import annotations

import pkgutil
from typing import Final

from django.apps import apps
from django.db import connections

from minqing.core.models import Release
from minqing.core.version import own_version

# raise it with a release after which older software must not work on the database, whether or not its tables changed
GENERATION: Final = 1
NAME: Final = "minqing"


def brought_with() -> set[tuple[str, str]]:
    """The migrations of this software and of the packages below it, by their files."""
    return {
        (config.label, module.name)
        for config in apps.get_app_configs()
        for module in pkgutil.iter_modules([f"{config.path}/migrations"])
        if module.name[0].isdigit()
    }


def made_by_newer(*, using: str = "default") -> str | None:
    """What shows that newer software made the tables, or None if this one may work on them."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL, to_regclass(%s) IS NOT NULL", [table()])
        migrated, told = cursor.fetchone()
        if not migrated:
            return None
        labels = sorted(config.label for config in apps.get_app_configs())
        cursor.execute("SELECT app, name FROM django_migrations WHERE app = ANY(%s) ORDER BY id", [labels])
        # looked for once: asked of each migration they were a second's work at the start of every command
        known = brought_with()
        unknown = [row for row in cursor.fetchall() if row not in known]
    row = Release.objects.using(using).filter(name=NAME).first() if told else None
    if row is not None and row.generation > GENERATION:
        return f"Minqing {row.version} (generation {row.generation}, and this is {GENERATION})"
    if unknown:
        by = f"Minqing {row.version}, " if row else ""
        last = " ".join(unknown[-1])
        return f"{by}{len(unknown)} migrations that this software does not have, the last {last}"
    return None


def note_release(*, using: str) -> None:
    """Say after migrating which software this database is now for."""
    Release.objects.using(using).update_or_create(
        name=NAME, defaults={"version": own_version(), "generation": GENERATION}
    )


def table() -> str:
    return str(Release._meta.db_table)

"""What every command needs first: the database server up and Django ready."""

from __future__ import annotations

import os

from rich.console import Console

from minqing.config import embedded
from minqing.config.env import env

# progress and hints go to stderr: stdout is for what another program may read
console = Console(stderr=True)


def ready() -> None:
    """Start the embedded server if that is the database, then set Django up. Safe to call twice."""
    settings = env()
    if settings.embedded:
        socket = embedded.start(settings.pgdata)
        embedded.ensure_database(socket, settings.minqing_db_name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
    import django

    django.setup()

"""What every command needs first: the database server up, Django ready, and keys and software that fit the data."""

from __future__ import annotations

import os

from minqing.config import embedded
from minqing.config.env import env
from minqing.config.processes import check_folder
from minqing.config.words import language


def ready(*, keys_fit: bool = True) -> None:
    """Start the embedded server if that is the database, then set Django up. Safe to call twice.

    Raises Unfit with a sentence where this user, this software or (``keys_fit``) these keys are not those of the data.
    """
    settings = env()
    check_folder(settings.var)
    if settings.embedded:
        socket = embedded.start(settings.pgdata)
        embedded.ensure_database(socket, settings.minqing_db_name)
    start_django()
    from minqing.config.preflight import check_keys, check_release

    check_release()
    if keys_fit:
        check_keys()


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
    import django

    django.setup()
    from django.utils import translation

    # sentences of the rooms, as those of the commands
    translation.activate(language())

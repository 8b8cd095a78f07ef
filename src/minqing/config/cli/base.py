"""What every command needs first: the database server up, Django ready, and keys and software that fit the data."""

from __future__ import annotations

import os

from minqing.config import embedded
from minqing.config.database import go_direct
from minqing.config.env import Env, env
from minqing.config.joining import joined
from minqing.config.processes import UP_LOCK, Unfit, check_folder
from minqing.config.words import _, language


def ready(*, keys_fit: bool = True, makes: bool = False, stays: bool = False) -> None:
    """Start the embedded server if that is the database, then set Django up. Safe to call twice.

    ``makes``: a new county is made where there is none. ``stays``: the server goes on after this process; else who is
    last to need it stops what a command has started. Raises Unfit with a sentence where there is no county, or where
    this user, this software or (``keys_fit``) these keys are not those of the data.
    """
    settings = env()
    check_folder(settings.var)
    if settings.embedded:
        (refuse_lost_county if makes else refuse_empty_place)(settings)
        socket = joined(settings.pgdata, settings.var / UP_LOCK, stays=stays)
        embedded.ensure_database(socket, settings.minqing_db_name)
    start_django()
    go_direct()
    from minqing.config.preflight import check_keys, check_release

    check_release()
    if keys_fit:
        check_keys()


def refuse_empty_place(settings: Env) -> None:
    """Raise Unfit where no county is, with where it was looked for: a command in a wrong folder makes none."""
    if not (settings.pgdata / "PG_VERSION").exists():
        raise Unfit(
            _(
                "There is no county in {pgdata}. Run this in the folder in which Minqing was started, or name its data "
                "folder with MINQING_VAR. To begin a new county: minqing init"
            ).format(pgdata=settings.pgdata)
        )


def refuse_lost_county(settings: Env) -> None:
    """Raise Unfit where a county was and its database is not: an empty one over it would look as if all were well."""
    from minqing.config.backup import FOLDERS
    from minqing.config.restore import UNFINISHED

    if (settings.pgdata / "PG_VERSION").exists():
        return
    there = [name for name in ("keys.json", *FOLDERS, UNFINISHED) if (settings.var / name).exists()]
    if there:
        raise Unfit(
            _(
                "{there} of a county in {var}, and no database in {pgdata}: no new one is begun over it. Mount its "
                "disk, see that its settings are read (DATABASE_URL, MINQING_PGDATA), or put its backup back with: "
                "minqing restore. If it is not needed any more, name another folder with MINQING_VAR"
            ).format(there=", ".join(there), var=settings.var, pgdata=settings.pgdata)
        )


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")
    import django

    django.setup()
    from django.utils import translation

    # sentences of the rooms, as those of the commands
    translation.activate(language())

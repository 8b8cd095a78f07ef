"""Is there a county in the folder? Asked before anything is made there."""

from __future__ import annotations

from minqing.config.env import Env
from minqing.config.processes import Busy, Unfit
from minqing.config.words import _


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
    """Raise Unfit where a county was and its database is not: an empty one over it would look as if all were well.

    It is Busy, and may go by itself, where only a disk is lacking: that may be mounted a little later.
    """
    from minqing.config.backup import FOLDERS
    from minqing.config.restore import UNFINISHED

    if (settings.pgdata / "PG_VERSION").exists():
        return
    there = [name for name in ("keys.json", *FOLDERS, UNFINISHED) if (settings.var / name).exists()]
    if there:
        raise (Unfit if UNFINISHED in there else Busy)(
            _(
                "{there} of a county in {var}, and no database in {pgdata}: no new one is begun over it. Mount its "
                "disk, see that its settings are read (DATABASE_URL, MINQING_PGDATA), or put its backup back with: "
                "minqing restore. If it is not needed any more, name another folder with MINQING_VAR"
            ).format(there=", ".join(there), var=settings.var, pgdata=settings.pgdata)
        )

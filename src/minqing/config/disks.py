"""The disks that a county fills on this machine, and whether there is room for what is about to be written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from minqing.config.env import env
from minqing.config.processes import Unfit
from minqing.config.words import _

GIB: Final = 1024**3


def filled() -> dict[str, Path]:
    """The folders that this machine's part of the county fills, by what lies there."""
    settings = env()
    folders = {"data": settings.var}
    if settings.embedded:
        folders["database"] = settings.pgdata
    if settings.minqing_backup_folder is not None:
        folders["backups"] = settings.minqing_backup_folder.expanduser()
    return folders


def there(folder: Path) -> Path:
    """The folder or the nearest above it: it may not be there yet, and is not made by looking."""
    folder = folder.absolute()
    return next(one for one in (folder, *folder.parents) if one.exists())


def free_below(folder: Path) -> int:
    """Bytes."""
    return shutil.disk_usage(there(folder)).free


class NoRoom(Unfit):
    """How much is lacking, and where."""


def refuse_without_room(needed: int, folder: Path) -> None:
    """A disk that runs full stops the county that works on it. Raises :class:`NoRoom`."""
    free = free_below(folder)
    if free < needed:
        raise NoRoom(
            _("{folder}: {free} GiB free, {needed} GiB needed. Free some space there; nothing was changed.").format(
                folder=folder, free=f"{free / GIB:.1f}", needed=f"{needed / GIB:.1f}"
            )
        )

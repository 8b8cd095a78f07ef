"""Nobody else's folder, no process that outlives the one that started it, and what processes are called."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from minqing.config.words import _

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
# below the data folder: held, with its number in it, by the one process that serves from there
UP_LOCK = "up.lock"
# how connections of ours are named, and how long PostgreSQL lets a name be
OURS = "minqing "
LONGEST_NAME = 63


# EX_CONFIG of sysexits.h, of what serves: only a person ends the refusal, so a service manager does not try it again
REFUSED = 78


class Unfit(Exception):
    """Minqing cannot go on as it was called. The message is one sentence for the operator that says what to do."""


class Busy(Unfit):
    """Somebody is at it at this moment: the same call goes on by itself a little later."""


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def check_folder(folder: Path) -> None:
    """Raise :class:`Unfit` where the data are somebody else's: files made by another user would lock theirs out."""
    if not folder.exists():
        return
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        name = user_name(owner)
        raise Unfit(
            _(
                "The data in {folder} belong to {name}, and this is {user}. Run it as {name} (as root: "
                "runuser -u {name} -- …), or name another folder with MINQING_VAR."
            ).format(folder=folder, name=name, user=user_name(os.geteuid()))
        )
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Unfit(_("{folder} cannot be read and written. Run: chmod u+rwx {folder}").format(folder=folder))


def not_usable(path: Path) -> Unfit:
    """What to do about a file or folder that this user may not use, or may not make."""
    user = user_name(os.geteuid())
    try:
        there = path.exists()
    except OSError:
        there = True
    if there:
        return Unfit(_("{filename} cannot be used by {user}: check whose it is.").format(filename=path, user=user))
    sentence = _(
        "{filename} is not there, and {user} may not make it. As root run: install -d -m 700 -o {user} {filename}"
    )
    return Unfit(sentence.format(filename=path, user=user))


def close_to_others() -> None:
    """What this process and those it starts write is for its user alone: keys, settings, pictures, what is exported.

    Through root's folders others may go, as its database server has to.
    """
    os.umask(0o077 if os.geteuid() else 0o066)


def stop_with_parent(parent: int, number: int = signal.SIGTERM) -> None:
    """Have the kernel send a signal to this process when its parent is gone, however it went. 0: no parent.

    Linux alone can do this; it lasts over an exec. Elsewhere a killed ``minqing up`` leaves its processes behind.
    """
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    # gone before the kernel was asked
    if os.getppid() != parent:
        sys.exit(0)


def tied(command: Sequence[str]) -> list[str]:
    """The same command, as a process that ends when this one is gone."""
    return [sys.executable, "-m", "minqing.config.processes", str(os.getpid()), *command]


def name_process(name: str) -> None:
    """As what ``ps -e`` and ``top`` list it: of several that were made of one the command line is the same."""
    if sys.platform.startswith("linux"):
        # the kernel keeps fifteen bytes
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def name_connections(kind: str) -> None:
    """This process's connections, and those of what it starts and does not say otherwise, are called so.

    A name that somebody else has given stays; what has it is not found here.
    """
    if not os.environ.get("PGAPPNAME", OURS).startswith(OURS):
        return
    os.environ["PGAPPNAME"] = f"{OURS}{kind} {os.uname().nodename}"[:LONGEST_NAME]


if __name__ == "__main__":
    stop_with_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  # as it was given

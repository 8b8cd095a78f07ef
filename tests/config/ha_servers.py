"""Three servers of `deploy/ha` on this machine: etcd, Patroni and PostgreSQL of Debian, each in a network of its own.

Nothing leaves the machine. A server can be killed, cut off the network, or have a program stopped for a while.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

import psutil

from tests.embedded import ROOT

DEPLOY: Final = ROOT / "deploy" / "ha"
BINARIES: Final = Path("/usr/lib/postgresql/15/bin")
BRIDGE: Final = "mqha"
# of the networks that are kept for measuring (RFC 2544)
NETWORK: Final = "198.18.77"
ADDRESSES: Final = {f"pg{number}": f"{NETWORK}.{number}" for number in (1, 2, 3)}
PASSWORD: Final = "made-up-for-the-trial"
LEADING: Final = ("leader", "master", "primary")
# bytes of log behind the leader
NEAR: Final = 1 << 20


def possible() -> bool:
    """Whether this machine has the programs, and lets us lay networks."""
    programs = all(shutil.which(name) for name in ("etcd", "patroni", "ip", "setpriv"))
    return programs and (BINARIES / "postgres").exists() and os.geteuid() == 0 and ip("netns", "list", check=False)


def ip(*words: str, check: bool = True) -> bool:
    return subprocess.run(["ip", *words], capture_output=True, check=check).returncode == 0


def filled(name: str, server: str, **given: str) -> str:
    """A file of ``deploy/ha`` for that server."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    words = {"NAME": server, "ADDRESS": ADDRESSES[server], "APP_NETWORK": f"{NETWORK}.254/32"}
    words |= {f"ADDRESS{one[-1]}": address for one, address in ADDRESSES.items()}
    words |= {f"{one}_PASSWORD": PASSWORD for one in ("SUPERUSER", "REPLICATION", "REWIND")}
    for key, value in (words | given).items():
        text = text.replace(f"@{key}@", value)
    return text


@dataclass
class Server:
    """One of the three, its files below ``folder``."""

    name: str
    folder: Path
    programs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return ADDRESSES[self.name]

    @property
    def space(self) -> str:
        return f"{BRIDGE}{self.name[-1]}"

    def lay(self) -> None:
        """Its network, its folders and its settings."""
        ip("netns", "add", self.space)
        ip("link", "add", f"{self.space}v", "type", "veth", "peer", "name", "eth0", "netns", self.space)
        ip("link", "set", f"{self.space}v", "master", BRIDGE, "up")
        ip("-n", self.space, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            ip("-n", self.space, "link", "set", device, "up")
        self.folder.mkdir()
        shutil.chown(self.folder, "postgres", "postgres")
        settings = filled("patroni.yml", self.name)
        for there, here in (
            ("/var/lib/postgresql/15/minqing", "data"), ("/var/lib/postgresql/.patroni-pgpass", "pgpass"),
            ("/var/run/postgresql", "."),
        ):  # fmt: skip
            settings = settings.replace(there, str((self.folder / here).resolve()))
        # whoever plays the kernel kills the server, as a watchdog does
        settings = settings.replace("mode: required", "mode: off")
        (self.folder / "patroni.yml").write_text(settings, encoding="utf-8")

    def start(self) -> None:
        etcd = dict(
            line.split("=", 1)
            for line in filled("etcd.default", self.name).splitlines()
            if line and not line.startswith("#")
        )
        etcd["ETCD_DATA_DIR"] = str(self.folder / "etcd")
        self.begin("etcd", ["etcd"], **etcd)
        self.begin("patroni", [*as_postgres(), "patroni", str(self.folder / "patroni.yml")])

    def begin(self, name: str, words: list[str], **variables: str) -> None:
        if (running := self.programs.get(name)) and running.poll() is None:
            return
        with (self.folder / f"{name}.log").open("ab") as log:
            self.programs[name] = subprocess.Popen(
                ["ip", "netns", "exec", self.space, *words], stdout=log, stderr=log, start_new_session=True,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | variables,
            )  # fmt: skip

    def processes(self, *, of: str = "") -> list[psutil.Process]:
        """All that run in its network; of one program those that bear its name."""
        told = subprocess.run(["ip", "netns", "pids", self.space], capture_output=True, text=True, check=False).stdout
        found = []
        for number in told.split():
            with contextlib.suppress(psutil.Error):
                one = psutil.Process(int(number))
                if not of or of in " ".join(one.cmdline()[:3]):
                    found.append(one)
        return found

    def send(self, number: signal.Signals, *, of: str = "") -> None:
        for one in self.processes(of=of):
            with contextlib.suppress(psutil.Error):
                one.send_signal(number)
        if number is signal.SIGKILL:
            for name, program in self.programs.items():
                if not of or of == name:
                    program.wait()

    def network(self, there: bool) -> None:
        ip("link", "set", f"{self.space}v", "up" if there else "down")

    def psql(self, *words: str) -> None:
        psql = [str(BINARIES / "psql"), "-h", str(self.folder), "-d", "postgres", "-v", "ON_ERROR_STOP=1", *words]
        subprocess.run(["ip", "netns", "exec", self.space, *as_postgres(), *psql], check=True, capture_output=True)

    def cluster(self) -> list[dict[str, Any]]:
        """What its Patroni knows of the three; empty where it says nothing."""
        line = HTTPConnection(self.address, 8008, timeout=2)
        try:
            line.request("GET", "/cluster")
            told: list[dict[str, Any]] = json.loads(line.getresponse().read()).get("members", [])
            return told
        except (OSError, HTTPException, ValueError):
            return []
        finally:
            line.close()


def as_postgres() -> list[str]:
    return shlex.split("setpriv --reuid postgres --regid postgres --init-groups --inh-caps=-all")


@dataclass
class Servers:
    all: list[Server]

    def told(self) -> list[dict[str, Any]]:
        """What all three say alike of who leads and in which timeline; empty where they do not.

        One that was cut off knows for some seconds what was so before.
        """
        told = [server.cluster() for server in self.all]
        leading = {
            (one["name"], one.get("timeline"))
            for members in told
            for one in members
            if one["role"] in LEADING and one.get("state") == "running"
        }
        return told[0] if all(told) and len(leading) == 1 else []

    def leader(self) -> Server | None:
        names = [one["name"] for one in self.told() if one["role"] in LEADING]
        return next((one for one in self.all if one.name in names), None)

    def whole(self) -> bool:
        """A leader with two standbys that follow it in its own timeline, one of them in step."""
        told = self.told()
        lines = {one.get("timeline") for one in told}
        others = [one for one in told if one["role"] not in LEADING]
        in_step = [one for one in others if one["role"] == "sync_standby"]
        near = [one for one in others if isinstance(one.get("lag"), int) and one["lag"] < NEAR]
        return len(told) == 3 and len(lines) == 1 and len(near) == 2 and bool(in_step)

    def until_whole(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not self.whole():
            if time.monotonic() > until:
                return False
            time.sleep(0.5)
        return True


@contextlib.contextmanager
def three(folder: Path) -> Iterator[Servers]:
    """Laid, started and whole, with the roles and the database of the manual. Nothing of them is left."""
    folder.chmod(0o755)
    found = Servers([Server(name, folder / name) for name in ADDRESSES])
    clear(found)
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{NETWORK}.254/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for server in found.all:
            server.lay()
            server.start()
        if not found.until_whole(180):
            raise RuntimeError(f"the three did not come together; see {folder}/*/patroni.log")
        leader = found.leader()
        assert leader is not None
        roles = folder / "roles.sql"
        shutil.copy(DEPLOY / "roles.sql", roles)
        leader.psql(
            "-f", str(roles), *(word for one in ("owner", "app", "backup") for word in ("-v", f"{one}={PASSWORD}"))
        )
        yield found
    finally:
        clear(found)


def clear(servers: Servers) -> None:
    for server in servers.all:
        server.send(signal.SIGCONT)
        server.send(signal.SIGKILL)
        # the space itself goes with its last process, its line at once
        ip("link", "del", f"{server.space}v", check=False)
        ip("netns", "del", server.space, check=False)
    ip("link", "del", BRIDGE, check=False)


def address(role: str) -> str:
    """By which Minqing reaches the database, whoever leads."""
    return f"postgresql://{role}:{PASSWORD}@{','.join(f'{one}:5432' for one in ADDRESSES.values())}/minqing"

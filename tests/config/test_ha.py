"""Three servers of `deploy/ha` broken on purpose while the county works: what was acknowledged is there afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg
import pytest
import yaml

from minqing.config.cli import with_modules
from minqing.config.cli.trial import free_port
from minqing.config.database import from_url, refuse_what_loses
from minqing.config.trials.afterwards import doctor
from minqing.config.trials.county import County
from minqing.config.trials.faults import Found, one, prepare, settle, settle_in
from tests.config import ha_servers
from tests.config.ha_servers import ADDRESSES, DEPLOY, PASSWORD, Server, Servers, address, filled, three

TRIALS = pytest.mark.skipif(
    not (os.environ.get("MINQING_TRIALS") and ha_servers.possible()),
    reason="six minutes as root with patroni, etcd-server and postgresql of Debian: MINQING_TRIALS=1",
)
# how long something stays broken: longer than a leader may be silent (ttl), so that another one leads meanwhile
BROKEN_SECONDS = 35.0
WHOLE_SECONDS = 120.0
WAITING = {200, 503}


def connected(role: str) -> psycopg.Connection:
    """As Minqing connects, by its own settings."""
    told = from_url(address(role))
    named = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    return psycopg.connect(dbname=told["NAME"], autocommit=True, **named, **told["OPTIONS"])  # type: ignore[arg-type]


@dataclass
class Clustered(County):
    """The county of the trials on three servers instead of the embedded one."""

    def __post_init__(self) -> None:
        self.folder = self.var

    @property
    def environment(self) -> dict[str, str]:
        own = {f"MINQING_{name}_KEY": f"{number}" * 64 for number, name in enumerate(("SECRET", "FIELD", "INDEX"), 1)}
        urls = {"DATABASE_URL": "minqing_app", "OWNER_DATABASE_URL": "minqing_owner"}
        urls |= {"BACKUP_DATABASE_URL": "minqing_backup"}
        return super().environment | own | {name: address(role) for name, role in urls.items()}

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        with connected("minqing_backup") as connection:
            yield connection

    def postmaster(self) -> psutil.Process | None:
        return None


@dataclass
class Ledger:
    """Rows written as fast as the disk lets them, each by a number of its own, and never twice."""

    acknowledged: list[int] = field(default_factory=list)
    # when each was, to tell the longest time without one
    times: list[float] = field(default_factory=list)
    tried: int = 0
    ending: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        with connected("minqing_owner") as connection:
            connection.execute("CREATE SCHEMA trial")
            connection.execute("CREATE TABLE trial.ledger (number bigint PRIMARY KEY)")
        self.threads = [threading.Thread(target=self.write, args=(turn,), daemon=True) for turn in range(3)]
        for each in self.threads:
            each.start()

    def write(self, turn: int) -> None:
        number = turn
        while not self.ending.is_set():
            try:
                with connected("minqing_owner") as connection:
                    while not self.ending.is_set():
                        number, self.tried = number + 3, self.tried + 1
                        connection.execute("INSERT INTO trial.ledger VALUES (%s)", [number])
                        self.acknowledged.append(number)
                        self.times.append(time.monotonic())
                        time.sleep(0.02)
            except psycopg.Error:
                time.sleep(0.2)

    def stop(self) -> tuple[dict[str, int], list[str]]:
        self.ending.set()
        for each in self.threads:
            each.join(30)
        with connected("minqing_owner") as connection:
            kept = {number for (number,) in connection.execute("SELECT number FROM trial.ledger")}
            connection.execute("DROP SCHEMA trial CASCADE")
        lost = sorted(set(self.acknowledged) - kept)
        figures = {"rows acknowledged": len(self.acknowledged), "rows kept": len(set(self.acknowledged) & kept)}
        figures |= {"rows tried": self.tried, "rows lost": len(lost)}
        return figures, [f"{len(lost)} acknowledged rows lost, such as {lost[0]}"] if lost else []

    def longest_since(self, begun: float) -> float:
        """Seconds without an acknowledged row since then."""
        times = sorted([begun, *(at for at in self.times if at > begun), time.monotonic()])
        return max(after - before for before, after in pairwise(times))


@dataclass
class Visitor:
    """Asks for a page twice a second, each time in another language, and notes what came."""

    port: int
    answers: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self.ask, daemon=True)
        self.thread.start()

    def ask(self) -> None:
        turn = 0
        while not self.ending.wait(0.5):
            turn += 1
            language, sentence = (("en", "One moment, please"), ("zh-hans", "请稍候"))[turn % 2]
            line = HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                line.request("GET", "/accounts/login/", headers={"Accept-Language": language, "Host": "127.0.0.1"})
                answer = line.getresponse()
                page = answer.read().decode()
            except (OSError, HTTPException):
                continue
            finally:
                line.close()
            self.answers[answer.status] = self.answers.get(answer.status, 0) + 1
            if answer.status not in WAITING or (answer.status == 503 and sentence not in page):
                self.wrong.append(f"a visitor was answered {answer.status}: {page[:200]}")

    def stop(self) -> tuple[dict[str, int], list[str]]:
        self.ending.set()
        if self.thread:
            self.thread.join(60)
        return {f"pages answered {status}": count for status, count in sorted(self.answers.items())}, self.wrong[:3]


def leading(servers: Servers) -> Server:
    found = servers.leader()
    assert found is not None, "nobody leads"
    return found


def leader_killed(servers: Servers) -> None:
    """Its machine is gone, with its etcd: back after a while with all that it had."""
    server = leading(servers)
    server.send(signal.SIGKILL)
    time.sleep(BROKEN_SECONDS)
    server.start()


def database_killed(servers: Servers) -> None:
    """PostgreSQL alone: its Patroni starts it again, or hands on."""
    for process in leading(servers).processes(of="postgres"):
        with suppress(psutil.Error):
            if "-D" in process.cmdline():
                process.kill()


def etcd_lost(servers: Servers) -> None:
    """All three: the leader goes on, as it reaches both others (failsafe)."""
    for server in servers.all:
        server.send(signal.SIGKILL, of="etcd")
    time.sleep(BROKEN_SECONDS)
    for server in servers.all:
        server.start()


def patroni_hangs(servers: Servers) -> None:
    """It does not step down while another leads, and there is no watchdog: its clients wait for their commit."""
    server = leading(servers)
    server.send(signal.SIGSTOP, of="patroni")
    time.sleep(BROKEN_SECONDS)
    server.send(signal.SIGCONT, of="patroni")


def watchdog_fires(servers: Servers) -> None:
    """As above, and the kernel starts the machine anew."""
    server = leading(servers)
    server.send(signal.SIGSTOP, of="patroni")
    time.sleep(15)
    server.send(signal.SIGKILL)
    time.sleep(BROKEN_SECONDS - 15)
    server.start()


def machine_stands_still(servers: Servers) -> None:
    """As a virtual machine that is moved: it wakes up and takes itself for the leader."""
    server = leading(servers)
    # its kernel stands still too: nothing acknowledges what comes
    server.network(False)
    server.send(signal.SIGSTOP)
    time.sleep(BROKEN_SECONDS)
    server.network(True)
    server.send(signal.SIGCONT)


def network_cut(servers: Servers) -> None:
    """The leader hears nobody, and runs on."""
    server = leading(servers)
    server.network(False)
    time.sleep(BROKEN_SECONDS)
    server.network(True)


# by the number in faults.md
FAULTS: dict[str, Callable[[Servers], None]] = {
    "51 leader killed": leader_killed,
    "51 database killed": database_killed,
    "52 etcd lost": etcd_lost,
    "53 Patroni hangs": patroni_hangs,
    "53 watchdog fires": watchdog_fires,
    "53 machine stands still": machine_stands_still,
    "53 network cut": network_cut,
}


def say(line: str) -> None:
    """For whoever called for the trial (``pytest -s``)."""
    sys.stderr.write(f"{line}\n")


def broken(servers: Servers, folder: Path, *, seed: int, names: list[str]) -> tuple[Found, dict[str, float]]:
    """Each fault while people work; what was wrong, and for how many seconds nothing was acknowledged."""
    county, found, ledger = Clustered(folder / "var", free_port()), Found(seed), Ledger()
    county.var.mkdir()
    (module,) = with_modules("trials")
    play = __import__(module, fromlist=["PLAY"]).PLAY
    acts, visitor, silent = play.begin(), Visitor(county.port), dict[str, float]()
    try:
        county.start()
        county.wait()
        told = prepare(county, module, acts.address)
        acts.start(told["given"], county.port)
        settle_in(acts)
        ledger.start()
        visitor.start()
        unwell = doctor(county)
        for name in names:
            begun = time.monotonic()
            took = one(county, name, lambda *_given, name=name: FAULTS[name](servers), Random(seed), acts, found)
            if not servers.until_whole(WHOLE_SECONDS):
                found.wrong.append(f"{name}: the three are not whole again")
            silent[name] = round(ledger.longest_since(begun), 1)
            say(f"{name}: nothing acknowledged for {silent[name]} s, well {took:.1f} s after it was mended")
        acts.stop()
        for figures, wrong in (visitor.stop(), ledger.stop()):
            found.figures |= figures
            found.wrong += wrong
        settle(county, play, acts, found)
        with county.database() as connection:
            figures, wrong = acts.compared(connection)
        found.figures |= figures
        found.wrong += wrong
        found.wrong += [f"doctor: {name}" for name in doctor(county) if name not in unwell]
        found.wrong += ["doctor: standbys"] if "standbys" in unwell else []
        found.wrong += [f"stop: {one}" for one in county.stop()]
    finally:
        ledger.ending.set()
        visitor.ending.set()
        acts.close()
        county.clear()
    return found, silent


@pytest.mark.slow
@pytest.mark.fault(51)
@pytest.mark.fault(52)
@pytest.mark.fault(53)
@TRIALS
def test_whatever_befalls_three_servers_nothing_acknowledged_is_lost() -> None:
    seed = int(os.environ.get("MINQING_TRIAL_SEED", "1"))
    names = sorted(FAULTS)
    Random(seed).shuffle(names)
    names = names[: int(os.environ.get("MINQING_TRIAL_FAULTS", len(names)))]
    # pytest's own are closed to the server's user; kept with its logs where something went wrong
    folder = Path(tempfile.mkdtemp(prefix="minqing-ha-"))
    with three(folder) as servers:
        found, silent = broken(servers, folder, seed=seed, names=names)
    say(json.dumps(found.told() | {"silent": silent}, ensure_ascii=False))
    assert found.wrong == []
    assert found.figures["rows kept"] == found.figures["rows acknowledged"] > 500
    assert found.figures["pages answered 200"] > 10
    shutil.rmtree(folder)


@pytest.mark.parametrize("server", ADDRESSES)
def test_the_servers_settings_are_read_and_lose_nothing(server: str) -> None:
    told: dict[str, Any] = yaml.safe_load(filled("patroni.yml", server))
    assert "@" not in str(told)
    dcs = told["bootstrap"]["dcs"]
    assert (dcs["synchronous_mode"], dcs["synchronous_mode_strict"], dcs["failsafe_mode"]) == (True, True, True)
    parameters = dcs["postgresql"]["parameters"]
    assert [parameters[name] for name in ("synchronous_commit", "fsync", "full_page_writes")] == ["on"] * 3
    # Patroni's own rule: who leads says so in time, also where one try fails
    assert dcs["ttl"] >= dcs["loop_wait"] + 2 * dcs["retry_timeout"]
    assert dcs["ttl"] + dcs["loop_wait"] < BROKEN_SECONDS
    assert told["watchdog"]["mode"] == "required"
    assert not [line for line in told["postgresql"]["pg_hba"] if "trust" in line]
    etcd = filled("etcd.default", server)
    assert "@" not in etcd
    assert all(f"{name}=http://{place}:2380" in etcd for name, place in ADDRESSES.items())


def test_the_manual_s_address_is_one_that_we_take() -> None:
    told = from_url(address("minqing_app"))
    refuse_what_loses("DATABASE_URL", told)
    assert told["HOST"].split(",") == [*ADDRESSES.values()]
    roles = (DEPLOY / "roles.sql").read_text(encoding="utf-8")
    assert PASSWORD not in roles
    assert "ts_match_vq(tsvector, tsquery) LEAKPROOF" in roles

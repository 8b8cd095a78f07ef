"""``minqing up`` as an operator runs it: processes of its own, killed and stopped for real."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import psutil
import pytest

from minqing.config import embedded
from minqing.config.cli import CANNOT_RUN
from minqing.config.cli.up import free_port_from, port_in_use
from minqing.config.processes import REFUSED
from tests.browser.server import free_port
from tests.embedded import ROOT, SOCKET, template_name
from tests.processes import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]
START_SECONDS = 240
STOP_SECONDS = 120
# whatever proxy the environment names
HERE = build_opener(ProxyHandler({}))
OURS = ("MINQING_", "DATABASE_URL", "OWNER_DATABASE_URL", "DJANGO_", "PORT")


def environment(var: Path) -> dict[str, str]:
    """That of a fresh machine: what the tests' own plugin set is left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"MINQING_LANG": "en", "MINQING_VAR": str(var), "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "minqing", *arguments]


@dataclass
class Place:
    """A data folder and a port, served or not; keeps account of every process it ever saw there."""

    var: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    seen: list[psutil.Process] = field(default_factory=list)

    @property
    def pgdata(self) -> Path:
        return self.var / "pg"

    def up(self) -> psutil.Process:
        """Serve, unless it is served already, and wait until it answers."""
        if self.process is None or self.process.poll() is not None:
            with (self.var / "up.log").open("ab") as log:
                begun = log.tell()
                self.process = subprocess.Popen(
                    command("up", "--port", str(self.port)), env=environment(self.var), stdout=log,
                    stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
            self.seen.append(psutil.Process(self.process.pid))
            self.wait(begun)
        return psutil.Process(self.process.pid)

    def wait(self, begun: int = 0) -> None:
        """Until it has said so itself after ``begun`` of its log: what a kill left may answer a moment longer."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, self.told()
            if b" is at http" in (self.var / "up.log").read_bytes()[begun:] and self.answers():
                return
            time.sleep(0.2)
        raise AssertionError(f"nothing answered: {self.told()}")

    def answers(self) -> bool:
        try:
            with HERE.open(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def told(self) -> str:
        return (self.var / "up.log").read_text()

    def children(self) -> list[psutil.Process]:
        """Loader, web and worker with what they started; ``up`` itself is not among them."""
        found = self.up().children(recursive=True)
        self.seen += found
        return found

    def named(self, name: str) -> list[psutil.Process]:
        return [one for one in alive(self.children()) if name_of(one) == name]

    def pair(self) -> set[psutil.Process]:
        """Web server and worker, which the loader made; without those that answer."""
        return {one for made in self.named("minqing-loader") for one in alive(made.children())}

    def database(self) -> psutil.Process:
        found = psutil.Process(int((self.pgdata / "postmaster.pid").read_text().split()[0]))
        self.seen.append(found)
        return found

    def end(self, number: signal.Signals) -> int:
        """Signal ``up`` itself, as a terminal or a service manager does; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def clear(self) -> None:
        """Leave nothing running, whatever a failed test left."""
        for one in self.seen:
            with contextlib.suppress(psutil.Error):
                self.seen += one.children(recursive=True)
        embedded.stop(self.pgdata)
        for one in self.seen:
            with contextlib.suppress(psutil.Error):
                one.kill()
        if self.process is not None:
            self.process.wait(STOP_SECONDS)


def run(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(var), capture_output=True, text=True, timeout=START_SECONDS, check=False
    )


def accounts(place: Place) -> list[str]:
    found = embedded.running(place.pgdata)
    assert found is not None
    with embedded.superuser(found, "minqing") as connection:
        return [row[0] for row in connection.execute("SELECT username FROM org_account ORDER BY username")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Served once from an empty folder, with an account that an operator made meanwhile."""
    made = Place(tmp_path_factory.mktemp("up"), free_port())
    try:
        made.up()
        done = run(made.var, "operator", "shen", "--name", "沈工", "--make")
        assert done.returncode == 0, done.stderr
        yield made
    finally:
        made.clear()


def test_an_empty_folder_becomes_a_served_county_with_keys_of_its_own(place: Place) -> None:
    place.up()
    assert place.answers()
    assert f"Minqing is at http://127.0.0.1:{place.port}" in place.told()
    assert (place.var / "keys.json").stat().st_mode & 0o777 == 0o600


def test_nothing_in_its_folder_can_be_read_by_others_whatever_the_terminal_lets(place: Place) -> None:
    place.up()
    through = 0 if os.geteuid() else 0o011
    open_to_others = [
        str(path.relative_to(place.var))
        for path in place.var.rglob("*")
        if path.name not in {"up.log"} and not path.is_symlink() and not path.is_socket()
        if path.lstat().st_mode & 0o077 & ~(through if path.is_dir() else 0)
    ]
    assert open_to_others == []


MADE = """
    SELECT 'column', table_name || '.' || column_name, data_type || coalesce(character_maximum_length::text, '')
        || is_nullable || coalesce(column_default, '') || coalesce(is_identity, '')
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'policy', tablename || '.' || policyname, coalesce(qual, '') || coalesce(with_check, '')
    FROM pg_policies WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
"""


def test_its_tables_are_those_that_the_tests_have_from_a_quicker_way(place: Place, django_db_setup: None) -> None:
    """See ``tests/quick_states.py``."""
    place.up()
    found = embedded.running(place.pgdata)
    assert found is not None
    with embedded.superuser(found, "minqing") as county, embedded.superuser(SOCKET, template_name()) as tests:
        real, ours = (set(connection.execute(MADE).fetchall()) for connection in (county, tests))
    assert len(real) > 3000
    assert real ^ ours == set()


def test_it_listens_to_this_machine_alone_and_the_database_to_no_port_at_all(place: Place) -> None:
    processes = [place.database(), *place.children()]
    listening = {
        (one.laddr.ip, one.laddr.port)
        for process in processes
        for one in process.net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    }
    assert listening == {("127.0.0.1", place.port)}


def test_a_second_start_in_the_same_folder_is_refused_and_the_first_goes_on(place: Place) -> None:
    place.up()
    second = run(place.var, "up", "--port", str(free_port()))
    # systemd tries it again: the first may be at its end
    assert second.returncode == CANNOT_RUN != REFUSED
    assert f"Minqing is up already with the data in {place.var.resolve()}." in second.stderr.replace("\n", "")
    assert "Stop it with: minqing stop" in second.stderr
    assert place.answers()


def test_the_port_that_is_proposed_is_free() -> None:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        first.listen()
        port = first.getsockname()[1]
        assert port_in_use(port)
        with contextlib.suppress(OSError):
            second.bind(("127.0.0.1", port + 1))
            second.listen()
        other = free_port_from(port + 1)
    assert other > port + 1
    assert not port_in_use(other)


@pytest.mark.skipif(os.geteuid() != 0, reason="somebody else than root is made of root")
def test_a_port_of_roots_alone_is_said_to_be_one() -> None:
    """To somebody who is not root, whether or not it is in use."""
    code = "from minqing.config.cli.up import port_in_use; import os; os.setuid(65534); port_in_use(81)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Unfit: Only root may serve on port 81. Choose one from 1024 on" in done.stderr


def test_a_port_in_use_is_named_with_another_one_to_choose(place: Place, tmp_path: Path) -> None:
    place.up()
    second = run(tmp_path, "up", "--port", str(place.port))
    assert second.returncode == 1
    assert f"Port {place.port} is in use." in second.stderr
    assert "or choose another: PORT=" in second.stderr
    assert not (tmp_path / "pg").exists(), "nothing was set up for a start that cannot be"


def test_after_a_kill_the_same_command_serves_again_with_everything_committed(place: Place) -> None:
    place.up()
    before, database = place.children(), place.database()
    assert place.end(signal.SIGKILL) == -signal.SIGKILL
    assert database.is_running(), "killed with its supervisor, the database could not be joined"
    place.up()
    assert place.answers()
    assert accounts(place) == ["shen"]
    _gone, left = psutil.wait_procs(before, timeout=STOP_SECONDS)
    assert left == [], "web and worker of the killed run must not serve beside the new ones"


@pytest.mark.parametrize("kill", ["web and worker", "loader"])
def test_a_worker_and_a_web_server_that_die_are_made_again_and_so_is_who_makes_them(place: Place, kill: str) -> None:
    place.up()
    until(lambda: len(place.pair()) == 2)
    before = place.pair()
    killed = place.named("minqing-loader") if kill == "loader" else [*before]
    for one in killed:
        one.kill()
    _gone, left = psutil.wait_procs([*before, *killed], timeout=STOP_SECONDS)
    assert left == [], "who was made by a loader that is gone does not go on beside the next"
    until(lambda: len(place.pair()) == 2)
    place.wait()
    # one takes its own name a moment after it was made
    until(lambda: {name_of(one) for one in place.pair()} == {"minqing-web", "minqing-worker"})


def test_what_makes_the_others_has_no_thread_and_no_connection(place: Place) -> None:
    """What is made of it would share the one and lack the other."""
    place.up()
    (loader,) = place.named("minqing-loader")
    assert loader.num_threads() == 1
    assert loader.net_connections("all") == []
    for name in ("minqing-web", "minqing-worker"):
        until(lambda name=name: place.named(name))


def another(place: Place, than: psutil.Process) -> bool:
    """Whether another server runs; what the one that was killed left behind names nobody."""
    try:
        return place.database() != than
    except (OSError, ValueError, IndexError, psutil.Error):
        return False


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def name_of(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return ""


def answering(place: Place) -> list[psutil.Process]:
    """The processes that answer: the web server's own."""
    found = []
    for one in alive(place.children()):
        with contextlib.suppress(psutil.Error):
            if name_of(one) == "minqing-web" and one.parent() not in place.named("minqing-loader"):
                found.append(one)
    return found


def told(place: Place, path: str) -> tuple[int, str, str]:
    """Status, Retry-After and page."""
    asked = Request(f"http://127.0.0.1:{place.port}{path}", headers={"Accept-Language": "en"})
    try:
        with HERE.open(asked, timeout=5) as answer:
            return answer.status, "", answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers.get("Retry-After", ""), error.read().decode()


def succeeded(place: Place, name: str) -> str:
    (line,) = [one for one in told(place, "/healthz")[2].splitlines() if one.startswith(name)]
    return line


@pytest.mark.fault(71)
@pytest.mark.fault(66)
def test_a_database_that_dies_is_back_and_people_read_one_moment_meanwhile(place: Place) -> None:
    place.up()
    for _ in range(2):
        before = succeeded(place, "partners.send")
        place.database().kill()
        until(lambda: told(place, "/accounts/login/")[0] == 503)
        status, wait, page = told(place, "/accounts/login/")
        if status == 503:
            assert (wait, "One moment, please" in page) == ("5", True)
        until(place.answers)
        # the jobs of the worker that lost its database go on too
        until(lambda before=before: place.answers() and succeeded(place, "partners.send") != before)


@pytest.mark.fault(71)
def test_web_processes_that_are_killed_together_and_again_at_once_are_there_again(place: Place) -> None:
    place.up()
    for _ in range(3):
        until(lambda: len(answering(place)) == 2)
        for one in answering(place):
            one.kill()
    until(lambda: len(answering(place)) == 2)
    until(place.answers)


@pytest.mark.fault(71)
def test_everything_killed_at_once_but_the_supervisor_comes_back(place: Place) -> None:
    place.up()
    killed = [*place.children(), place.database()]
    for one in killed:
        with contextlib.suppress(psutil.Error):
            one.kill()
    _gone, left = psutil.wait_procs(killed, timeout=STOP_SECONDS)
    assert left == []
    until(place.answers)
    assert accounts(place) == ["shen"]


@pytest.mark.fault(145)
def test_what_only_watches_is_small(place: Place) -> None:
    assert place.up().memory_info().rss < 100 * 1024 * 1024


@pytest.mark.fault(70)
@pytest.mark.fault(71)
@pytest.mark.parametrize("by", ["up", "other"])
def test_stopping_stops_the_database_that_runs_now_whoever_started_it(place: Place, by: str) -> None:
    place.up()
    until(place.answers)
    first = place.database()
    if by == "other":
        embedded.stop(place.pgdata)
        embedded.start(place.pgdata)
    else:
        # tidied away: nobody reaches it any more, and it is started anew by itself
        (place.pgdata / ".s.PGSQL.5432").unlink()
        until(lambda: another(place, first) and place.answers())
    assert accounts(place) == ["shen"]
    now = place.database()
    assert now.pid != first.pid
    assert place.end(signal.SIGTERM) == 0
    assert alive([now]) == [], "ended; a zombie is for whoever adopts it to clear away"
    assert embedded.running(place.pgdata) is None
    assert place.told().rstrip().endswith("Stopped.")


@pytest.mark.fault(135)
@pytest.mark.parametrize("by", ["ctrl-c", "minqing stop"])
def test_ctrl_c_or_a_command_ends_every_process_and_the_database(place: Place, by: str) -> None:
    """The command by SIGTERM, as a service manager does it."""
    place.up()
    started = [*place.children(), place.database()]
    assert len(started) >= 5, "loader, web with its two processes, worker, database"
    if by == "minqing stop":
        done = run(place.var, "stop")
        assert (done.returncode, done.stdout) == (0, "Stopped.\n"), done.stderr
    assert place.end(signal.SIGINT) == 0, place.told()
    _gone, left = psutil.wait_procs(started, timeout=STOP_SECONDS)
    assert left == []
    assert embedded.running(place.pgdata) is None
    assert not place.answers()
    assert place.told().rstrip().endswith("Stopped.")

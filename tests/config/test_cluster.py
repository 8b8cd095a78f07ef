"""The embedded server's data folder: whose server it is, and that nobody else's folder, file or process is touched."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from minqing.config import cli, cluster, embedded
from minqing.config.cli import up  # noqa: F401  # registers the command
from minqing.config.cluster import SERVER_USER, deaf, postmaster, running, socket_folder, start, stop
from minqing.config.processes import Unfit, check_folder
from tests.processes import ending, until

pytestmark = pytest.mark.xdist_group("cluster")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")


def modes(path: Path) -> dict[str, tuple[int, int, int]]:
    told = {one: one.stat() for one in path.parents}
    return {str(one): (found.st_mode, found.st_uid, found.st_gid) for one, found in told.items()}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is open to its owner alone, as a home folder is."""
    folder = tmp_path_factory.mktemp("home") / "closed"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="module")
def pgdata(closed: Path) -> Iterator[Path]:
    """A server that runs in it."""
    folder = closed / "var" / "pg"
    folder.parent.mkdir()
    before = modes(folder)
    start(folder)
    assert modes(folder) == before
    embedded.ensure_database(start(folder), "minqing")
    yield folder
    stop(folder)


@pytest.fixture
def copy(pgdata: Path, closed: Path) -> Iterator[Path]:
    """The whole folder copied while its server runs, with what names that server."""
    made = closed / "copy"
    subprocess.run(["cp", "-a", str(pgdata.parent), str(made)], check=True)
    assert (made / "pg" / "postmaster.pid").exists()
    yield made / "pg"
    stop(made / "pg")
    shutil.rmtree(made)


def notes(pgdata: Path) -> list[str]:
    found = running(pgdata)
    assert found is not None
    with embedded.superuser(found) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        return [row[0] for row in connection.execute("SELECT text FROM note ORDER BY text")]


def note(pgdata: Path, text: str) -> None:
    notes(pgdata)
    found = running(pgdata)
    assert found is not None
    with embedded.superuser(found) as connection:
        connection.execute("INSERT INTO note VALUES (%s)", [text])


@pytest.mark.fault(132)
def test_folders_above_keep_owner_and_mode_and_locks_lie_beside_the_data(pgdata: Path, closed: Path) -> None:
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert stat.S_IMODE(pgdata.stat().st_mode) == 0o700
    assert sorted(one.name for one in pgdata.parent.iterdir()) == ["pg", "pg.lock"]
    own = pgdata.stat().st_uid
    assert own != 0
    assert {one.stat().st_uid for one in pgdata.iterdir()} == {own}


@pytest.mark.fault(126)
def test_a_copy_made_while_the_server_runs_starts_a_server_of_its_own(pgdata: Path, copy: Path) -> None:
    note(pgdata, "written in the original")
    original = postmaster(pgdata)
    assert running(copy) is None
    stop(copy)
    assert postmaster(pgdata) == original, "stopping the copy must not stop the original"
    found = start(copy)
    assert found.folder == str(copy)
    assert (own := postmaster(copy)) is not None
    assert own != original
    note(copy, "written in the copy")
    assert (notes(pgdata)[-1:], "written in the copy" in notes(pgdata)) == (["written in the original"], False)
    stop(copy)
    assert (running(copy), postmaster(pgdata)) == (None, original)


@pytest.mark.fault(126)
def test_a_folder_that_was_renamed_or_is_reached_by_a_link_keeps_its_server(pgdata: Path, closed: Path) -> None:
    served, moved, link = postmaster(pgdata), closed / "moved", closed / "link"
    link.symlink_to(pgdata)
    assert postmaster(link) == served
    link.unlink()
    pgdata.rename(moved)
    try:
        assert postmaster(moved) == served
        assert postmaster(pgdata) is None
    finally:
        moved.rename(pgdata)
    assert postmaster(pgdata) == served


@pytest.mark.fault(126)
def test_numbers_in_a_pid_file_that_are_other_programs_now_do_not_matter(pgdata: Path, copy: Path) -> None:
    lines = (copy / "postmaster.pid").read_text().splitlines()
    with ending(subprocess.Popen(["true"])) as ended:
        until(lambda: psutil.Process(ended.pid).status() == psutil.STATUS_ZOMBIE)
        # the last as of a server that was killed and that nobody has cleared away yet
        for number in (os.getpid(), 1, ended.pid):
            (copy / "postmaster.pid").write_text("\n".join([str(number), *lines[1:]]) + "\n")
            assert running(copy) is None
        start(copy)
        assert running(copy) is not None


@pytest.mark.fault(132)
@as_root
def test_data_that_belong_to_root_or_to_somebody_else_are_refused_and_left_as_they_are(
    pgdata: Path, copy: Path, closed: Path
) -> None:
    import pwd

    os.chown(copy, 0, 0)
    with pytest.raises(Unfit, match=f"belongs to root.*chown -R {SERVER_USER}"):
        start(copy)
    assert copy.stat().st_uid == 0
    other = pwd.getpwnam("nobody")
    folder = closed / "theirs"
    folder.mkdir()
    os.chown(folder, other.pw_uid, other.pw_gid)
    with pytest.raises(Unfit, match="belong to nobody, and this is root"):
        check_folder(folder)
    assert folder.stat().st_uid == other.pw_uid
    check_folder(closed / "not there yet")


@pytest.mark.fault(132)
@as_root
def test_where_root_cannot_let_the_server_through_the_folder_is_named(
    pgdata: Path, monkeypatch: pytest.MonkeyPatch, closed: Path
) -> None:
    """As in a container without the capability; the data alone lie in it, and their folder can be another one."""
    monkeypatch.setattr(cluster, "DAC_READ_SEARCH", 63)
    with pytest.raises(Unfit, match=f"runs as {SERVER_USER}, for whom .* is closed.*below /srv with MINQING_VAR"):
        cluster.call(pgdata, "pg_ctl", "-D", str(pgdata), "status")


@pytest.mark.fault(132)
@as_root
def test_where_the_programs_lie_in_the_closed_folder_they_are_to_be_moved(
    pgdata: Path, monkeypatch: pytest.MonkeyPatch, closed: Path
) -> None:
    """As of a clone in root's home: they look for each other by access(2), which heeds no capability."""
    programs = closed / "clone" / "bin"
    shutil.copytree(cluster.binaries(), programs)
    monkeypatch.setattr(cluster, "binaries", lambda: programs)
    with pytest.raises(Unfit, match=r"closed is closed, and its programs lie there\. Put Minqing below /opt or /srv"):
        cluster.call(pgdata, "pg_ctl", "-D", str(pgdata), "status")
    shutil.rmtree(programs.parent)


@pytest.mark.fault(132)
@as_root
def test_where_root_may_not_hand_the_capability_on_or_the_programs_may_not_be_run_it_is_said(
    pgdata: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("pg_ctl", "-D", str(pgdata), "status")
    with tempfile.TemporaryDirectory() as name:
        opened = Path(name)
        opened.chmod(0o755)
        shutil.copytree(cluster.binaries(), opened / "bin")
        monkeypatch.setattr(cluster, "binaries", lambda: opened / "bin")
        refusing = opened / "setpriv"
        refusing.write_text("#!/bin/sh\necho 'setpriv: apply capabilities: Operation not permitted' >&2\nexit 127\n")
        refusing.chmod(0o755)
        with monkeypatch.context() as refused:
            refused.setenv("PATH", str(opened), prepend=os.pathsep)
            with pytest.raises(Unfit, match=r"is closed.*Name a folder below /srv with MINQING_VAR"):
                cluster.call(pgdata, *words)
        (opened / "bin" / "pg_ctl").chmod(0o700)
        with pytest.raises(Unfit, match="pg_ctl cannot be run as"):
            cluster.call(pgdata, *words)


def test_the_server_keeps_a_part_of_the_machine_s_memory_for_tables_and_not_what_it_ships_with(pgdata: Path) -> None:
    megabytes = cluster.shared_buffers(psutil.virtual_memory().total)
    with embedded.superuser(start(pgdata)) as connection:
        shown = connection.execute("SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers'")
        assert shown.fetchone() == (megabytes << 20,)


@pytest.mark.fault(132)
@as_root
def test_where_nothing_is_closed_no_other_program_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as name:
        open_to_all, pgdata = Path(name), Path(name) / "pg"
        open_to_all.chmod(0o755)
        if (closed := cluster.closed_to(Path("/").stat(), cluster.binaries() / "initdb")) is not None:
            pytest.skip(f"the programs themselves lie below {closed}")
        monkeypatch.setenv("PATH", "/nowhere")
        assert start(pgdata) == running(pgdata)
        stop(pgdata)


def test_a_folder_with_other_files_is_not_taken_for_a_database(tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "thesis.docx").touch()
    with pytest.raises(Unfit, match="holds files and no database"):
        start(tmp_path / "pg")
    assert (tmp_path / "pg" / "thesis.docx").exists()


@pytest.mark.fault(132)
def test_the_socket_of_a_long_path_is_in_a_folder_for_the_owner_alone(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    assert socket_folder(tmp_path) == tmp_path
    folder = socket_folder(long)
    try:
        assert folder.parent == Path(tempfile.gettempdir())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert socket_folder(long) == folder
        folder.chmod(0o777)
        with pytest.raises(Unfit, match="somebody else's"):
            socket_folder(long)
        folder.rmdir()
        folder.symlink_to(tmp_path)
        with pytest.raises(Unfit, match="somebody else's"):
            socket_folder(long)
    finally:
        folder.unlink(missing_ok=True)


def test_a_server_that_does_not_start_is_told_with_its_log(pgdata: Path, copy: Path) -> None:
    (copy / "postmaster.pid").unlink()
    (copy / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    (copy / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(Unfit, match="did not start; its log says why"):
        start(copy)
    assert "no_such_setting" in (copy / "log").read_text()
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(copy) in " ".join(one.info["cmdline"] or [])]


@pytest.mark.fault(132)
@as_root
def test_up_refuses_somebody_else_s_folder_before_it_makes_a_file_there(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock of root's would keep the owner from ever starting again."""
    import pwd

    from minqing.config.env import env

    theirs, other = closed / "service", pwd.getpwnam("nobody")
    theirs.mkdir()
    os.chown(theirs, other.pw_uid, other.pw_gid)
    monkeypatch.setenv("MINQING_VAR", str(theirs))
    monkeypatch.delenv("MINQING_PGDATA")
    try:
        env.cache_clear()
        done = CliRunner().invoke(cli.app, ["up", "--port", "8159"])
    finally:
        monkeypatch.undo()
        env.cache_clear()
    # a person has to act: no service manager tries it again
    assert done.exit_code == 78
    assert "belong to nobody, and this is root" in done.output
    assert list(theirs.iterdir()) == []


def test_a_language_that_the_machine_names_and_has_not_got_does_not_matter(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(name, "zh_XX.UTF-8")
    folder = closed / "odd" / "pg"
    try:
        with embedded.superuser(start(folder)) as connection:
            row = connection.execute("SELECT current_setting('server_encoding'), current_setting('lc_messages')")
            assert row.fetchone() == ("UTF8", "C")
    finally:
        stop(folder)
        shutil.rmtree(folder.parent)


@pytest.mark.fault(71)
def test_a_server_whose_socket_was_tidied_away_is_started_again(pgdata: Path) -> None:
    note(pgdata, "kept")
    found, before = start(pgdata), postmaster(pgdata)
    assert not deaf(pgdata)
    (Path(found.folder) / f".s.PGSQL.{found.port}").unlink()
    assert deaf(pgdata)
    start(pgdata)
    assert postmaster(pgdata) not in {before, None}
    assert not deaf(pgdata)
    assert "kept" in notes(pgdata)


@pytest.mark.fault(71)
def test_what_is_left_of_a_server_that_was_killed_does_not_keep_the_next_from_starting(
    pgdata: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that does not notice: PostgreSQL alone would refuse to start beside it."""
    monkeypatch.setattr(cluster, "LEFT_SECONDS", 0.2)
    note(pgdata, "kept")
    killed = postmaster(pgdata)
    assert killed is not None
    with embedded.superuser(start(pgdata)) as connection:
        session = psutil.Process(connection.info.backend_pid)
        session.suspend()
        killed.kill()
        until = time.monotonic() + 20
        while postmaster(pgdata) == killed and time.monotonic() < until:
            time.sleep(0.05)
        start(pgdata)
    assert not cluster.alive(session)
    assert "kept" in notes(pgdata)

"""What the manual says is done once, in order, on a made-up village by itself: before a release."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from minqing.config import cluster, wal_archive
from tests.config.test_manual import MANUALS, fenced, ours, quoted, said
from tests.embedded import ROOT

PORT = "8143"
# of each: the words, what is read then, and how it ends. FILE names are below the folder in which it is called
PLAYED: list[tuple[str, str, int]] = [
    ("demo", "", 0),
    ("status", "not serving", 1),
    ("--version", "minqing ", 0),
    ("migrate", "", 0),
    ("migrate --force", "", 0),
    ("keys check", "", 0),
    ("keys backup backup-key.txt", "age1", 0),
    ("keys paper paper.pdf", "paper.pdf", 0),
    ("backup FILE", "it holds no keys", 0),
    ("backup", "it holds no keys", 0),
    ("backup --moment", "every moment until now is kept", 0),
    ("upgrade --check", "", 0),
    ("upgrade", "", 0),
    ("restore FILE --key backup-key.txt --check", "this was a trial", 0),
    # a moment a second ago is in a piece that was kept just now
    ("backup --moment", "every moment until now is kept", 0),
    ("restore backups --at MOMENT --key backup-key.txt --check", "The county is as it was on", 0),
    ("drill --key backup-key.txt", "the county was there again", 0),
    ("doctor", "not running", 1),
    ("doctor --settle config.back_up", "0 failed jobs", 1),
    ("journal seal", "", 0),
    ("journal verify", "Unchanged", 0),
    ("journal retry", "", 0),
    ("journal export --output events.jsonl", "", 0),
    ("points verify", "", 0),
    ("figures rebuild", "", 0),
    ("figures check", "", 0),
    ("import --template staff", "", 0),
    ("routes export S01 --out routes.yaml", "There are no such rules", 1),
    ("sheets standard --sheet matters --out sheet.docx", "", 0),
    ("sheets template sheet.docx --sheet matters", "", 0),
    ("sheets standard --sheet matters", "", 0),
    ("notify parked", "", 0),
    ("partners list", "", 0),
    ("partners dead", "", 0),
    ("password operator --make", "", 0),
    ("keys new", "", 0),
    ("keys rotate", "", 0),
    ("keys drop", "", 0),
]
# what takes what is not here, serves until it is stopped, or is run by a test of its own
NOT_HERE = {
    "--install-completion": "changes the shell of whoever runs the tests",
    "up": "test_up.py", "worker": "test_up.py", "stop": "test_up.py", "init": "test_init.py",
    "journal follow": "serves until it is stopped", "machine": "tests/machines", "django": "Django's own",
    "demo replay": "tests/demo", "bench": "tests/demo", "trial": "run before a release (CONTRIBUTING.md)",
    "notify test": "a carrier", "notify retry": "nothing is parked", "operator": "tests/org/test_commands.py",
    "partners": "each is called in tests/partners", "import": "tests/intake", "keys read-paper": "test_paper.py",
    "keys accept": "test_preflight.py", "routes": "tests/routing",
}  # fmt: skip


def verb(words: str) -> str:
    """``keys check``, ``doctor``."""
    named = [one for one in words.split() if not one.startswith("-")] or words.split()
    groups = {"keys", "journal", "points", "figures", "routes", "sheets", "notify", "partners"}
    return " ".join(
        named[: 2 if named[0] in groups | {"machine", "bench", "trial"} or named[:2] == ["demo", "replay"] else 1]
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("manual")
    (made / "backups").mkdir()
    yield made
    cluster.stop(made / "var" / "pg")


def call(place: Path, words: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MINQING_", "DATABASE"))}
    own |= {"PYTHONPATH": str(ROOT / "src"), "MINQING_LANG": "en", "MINQING_VAR": str(place / "var"), "PORT": PORT}
    own |= {"MINQING_BACKUP_FOLDER": str(place / "backups"), "MINQING_BACKUP_MOMENTS": "1"}
    key = place / "backup-key.txt"
    if key.exists():
        own["MINQING_BACKUP_KEY"] = key.read_text().split()[1]
    words = words.replace("FILE", "county.age")
    if "MOMENT" in words:
        kept = wal_archive.NAME.fullmatch(max(one.name for one in (place / "backups").glob("*.wal.age")))
        assert kept
        words = words.replace("MOMENT", f"{wal_archive.moment_of(kept) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S%z}")
    command = [sys.executable, "-m", "minqing", *words.split()]
    return subprocess.run(
        command, cwd=place, env=own, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("MINQING_TRIALS"), reason="five minutes of commands: MINQING_TRIALS=1")
def test_what_the_manual_says_is_done_once_in_order(place: Path) -> None:
    wrong = []
    for words, read, ends in PLAYED:
        begun = time.monotonic()
        done = call(place, words)
        sys.stderr.write(f"minqing {words}: {time.monotonic() - begun:.0f} s\n")
        if done.returncode != ends or read not in done.stdout + done.stderr:
            wrong.append(f"minqing {words}: {done.returncode}\n{done.stdout[-600:]}{done.stderr[-600:]}")
    assert not wrong, "\n".join(wrong)


def test_no_command_of_the_manual_is_left_out() -> None:
    played = {verb(words) for words, _read, _ends in PLAYED}
    named = {
        verb(" ".join(one))
        for name in MANUALS
        for line in (*fenced(name), *quoted(name))
        if (words := ours(line))
        for one in said(words)
        if one
    }
    left = {one for one in named - played if one not in NOT_HERE and one.split()[0] not in NOT_HERE}
    assert not left

"""The pages of docs/how-to are followed in a copy of the house: what they show is a room that works.

They are in the order in which each needs the ones before it. The copy is the house's as it is here, with nothing of the
example in it: so the pages also prove that a room takes its folder, its tests and three files more.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.tree import ROOT
from tests.embedded import PGDATA, template_name

PAGES = ("add-a-room", "add-a-move", "add-a-page", "add-a-notice", "add-a-table-import", "add-a-figure")
# the copy's own database, on the server of these tests
OURS = "mq_how_to"
# outside the room's folder and its tests
NAMED = {"src/minqing/config/rooms.py", "pyproject.toml", "docs/architecture.md"}
ICON = re.compile(r"""\bicon="([\w-]+)"|Entry\(\d+, "[\w:]+", _\("[^"]+"\), "([\w-]+)\"""")
WALKS = (
    "tests/lostfound",
    "tests/architecture/test_notices.py::test_every_kind_and_every_event_that_tells_is_listed",
    *(
        f"tests/architecture/test_{name}.py"
        for name in ("rooms", "of_rooms", "acts", "locks", "journalled", "pairs", "circles", "seen", "sizes")
    ),
)
MIGRATIONS = """
import os, tests.embedded as plugin
plugin.embedded.ensure_database(plugin.SOCKET, os.environ["MINQING_DB_NAME"])
import django; django.setup()
from django.core.management import call_command
call_command("makemigrations", check=True, dry_run=True)
"""

CLEAR = """
import tests.embedded as plugin
for name in (plugin.template_name(), plugin.os.environ["MINQING_DB_NAME"]):
    plugin.drop(name)
"""


def run(house: Path, *words: str) -> str:
    """A command in the copy, whose code is taken before that of the installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "MINQING_", "COV_"))}
    given = {
        "PYTHONPATH": f"{house / 'src'}:{house}", "DJANGO_SETTINGS_MODULE": "minqing.config.settings",
        "MINQING_TEST_PGDATA": str(PGDATA), "MINQING_TEST_BASE": template_name(), "MINQING_TEST_DB": OURS,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *words], cwd=house, env=kept | given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(words)[:200]}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in ("src", "tests", "tools", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_icons_of_the_pages_are_in_the_sprite() -> None:
    known = set((ROOT / "frontend" / "icons.txt").read_text(encoding="utf-8").split())
    texts = [(ROOT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8") for page in PAGES]
    named = {one or other for text in texts for one, other in ICON.findall(text)}
    assert named
    assert named <= known


@pytest.mark.slow
def test_every_page_leads_to_a_room_that_works_and_that_nobody_else_names(
    house: Path, monkeypatch: pytest.MonkeyPatch, django_db_setup: None
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import how_to

    assert {path.stem for path in how_to.PAGES.glob("*.md")} == set(PAGES)
    touched = {path for page in PAGES for path in how_to.follow(page, house)}
    assert {path for path in touched if not path.startswith(("src/minqing/lostfound/", "tests/lostfound/"))} == NAMED
    try:
        # another name of a module may stand at another place among the imports
        run(house, "-m", "ruff", "check", "-q", "--fix", "src/minqing/lostfound", "tests/lostfound")
        run(house, "-m", "ruff", "format", "-q", "--check", "src/minqing/lostfound", "tests/lostfound")
        run(house, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))")
        run(house, "-c", MIGRATIONS)
        run(house, "-m", "pytest", "-q", "-p", "no:cacheprovider", *WALKS, *sorted(brought("OF_OTHERS")))
    finally:
        run(house, "-c", CLEAR)

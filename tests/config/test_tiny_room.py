"""A room takes its folder, one line in the list of the rooms and its place among the layers: then the house knows it.

It runs in processes of their own, in a copy in which nothing else differs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.config.tiny_room import build

# what a clerk meets, in a transaction that is taken back
WALK = """
import json, django
django.setup()
from django.db import transaction
from django.test.utils import setup_test_environment
from django.utils import translation
setup_test_environment()
from minqing.listing.kinds import LISTS
from minqing.notify.kinds import KINDS
from tests.cast import make_cast
translation.activate("en")
with transaction.atomic():
    cast = make_cast()
    told = {
        "page": cast.client("clerk").get("/wells/").content.decode(),
        "today": cast.client("clerk").get("/").content.decode(),
        "stranger": cast.client("cadre").get("/wells/").status_code,
        "not theirs": cast.client("cadre").get("/").content.decode(),
        "notice": str(KINDS.of("wells.dry").title),
        "list": LISTS.of("wells").url,
    }
    transaction.set_rollback(True)
print(json.dumps(told))
"""
CONTRACTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Path:
    return build(tmp_path_factory.mktemp("house"))


def run(house: Path, *words: str, language: str = "en", expected: int = 0) -> str:
    own = os.environ | {"PYTHONPATH": f"{house.parent}:{ROOT}", "MINQING_LANG": language, "COLUMNS": "200"}
    own["DJANGO_SETTINGS_MODULE"] = "minqing.config.settings"
    done = subprocess.run(
        [sys.executable, *words], cwd=house.parent, env=own,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == expected, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def test_its_page_opens_for_whom_it_is_and_the_navigation_leads_there(house: Path) -> None:
    told = json.loads(run(house, "-c", WALK).splitlines()[-1])
    assert "The well of " in told["page"]
    assert 'href="/wells/"' in told["today"]
    assert "Wells of the village" in told["today"]
    assert told["stranger"] == 403
    assert "/wells/" not in told["not theirs"]
    assert (told["notice"], told["list"]) == ("A well is dry", "wells:list")


def test_its_command_runs_and_is_explained_in_its_own_words(house: Path) -> None:
    assert run(house, "-m", "minqing", "wells", "count") == "minqing.wells: 2\n"
    assert "Wells of the county." in run(house, "-m", "minqing", "--help")
    assert "全县的水井。" in run(house, "-m", "minqing", "--help", language="zh-hans")
    assert "共有多少口。" in run(house, "-m", "minqing", "wells", "--help", language="zh-hans")


def test_the_doctor_asks_it(house: Path) -> None:
    told = run(house, "-m", "minqing", "doctor", expected=1)
    assert "wells that are dry" in told
    assert "→ Dig deeper" in told


def test_its_imports_fit_its_place(house: Path) -> None:
    assert "0 broken" in run(house, "-c", CONTRACTS)

"""The command line is made of what the rooms bring, and tells its use before Django or a database is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from minqing.config.cli import HOUSE, app, with_modules
from tests.architecture.tree import ROOT, SOURCE
from tests.config.test_output import commands

# what a process says of itself once it has printed its use
LOOK = """
import sys
from minqing.config import cli
sys.argv = ["minqing", *sys.argv[1:]]
try:
    cli.main()
except SystemExit:
    loaded = [one for one in sys.modules if one.endswith((".settings", ".models", ".room")) and "minqing" in one]
    print(loaded, file=sys.stderr)
"""


def use_of(*words: str, language: str) -> subprocess.CompletedProcess[str]:
    own = os.environ | {"PYTHONPATH": str(ROOT / "src"), "MINQING_LANG": language, "COLUMNS": "100"}
    own.pop("DJANGO_SETTINGS_MODULE", None)
    # no database is at this address
    own["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    command = [sys.executable, "-c", LOOK, *words, "--help"]
    return subprocess.run(command, capture_output=True, text=True, env=own, check=True, timeout=60)


@pytest.mark.parametrize("words", [(), ("journal", "verify"), ("partners", "token"), ("demo",)], ids=" ".join)
def test_its_use_is_told_without_django_in_the_operator_s_language(words: tuple[str, ...]) -> None:
    chinese, english = use_of(*words, language="zh-hans"), use_of(*words, language="en")
    assert chinese.stderr.strip() == english.stderr.strip() == "[]", "loaded before anything was asked for"
    assert re.search("[一-鿿]{4}", chinese.stdout)
    assert not re.search("[一-鿿]", english.stdout)
    assert ("选项" in chinese.stdout, "Options" in english.stdout) == (True, True)


def test_every_room_brings_its_own_commands_and_the_house_only_what_concerns_it_as_a_whole() -> None:
    assert {*with_modules("commands")} == {
        f"minqing.{path.parent.name}.commands" for path in SOURCE.glob("*/commands.py")
    }
    assert {path.stem for path in (SOURCE / "config" / "cli").glob("*.py")} >= {*HOUSE}
    assert {("journal", "verify"), ("operator",), ("import",), ("demo", "replay"), ("doctor",)} <= {*commands(app)}


def test_no_two_rooms_bring_a_command_of_one_name() -> None:
    names = list(commands(app))
    assert len(names) == len({*names})

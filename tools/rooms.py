"""The rooms as the import contracts and the import graph know them.

``tools/rooms.py tests points`` names the tests of a room, of every room that imports it, also through others, and of
the house's rules: what ``make test ROOM=points`` runs. Without a room it names none, and pytest runs all.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "minqing"
TESTS = ROOT / "tests"
# the house's own rules look at all rooms; so do tests elsewhere that read what rooms declare, or tell its walks
ALWAYS = "tests/architecture"
WALKS = re.compile(r"config\.rooms import|tests\.architecture\.of_rooms|tests\.privacy\.catalog import")


@cache
def layers() -> tuple[frozenset[str], ...]:
    """Rooms from the top down, as the import contract in pyproject.toml has them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contract = tomllib.load(file)["tool"]["importlinter"]["contracts"][0]
    return tuple(frozenset(name.strip() for name in line.split("|")) for line in contract["layers"])


@cache
def graph(*, type_checking: bool = False) -> grimp.ImportGraph:
    """Who imports whom, module by module, with or without the imports that only a type checker follows."""
    # a cache by times of files is wrong after a file was moved over an older one
    return grimp.build_graph("minqing", exclude_type_checking_imports=not type_checking, cache_dir=None)


def room_of(module: str) -> str:
    """``minqing.matters.services.steps`` → ``matters``; nothing for the package itself."""
    return module.split(".")[1] if "." in module else ""


def built_on(room: str) -> frozenset[str]:
    """The rooms that import this one, directly or through others."""
    modules = graph().find_downstream_modules(f"minqing.{room}", as_package=True)
    return frozenset(map(room_of, modules)) & frozenset().union(*layers()) - {room}


def folders_of(room: str) -> list[str]:
    """Folders of the room and of those built on it; of folders that belong to no room the files that import them."""
    known = frozenset().union(*layers())
    if room not in known:
        raise SystemExit(f"There is no room “{room}”. Rooms: {', '.join(sorted(known))}")
    run = {room} | built_on(room)
    folders = [f"tests/{one}" for layer in reversed(layers()) for one in sorted(layer & run)]
    shared = [path for path in sorted(TESTS.glob("*/test_*.py")) if path.parent.name not in known | {"architecture"}]
    files = [path.relative_to(ROOT).as_posix() for path in shared if imported(path) & run]
    here = [one for one in [*folders, *files] if (ROOT / one).exists()]
    return [*here, *(one for one in walks() if Path(one).parent.as_posix() not in here and one not in here), ALWAYS]


@cache
def walks() -> tuple[str, ...]:
    """Tests outside the house's own rules that look at every room."""
    found = [path for path in sorted(TESTS.glob("*/test_*.py")) if WALKS.search(path.read_text(encoding="utf-8"))]
    return tuple(path.relative_to(ROOT).as_posix() for path in found if path.parent.name != "architecture")


def imported(path: Path) -> frozenset[str]:
    """The rooms that a test names in its imports."""
    nodes = [one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.ImportFrom)]
    return frozenset(room_of(one.module) for one in nodes if one.module and one.module.startswith("minqing."))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["tests"])
    parser.add_argument("room", nargs="?")
    room = parser.parse_args().room
    if room:
        sys.stdout.write(" ".join(folders_of(room)) + "\n")


if __name__ == "__main__":
    main()

"""The map of the rooms for docs/reference/rooms.md: drawn from the import contract and the import graph."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from rooms import SOURCE, graph, layers, room_of

# a room may grow by this part of its figures before the page is written anew: else every commit would change it
SLACK = 0.1
NUMBER = re.compile(r"\d+")
HEAD = """\
# The rooms

A room may import what stands below it and nothing beside it (`pyproject.toml`; a test of the house fails otherwise).
An arrow is an import; one that follows from two others is left out.
"""
LEGEND = """\
Lines and files are those of the code, without migrations, templates and tests. *Named in* counts files of code and
templates outside the room's folder that name it: by an import, an address, a template, a table. The figures are those
of the last writing and may be a tenth off.
"""


def page() -> str:
    rooms = [room for layer in layers() for room in sorted(layer)]
    total = sum(lines(path) for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    rows = []
    for room in rooms:
        size = sum(map(lines, code_of(room)))
        below = ", ".join(one for one in rooms if one in imports(room)) or "–"
        rows.append(f"| `{room}` | {title(room)} | {size} | {share(size, total)} | {len(code_of(room))} | {below} | "
                    f"{naming(room)} |")  # fmt: skip
    return "\n".join([HEAD, "```mermaid", *drawing(), "```", "",
                      "| Room | What it is | Lines | of the house | Files | Imports | Named in |",
                      "|---|---|---|---|---|---|---|", *rows, "", LEGEND])  # fmt: skip


def drawing() -> list[str]:
    """A row for each layer, top down."""
    lines = ["flowchart TB"]
    for number, layer in enumerate(layers()):
        lines += [f"    subgraph layer{number}[ ]", *(f"        {room}" for room in sorted(layer)), "    end"]
    for layer in layers():
        for room in sorted(layer):
            lines += [f"    {room} --> {one}" for one in sorted(nearest(room))]
    return lines


@cache
def imports(room: str) -> frozenset[str]:
    """The rooms that this one imports itself."""
    house = graph()
    name = f"minqing.{room}"
    found = {
        one
        for module in {name} | house.find_descendants(name)
        for one in house.find_modules_directly_imported_by(module)
    }
    return frozenset(map(room_of, found)) - {room, ""}


@cache
def reached(room: str) -> frozenset[str]:
    """The rooms that this one imports, also through others."""
    return imports(room).union(*(reached(one) for one in imports(room)))


def nearest(room: str) -> frozenset[str]:
    return imports(room).difference(*(reached(one) for one in imports(room)))


def code_of(room: str) -> list[Path]:
    return [path for path in sorted((SOURCE / room).rglob("*.py")) if "migrations" not in path.parts]


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def lines(path: Path) -> int:
    return text(path).count("\n")


def share(size: int, total: int) -> str:
    return f"{100 * size / total:.0f} %"


def title(room: str) -> str:
    """What the room's own page calls it."""
    readme = SOURCE / room / "README.md"
    return text(readme).split("\n", 1)[0].partition(": ")[2] if readme.exists() else "the composition root"


# a name may stand right behind a quote or behind ``minqing.``, and ``"minqing.org`` is both
NAMED = re.compile(r"\bminqing\.(\w+)|[\"'](?=(\w+)[.:/]\w)")


@cache
def named_by_file() -> list[tuple[str, frozenset[str]]]:
    """Of each file of code and templates, its room and what it names; read once for all rooms."""
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.*")]
    return [
        (
            path.relative_to(SOURCE).parts[0],
            frozenset(of_house or quoted for of_house, quoted in NAMED.findall(text(path))),
        )
        for path in files
        if "migrations" not in path.parts
    ]


def naming(room: str) -> int:
    return sum(room in named for inside, named in named_by_file() if inside != room)


def close_enough(written: str, made: str) -> bool:
    """The same but for figures that have moved a little."""
    if NUMBER.sub("0", written) != NUMBER.sub("0", made):
        return False
    pairs = zip(map(int, NUMBER.findall(written)), map(int, NUMBER.findall(made)), strict=True)
    return all(abs(one - other) <= max(2, SLACK * one) for one, other in pairs)

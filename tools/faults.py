"""What must be survived (``docs/faults.yaml``) with the tests that show it, found by their marks."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "faults.yaml"


def listed() -> dict[str, Any]:
    """``faults``: what must happen, by number; ``parts``: names; ``waits``: which numbers come with which part."""
    return yaml.safe_load(LIST.read_text(encoding="utf-8"))


def marked() -> dict[int, list[str]]:
    """By number: the tests that bear it, as ``tests/room/test_file.py::test_name``; a whole file as its path."""
    found: dict[int, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        sources: list[ast.AST]
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                where, sources = f"{name}::{node.name}", [node]
            elif isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "pytestmark" for one in node.targets):
                where, sources = name, [node.value]
            else:
                where, sources = name, [node]
            for number in (number for one in sources for number in numbers_in(one)):
                found[number].add(where)
    return {number: sorted(names) for number, names in found.items()}


def numbers_in(node: ast.AST) -> Iterator[int]:
    """Of every ``pytest.mark.fault(1, 2)`` below ``node``."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "fault":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, int))


def slid() -> list[str]:
    """Marks on what pytest never runs: a helper that was put between a mark and its test takes the mark."""
    places = {place for places in marked().values() for place in places}
    return sorted(one for one in places if "::" in one and not one.partition("::")[2].startswith(("test_", "Test")))


def waiting(known: dict[str, Any]) -> dict[int, str]:
    return {number: known["parts"][part] for part, numbers in known["waits"].items() for number in numbers}


def problems() -> list[str]:
    """Numbers that nothing shows and no part brings, marks of numbers that are not listed, marks on no test."""
    known = listed()
    shown, comes = marked(), waiting(known)
    lost = set(known["faults"]) - set(shown) - set(comes)
    strange = (set(shown) | set(comes)) - set(known["faults"])
    return [
        *(
            f"docs/faults.yaml: no test shows fault {number}, and no part is named that brings it"
            for number in sorted(lost)
        ),
        *(f"fault {number} is not in docs/faults.yaml" for number in sorted(strange)),
        *(f"{place} bears the mark of a fault and is no test" for place in slid()),
    ]


def page() -> str:
    known = listed()
    shown, comes = marked(), waiting(known)
    lines = [
        "# What the system survives",
        "",
        "Faults, bad input and abuse by number: what must happen, the tests that show it, and what comes with a part",
        "that is not built yet ([roadmap](roadmap.md)). A test names its numbers by `@pytest.mark.fault(N)`.",
        "",
        "| # | What happens, and what must | Shown by | Comes with |",
        "|---|---|---|---|",
    ]
    for number, text in sorted(known["faults"].items()):
        tests = "<br>".join(map(link, shown.get(number, [])))
        lines.append(f"| {number} | {text} | {tests or '–'} | {comes.get(number, '–')} |")
    return "\n".join(lines) + "\n"


def link(name: str) -> str:
    """A test by its name; a whole file by its room too, since every room may have one of that name."""
    path, _, test = name.partition("::")
    return f"[{test or path.removeprefix('tests/')}](../{path})"

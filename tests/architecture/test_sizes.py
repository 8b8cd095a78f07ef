"""Small enough to read: files, functions, and suppressions that give their reason."""

from __future__ import annotations

import re
import statistics
import tomllib
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.architecture.tree import ROOT, functions, length, name, python_files, room_of, text

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
LONGEST_TEST = 1000
SHORTEST_MODULE = 25
# shorter than that, and why it stands alone
SHORT = {
    "__main__": "Python's own name",
    "config/cli/bench": "a command of its own, as each beside it",
    "config/cli/django": "a command of its own",
    "config/context": "Django asks for it by its path",
    "config/reference": "one step of an upgrade",
    "config/trials/inside": "a process of its own",
    "core/gc_tuning": "one thing that has nothing beside it",
    "core/incarnation": "one thing",
    "core/limits": "pure, for rules; what counts by it is rate_limit",
    "core/reference": "one thing",
    "core/version": "one thing, which all import",
    "demo/parts": "what rooms register, below all that makes a county",
    "visits/forms/conflicts": "presses of two pages",
    "visits/views/door": "its page behind the door, by the name that rooms have for it",
    "web/fragment_cache": "one thing, with a decision of its own",
    "web/pdf": "one thing",
    "web/programs": "a registry, below problem and middleware",
    "web/typesetting": "imported only where something is printed: it takes a second",
}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
# a room that comes near it has become what several rooms could use: see docs/architecture.md
LARGEST_ROOM = 0.2
# the rules that may be switched off for a line, and why that can be right
NOQA = {
    "S101": "tells the type checker what was made sure of before",
    "F401": "imported for what the import does",
    "E402": "the environment must be set before Django is imported",
    "S608": "SQL put together from our own constants",
    "S310": "our own loopback address",
    "S105": "a word that only looks like a password",
    "S106": "a word that only looks like a password",
    "S107": "a word that only looks like a password",
    "S311": "made-up data from a seed, nothing secret",
    "S324": "a checksum, not a signature",
    "S202": "an archive of ours, each name of which was looked at",
    "S308": "escaped by format_html or json_script just above",
    "S110": "closing time: what fails there fails for good",
    "S314": "XML that we wrote, or with entities refused before",
    "S405": "XML that we wrote, or with entities refused before",
    "S603": "our own server process",
    "S606": "our own server process",
    "S104": "a test of what may not be reached",
    "B008": "typer reads its options from the defaults",
    "DJ001": "NULL keeps several empty values apart from one another under a unique constraint",
    "PLW0603": "one cache a process",
    "PLW2901": "the loop's own variable is narrowed",
    "E501": "a table that reads as a table",
    "RUF001": "full-width signs are the point",
    "SIM115": "closed by its owner",
    "A002": "the framework's own name",
}  # fmt: skip


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = [(name(path), lines) for path in python_files() if (lines := text(path).count("\n")) > LONGEST_FILE]
    tests = [
        (name(path), lines) for path in ROOT.glob("tests/**/*.py") if (lines := text(path).count("\n")) > LONGEST_TEST
    ]
    assert not long + tests


def test_a_short_module_is_found_by_a_name_that_every_room_has_or_belongs_to_another() -> None:
    """``tasks`` or ``urls`` of five lines one looks for by that name; the rest is read with what it serves."""
    layers = next(one for one in CONTRACTS if one["name"].startswith("Inside a room"))["layers"]
    # what a room tells of who is to go stands in "holdings", in each room that is asked
    usual = set(re.findall(r"\w+", " ".join(layers))) | {"__init__", "holdings"}
    short = {
        name(path).removeprefix("src/minqing/").removesuffix(".py")
        for path in python_files()
        if text(path).count("\n") < SHORTEST_MODULE and path.stem not in usual
    }
    assert short == SHORT.keys()


def test_no_room_is_more_than_a_fifth_of_the_house() -> None:
    lines: Counter[str] = Counter()
    for path in python_files():
        lines[room_of(path)] += text(path).count("\n")
    large = {room: share for room, own in lines.items() if (share := own / lines.total()) > LARGEST_ROOM}
    assert not large, "part of it is another room's, or a room of its own"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [f"{name(path)}:{function.lineno} {function.name} {lines}" for path, function in functions()
            if (lines := length(function)) > LONGEST_FUNCTION]  # fmt: skip
    assert not long, "\n".join(long)


def test_the_median_file_and_function_are_small(capsys: pytest.CaptureFixture[str]) -> None:
    files = [text(path).count("\n") for path in python_files() if path.name != "__init__.py"]
    lengths = sorted(length(function) for _path, function in functions())
    found = {
        "median file": statistics.median(files), "largest file": max(files),
        "median function": statistics.median(lengths), "p90 function": lengths[len(lengths) * 9 // 10],
    }  # fmt: skip
    with capsys.disabled():
        print(f"\n  sizes: {found}")  # noqa: T201
    assert found["median file"] <= 90
    assert found["median function"] <= 12


def suppressions() -> Iterator[tuple[str, str, str]]:
    for path in python_files():
        for number, line in enumerate(text(path).splitlines(), 1):
            if found := re.search(r"#\s*noqa(?::\s*([A-Z0-9, ]+))?", line):
                yield f"{name(path)}:{number}", "noqa", found[1] or ""
            if found := re.search(r"#\s*type:\s*ignore(?:\[([\w, -]+)\])?", line):
                yield f"{name(path)}:{number}", "type", found[1] or ""


def test_suppressions_name_their_rule_from_a_closed_list_of_reasons() -> None:
    wrong = []
    for place, kind, codes in suppressions():
        each = [code.strip() for code in codes.split(",") if code.strip()]
        if not each:
            wrong.append(f"{place}: name the rule")
        elif kind == "noqa":
            wrong += [
                f"{place}: {code} has no reason in tests/architecture/test_sizes.py"
                for code in each
                if code not in NOQA
            ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"#.*\b(" + "TO" + r"DO|FIX" + r"ME|XXX|HACK)\b")
    wrong = [f"{name(path)}:{number}" for path in python_files()
             for number, line in enumerate(text(path).splitlines(), 1) if words.search(line)]  # fmt: skip
    assert not wrong

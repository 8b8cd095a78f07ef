"""What a command was asked for is on stdout, whole, also in a pipe of 80 columns; the rest on stderr."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from rich.table import Table
from typer.testing import CliRunner

from minqing.config import cli
from minqing.config.cli import app
from minqing.core.command import console, echo, show
from minqing.core.ids import new_id
from tests.architecture.tree import SOURCE

pytestmark = pytest.mark.fault(121)
FILES = sorted([*Path(str(cli.__file__)).parent.glob("*.py"), *SOURCE.glob("*/commands.py")])


def commands(found: typer.Typer, *names: str) -> Iterator[tuple[str, ...]]:
    """Every command by its words."""
    for one in found.registered_commands:
        assert one.callback is not None
        yield (*names, one.name or one.callback.__name__.replace("_", "-"))
    for group in found.registered_groups:
        inner = group.typer_instance
        assert inner is not None
        # a room whose commands have no name in common brings them one by one
        own = group.name or inner.info.name
        yield from commands(inner, *names, *([str(own)] if isinstance(own, str) else []))


def test_every_command_tells_its_use_on_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    wrong, seen = [], list(commands(app))
    assert ("partners", "dead") in seen
    for words in seen:
        result = CliRunner().invoke(app, [*words, "--help"])
        well = (result.exit_code, result.stderr) == (0, "") and "Usage" in result.stdout
        # Django's own commands answer for themselves
        if not well and words[0] != "django":
            wrong.append(f"{' '.join(words)}: {result.exit_code} {result.stderr[:80]}")
    assert not wrong, "\n".join(wrong)


def test_a_table_and_a_line_are_whole_on_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ids = [str(new_id()) for _n in range(5)]
    table = Table(*(f"Column {n}" for n in range(5)))
    table.add_row(*ids)
    show(table)
    echo(" ".join(ids))
    printed = capsys.readouterr()
    assert printed.err == ""
    # one row of the table and one line: neither cut nor broken
    assert [sum(one in line for one in ids) for line in printed.out.splitlines()].count(5) == 2
    assert "…" not in printed.out


def test_hints_are_whole_on_stderr(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    id = "x" * 200
    console.print(f"Note it down: {id}")
    printed = capsys.readouterr()
    assert (printed.out, id in printed.err) == ("", True)


def test_no_command_prints_a_table_any_other_way() -> None:
    """By the code of all of them: a table goes to `show`; `up` alone tells its sign-ins among its progress."""
    wrong = []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        made = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            if isinstance(node.value.func, ast.Name) and node.value.func.id == "Table"
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "print"):
                continue
            named = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            if named & (made | {"sign_ins_table"}) and path.name != "up.py":
                wrong.append(f"{path.name}:{node.lineno}")
    assert not wrong, wrong

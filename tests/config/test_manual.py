"""Each command that the manual and the guide of the operator name can be called as it stands there, in tables too."""

from __future__ import annotations

import itertools
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from minqing.config.cli import app
from tests.architecture.tree import ROOT

MANUALS = ("docs/operations.md", "docs/guides/operator.md")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# what stands for something of the operator's own, where the command wants a number or a day
STANDS_FOR = {"N": "1", "TIME": "2026-09-30"}
BEFORE = r"(?:[A-Z_]+=\S+ |runuser -u minqing -- |\S*/bin/)*"


def text_of(name: str) -> str:
    # within tables a bar is written with a backslash
    return (ROOT / name).read_text(encoding="utf-8").replace("\\|", "|")


def fenced(name: str) -> Iterator[str]:
    """Lines of the blocks, without the remarks behind them."""
    for language, block in FENCED.findall(text_of(name)):
        if language in {"", "sh"}:
            yield from (re.sub(r"\s+# .*$", "", line) for line in block.splitlines() if line.strip())


def quoted(name: str) -> Iterator[str]:
    """What stands in a sentence or a table."""
    yield from re.findall(r"`([^`\n]+)`", FENCED.sub("", text_of(name)))


def ours(line: str) -> str | None:
    """The words behind ``minqing``; None for what is another program's."""
    found = re.match(rf"{BEFORE}minqing (.+)$", line)
    # what connections are called bears a machine's name
    return found[1] if found and not line.endswith(" alpha") else None


def said(words: str) -> Iterator[list[str]]:
    """Each of the calls that are meant: ``add|list`` are two, and what is in brackets may be left out."""
    whole = [*re.split(r"(\[[^\]]*\])", words)]
    choices = [[one[1:-1], ""] if one.startswith("[") else [one] for one in whole]
    for chosen in itertools.product(*choices):
        parts = [one.split("|") for one in shlex.split("".join(chosen)) if one not in {"…", "·"}]
        for call in itertools.product(*parts):
            yield [STANDS_FOR.get(one, one) for one in call]


def refused(call: list[str], *, whole: bool) -> str:
    """Why it cannot be called so; empty where it can. ``whole``: nothing may be lacking."""
    command: Any = get_command(app)
    words = [*call]
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"no command {words[0]}"
        command = command.commands[words.pop(0)]
    if hasattr(command, "commands") and not words:
        # which is to be followed by a command, unless one speaks of it
        return "a group" if whole and not command.invoke_without_command else ""
    if words[:1] in (["--install-completion"], ["--show-completion"]):
        # which would change the shell of whoever runs the tests
        return ""
    try:
        command.make_context("minqing", words)
    except Exception as error:
        # it told its use; or a file stands for one of the operator's own
        fine = type(error).__name__ == "Exit" or "does not exist" in str(error)
        # what a sentence leaves out, a block must say
        fine |= not whole and type(error).__name__ in {"MissingParameter", "BadOptionUsage"}
        return "" if fine else f"{type(error).__name__} {error}"
    return ""


@pytest.mark.parametrize("name", MANUALS)
def test_each_command_is_one_that_there_is(name: str) -> None:
    calls = [(line, words, True) for line in fenced(name) if (words := ours(line))]
    calls += [(line, words, False) for line in quoted(name) if (words := ours(line))]
    assert len(calls) > 20
    wrong = {
        f"{line}: {why}" for line, words, whole in calls for call in said(words) if (why := refused(call, whole=whole))
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_a_command_that_there_is_not_is_found_wherever_it_stands() -> None:
    assert [refused(one, whole=True) != "" for one in said("nothing|doctor")] == [True, False]
    assert refused(["doctor", "--nothing"], whole=False)
    assert refused(["restore"], whole=True)
    assert not refused(["restore"], whole=False)
    assert ours("MINQING_VAR=a /opt/minqing/bin/minqing doctor") == "doctor"
    assert [*said("backup [FILE]")] == [["backup", "FILE"], ["backup"]]


@pytest.mark.parametrize("name", MANUALS)
def test_each_block_of_commands_is_read_by_a_shell(name: str) -> None:
    for language, block in FENCED.findall(text_of(name)):
        if language in {"", "sh"}:
            done = subprocess.run(["sh", "-n"], input=block, text=True, capture_output=True, check=False)
            assert done.returncode == 0, (block, done.stderr)


def test_what_is_copied_out_of_the_package_is_in_it() -> None:
    named = {one for name in MANUALS for one in re.findall(r"share/minqing/([\w.-]+)", text_of(name))}
    brought = {path.name for path in (ROOT / "deploy").iterdir()} | {Path("docs/operations.md").name}
    assert named <= brought

"""A file that is named wrongly is told in a sentence, by every command that takes one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import typer
from typer.testing import CliRunner

from minqing.config.cli import app, sentence_of
from tests.config.test_output import commands

pytestmark = [pytest.mark.fault(136), pytest.mark.django_db]
# what else the command must be given to come to its file
GIVEN = {
    "import": ["areas"], "machine compare": ["M1"], "machine play": ["M1"], "routes export": ["330000"],
    "sheets template": [], "demo replay": [],
}  # fmt: skip
# breaks counties for minutes, or waits for a signal; both tell of their folder elsewhere (test_trial.py)
LONG = {"trial faults", "trial machine", "init"}


def callback_of(words: tuple[str, ...]) -> Any:
    found: typer.Typer = app
    for word in words[:-1]:
        found = next(
            one.typer_instance
            for one in found.registered_groups
            if one.typer_instance and word in {one.name, one.typer_instance.info.name}
        )
    groups = [found, *(one.typer_instance for one in found.registered_groups if one.typer_instance)]
    return next(
        one.callback
        for group in groups
        for one in group.registered_commands
        if one.callback and words[-1] in {one.name, one.callback.__name__.replace("_", "-")}
    )


def files() -> Iterator[tuple[str, str]]:
    """Command and how its file is named: by an option, or as an argument."""
    for words in commands(app):
        hints = get_type_hints(callback_of(words), include_extras=True)
        for name, parameter in inspect.signature(callback_of(words)).parameters.items():
            kind, *rest = get_args(hints[name]) or (hints[name],)
            if Path not in (kind, *get_args(kind)):
                continue
            option = next((one for one in rest if isinstance(one, typer.models.OptionInfo)), None)
            if option is None:
                yield " ".join(words), ""
            else:
                yield " ".join(words), (option.param_decls or [f"--{parameter.name.replace('_', '-')}"])[0]


@pytest.mark.parametrize("wrong", ["a folder", "not there", "no text"])
def test_a_file_named_wrongly_ends_in_no_traceback(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(bytes(range(256)) * 9)
    path = {"a folder": "folder", "not there": "none/at/all", "no text": "bytes"}[wrong]
    seen, left = [], []
    for words, option in files():
        if words in LONG:
            continue
        seen.append(words)
        done = CliRunner().invoke(app, [*words.split(), *GIVEN.get(words, []), *([option] if option else []), path])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            left.append(f"{words} {option}: {done.exception!r}")
    assert {"restore", "routes check", "journal export", "keys backup"} <= {*seen}
    assert not left, "\n".join(left)


def test_a_file_of_our_own_keeps_its_traceback() -> None:
    assert sentence_of(FileNotFoundError(2, "No such file", "/opt/minqing/missing.css")) is None

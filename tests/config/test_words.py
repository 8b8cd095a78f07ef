"""Commands speak the operator's language; programs read the same JSON in any."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from minqing.config.cli import doctor
from minqing.config.words import _, language
from minqing.core import language as words
from minqing.core.command import in_the_county_s_language
from tests.architecture.tree import SOURCE, text, tree

CHINESE = re.compile("[一-鿿]")
COMMANDS = sorted([*(SOURCE / "config" / "cli").glob("*.py"), *SOURCE.glob("*/commands.py")])
# what says something to the operator
SAYING = {
    "print",
    "tell",
    "say",
    "echo",
    "status",
    "bar",
    "prompt",
    "Finding",
    "Queue",
    "finding",
    "Unfit",
    "BadParameter",
}
# marks for the terminal, commands and names to be typed as they are
NO_WORDS = re.compile(r"\[/?[a-z ]*\]|minqing( [a-z]+)*|--[a-z]+|[A-Z_]{4,}")


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MINQING_LANG", "zh-hans")
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "zh-hans"),
        ("zh-hans", "zh-hans"),
        ("zh_CN.UTF-8", "zh-hans"),
        ("zh-hant", "zh-hant"),
        ("zh_TW", "zh-hant"),
        ("EN", "en"),
        ("en_US.UTF-8", "en"),
        ("fr", "zh-hans"),
    ],
)
def test_the_county_s_language_unless_another_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked: str, spoken: str
) -> None:
    monkeypatch.setenv("MINQING_LANG", asked)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setattr(words, "writes_chinese", lambda: True)
    assert language() == spoken


def test_english_where_the_terminal_cannot_write_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINQING_LANG")
    monkeypatch.setattr(words, "writes_chinese", lambda: False)
    assert language() == "en"
    assert _("disk") == "disk"


def test_traditional_chinese_follows_from_simplified_and_a_sentence_without_either_stays_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MINQING_LANG", "zh-hant")
    assert _("database") == "數據庫"
    assert _("a sentence that nobody has translated") == "a sentence that nobody has translated"


@pytest.mark.django_db
def test_everything_that_the_doctor_finds_has_chinese_words(chinese: None) -> None:
    """Each finding says how to mend it, also one that is well at present."""
    found = doctor.examine()
    assert len(found) > 25
    for one in found:
        assert CHINESE.search(_(one.name)), one
        assert not one.mend or CHINESE.search(one.mend), one


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_command_says_a_sentence_that_cannot_be_translated(path: Path) -> None:
    wrong = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and name_of(node.func) in SAYING:
            # the option that only names a subject for the journal, or a style, is no word for people
            wrong += [f"{node.lineno}: {said}" for argument in node.args for said in bare(argument)]
    assert not wrong, "put them through minqing.config.words._"


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_help_of_a_command_is_in_one_language_alone(path: Path) -> None:
    """Neither an option's, nor that of the command, which a docstring would be."""
    wrong = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and any(one.arg == "help" and [*bare(one.value)] for one in node.keywords):
            wrong.append(f"{node.lineno}: the help of {ast.unparse(node.func)}")
        if isinstance(node, ast.FunctionDef):
            made = [one for one in node.decorator_list if isinstance(one, ast.Call)]
            made = [one for one in made if name_of(one.func) in {"command", "callback"}]
            wrong += [f"{node.lineno}: {node.name}" for one in made if all(word.arg != "help" for word in one.keywords)]
    assert not wrong, "say help=_(…) in its decorator"


def name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def bare(node: ast.expr) -> Iterator[str]:
    """English words of a text that go to the operator as they are."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.search("[A-Za-z]{3,}", NO_WORDS.sub("", node.value)):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from bare(part.value if isinstance(part, ast.FormattedValue) else part)
    elif isinstance(node, ast.IfExp):
        yield from (*bare(node.body), *bare(node.orelse))
    elif isinstance(node, ast.BoolOp | ast.BinOp):
        for one in node.values if isinstance(node, ast.BoolOp) else (node.left, node.right):
            yield from bare(one)


def test_what_is_stored_is_in_the_county_s_language_whoever_runs_the_command() -> None:
    with translation.override("en"), in_the_county_s_language():
        assert translation.get_language() == "zh-hans"


def test_no_sentence_is_hidden_in_an_f_string_where_the_extraction_does_not_find_it() -> None:
    hidden = [
        f"{path.name}: {line}"
        for path in COMMANDS
        for line in text(path).splitlines()
        if re.search(r"""f["'].*\{_\((["'])""", line)
    ]
    assert not hidden

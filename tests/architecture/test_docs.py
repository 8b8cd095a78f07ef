"""Documentation that is missing fails the build."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from typer.main import get_command

from tests.architecture.tree import ROOT, SOURCE, python_files, text

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
# what a guide quotes out of a table or from a person's mouth, and not from a page
SAID = {"上午9点", "填表说明"}


def commands() -> list[str]:
    from minqing.config.cli import app

    known = get_command(app).commands  # type: ignore[attr-defined]
    # hidden ones are what `up` starts, not what anybody types
    return sorted(name for name, command in known.items() if not command.hidden)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_operator_s_manual(command: str) -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"minqing {command}" in manual, f"tell the operator what `minqing {command}` is for"


def test_reference_pages_say_what_the_code_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # as its neighbours find each other when one of them is run
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.syspath_prepend(str(ROOT))
    from django.utils import translation
    from tools.reference import PAGES, holds

    with translation.override("en"):
        stale = [name for name, make in PAGES.items() if not holds(name, make())]
    assert not stale, "run: python tools/reference.py write"


def shown() -> str:
    """Every Chinese word that a page, a table or a reference file may show, without spaces and placeholders."""
    words = [text(path) for path in python_files()]
    for path in SOURCE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            words += [one for message in read_po(file) if message.id for one in forms_of(message.string)]
    words += [path.read_text(encoding="utf-8") for path in SOURCE.glob("*/reference/*") if path.is_file()]
    return re.sub(r"\s|%\(\w+\)[sd]|\{\w*\}", "", "\n".join(words))


def forms_of(told: str | tuple[str, ...] | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else list(told)


def test_what_guides_quote_stands_on_a_page() -> None:
    words = shown()
    quoted = {(guide.name, one) for guide in GUIDES for one in re.findall("[“「]([^”」]+)[”」]", text(guide))}
    assert len(quoted) > 50
    gone = [(guide, one) for guide, one in sorted(quoted) if re.sub(r"\s", "", one) not in words]
    assert not [(guide, one) for guide, one in gone if one not in SAID], "say it as the page says it"


# of two words for one thing the pages have the first
@pytest.mark.parametrize(
    ("word", "other"),
    [("期限", "时限"), ("裁定由谁办", "现场定夺"), ("解除督办", "结束督办"), ("不想让家里人知道", "家里人不能知道”")],
)
def test_pages_and_guides_have_one_word_for_one_thing(word: str, other: str) -> None:
    words, guides = shown(), "\n".join(map(text, GUIDES))
    # no texts in the assertion: a million letters compared for the message take minutes
    assert [one in words for one in (word, other)] == [True, False]
    assert [other in guides] == [False]


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_guide_is_linked_from_the_readmes(readme: str) -> None:
    linked = (ROOT / readme).read_text(encoding="utf-8")
    assert not [guide.name for guide in GUIDES if f"(docs/guides/{guide.name})" not in linked]


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))

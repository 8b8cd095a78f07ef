"""What a cadre of 55 reads: no word of programmers, time said one way, no search field that "may be left empty"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "minqing"
# rooms whose sentences stand at the command line or are told to programmers of other systems; those of all others stand
# on pages of cadres and residents
FOR_EXPERTS = {"config", "demo", "open311", "partners"}
ROOMS = sorted({path.parts[-5] for path in SOURCE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")} - FOR_EXPERTS)
FORBIDDEN = re.compile(
    r"Word|PDF|Open311|received|\bAPI\b|JSON|YAML|UUID|HTTP|UTF-8|webhook|token|接口"
    r"|文员|分派员|停留自|问了不|已完成：|[早按]?期到期|红灯|黄灯|绿灯"
    # one word for one thing (docs/words.md): 超期, 不归您管, 香榧币 with 枚
    r"|逾期|片区|积分|[0-9%s一两几] ?个香榧币(?!账户)"
)
# what only a program or the command line is told; by the beginning of the English
FOR_PROGRAMS = (
    "JSON on stdout instead of a table",
    "Write the record as CloudEvents",
    "A Word file (.docx).",
    "Check a Word template",
    "A field code of Word",
    "This is no Word file",
    "Unpacked this file would",
    "Routing rules as a YAML file",
    "This file is not YAML",
    "Write the rules and test cases of one version as YAML",
    "[red]The file is not UTF-8",
    "The body could not be read",
    "This must be a UUID",
    "This cannot be what is meant. Compare it with the description of the API",
)
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? ((?:".*"\n?)+)', re.MULTILINE)


def sentences(room: str) -> Iterator[tuple[str, str]]:
    text = (SOURCE / room / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    for found in ENTRY.finditer(text):
        english, chinese = ("".join(re.findall(r'"(.*)"', part)) for part in found.groups())
        if english:
            yield english, re.sub(r"%\(\w+\)[sd]|\{\w*\}", "", chinese)


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_chinese_has_no_word_of_programmers(room: str) -> None:
    found = [
        (english, chinese)
        for english, chinese in sentences(room)
        if FORBIDDEN.search(chinese) and not english.startswith(FOR_PROGRAMS)
    ]
    assert not found


def templates() -> Iterator[tuple[str, str]]:
    return ((str(path.relative_to(SOURCE)), path.read_text()) for path in sorted(SOURCE.rglob("*.html")))


def test_no_field_of_a_search_says_that_it_may_be_left_empty() -> None:
    wrong = [
        (name, field)
        for name, text in templates()
        # the pages of the design show fields as they are; what they hold looks for nothing
        if not name.startswith("web/templates/web/design/")
        for form in re.findall(r'<form[^>]*method="get".*?</form>', text, re.DOTALL)
        for field in re.findall(r"{% field [^%]*%}|web/parts/fields.html", form)
        if "notes=False" not in field and "optional=False" not in field
    ]
    assert not wrong


def test_a_deadline_of_a_list_is_drawn_by_its_tag() -> None:
    """A light beside a date is how it was said before; a page of facts may name the day beside the words."""
    old = re.compile(
        r"light_text|(?:due_at|due_on)[^%}]*%}[^<]*\|light|with (?:at|day)=[\w.]*due_(?:at|on)\|(?:when|localday) asvar"
    )
    assert [name for name, text in templates() if old.search(text)] == []


def test_a_number_with_its_hyphens_does_not_break() -> None:
    bare = re.compile(r'"row-note">(?:<span>)?{{ [\w.]*number }}')
    assert [name for name, text in templates() if bare.search(text)] == []

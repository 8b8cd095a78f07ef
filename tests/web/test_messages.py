"""tools/messages.py on a small room of its own, and on the rooms as they are."""

from __future__ import annotations

import gettext
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "messages.py"
PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Household")
B = pgettext("verb", "Open")
def c(n): return ngettext("%(n)d matter", "%(n)d matters", n) % {"n": n}
"""
TEMPLATE = """{% load i18n %}<p>
    {% translate "Send" %} {% figure 1 _("Late") %}
  {% blocktranslate trimmed with name=person %}
    Hello
    {{ name }}, 100%
  {% endblocktranslate %}
{% blocktranslate trimmed count n=n %}{{ n }} visit{% plural %}{{ n }} visits{% endblocktranslate %}
</p>"""
CHINESE = {
    "Household": "户",
    "Open": "打开",
    "%(n)d matter": "%(n)d 件事",
    "Send": "发送",
    "Late": "超期",
    "Hello %(name)s, 100%%": "您好，%(name)s，100%%",
    "%(n)s visit": "走访 %(n)s 次",
}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_tool", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def source(tmp_path: Path) -> Path:
    make_room(tmp_path, "one", PYTHON, TEMPLATE)
    return tmp_path


def make_room(source: Path, name: str, python: str, template: str = "") -> None:
    folder = source / name / "templates" / name
    folder.mkdir(parents=True)
    (source / name / "__init__.py").write_text(python)
    (folder / "page.html").write_text(template)


def translate(tool: ModuleType, source: Path, room: str, chinese: dict[str, str]) -> None:
    path = tool.po_path(source, room)
    catalog = tool.read(path)
    for message in tool.messages(catalog):
        words = chinese.get(tool.key(message)[0], "")
        message.string = (words,) if message.pluralizable else words
    tool.write(path, catalog)


def compiled(tool: ModuleType, source: Path, language: str) -> gettext.GNUTranslations:
    with tool.po_path(source, "one", language).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_way_of_saying_something_is_found(tool: ModuleType, source: Path) -> None:
    found = {tool.key(message)[0] for message in tool.messages(tool.extracted(source / "one"))}
    assert found == set(CHINESE)


def test_a_round_trip_keeps_translations_and_the_file_is_stable(tool: ModuleType, source: Path) -> None:
    assert tool.main(["update"], source=source) == 0
    assert tool.main(["check"], source=source) == 1
    translate(tool, source, "one", CHINESE)
    before = tool.po_path(source, "one").read_text()
    tool.main(["update", "one"], source=source)
    assert tool.po_path(source, "one").read_text() == before
    assert tool.check(source) == []
    assert "Date" not in before
    assert "__init__.py" not in before


def test_compiled_catalogues_speak_both_scripts(tool: ModuleType, source: Path) -> None:
    tool.update(source, [])
    translate(tool, source, "one", CHINESE)
    tool.compile_all(source)
    simple, traditional = compiled(tool, source, "zh_Hans"), compiled(tool, source, "zh_Hant")
    assert simple.gettext("Household") == "户"
    assert traditional.gettext("Household") == "戶"
    assert traditional.pgettext("verb", "Open") == "打開"
    assert simple.ngettext("%(n)d matter", "%(n)d matters", 5) == "%(n)d 件事"


def test_the_converters_mistakes_are_mended_and_new_ones_are_reported(tool: ModuleType, source: Path) -> None:
    tool.update(source, [])
    translate(tool, source, "one", CHINESE | {"Household": "民情系统，看表格，这一格里，请联系系统管理员"})
    tool.compile_all(source)
    assert compiled(tool, source, "zh_Hant").gettext("Household") == "民情系統，看表格，這一格裡，請聯繫系統管理員"
    assert tool.check(source) == []
    translate(tool, source, "one", CHINESE | {"Household": "三公里，手表"})
    assert tool.check(source) == ["one: 繁體 錶, is it meant? 'Household'"]


def test_an_untranslated_sentence_stays_english(tool: ModuleType, source: Path) -> None:
    tool.update(source, [])
    tool.compile_all(source)
    catalogue = compiled(tool, source, "zh_Hans")
    assert catalogue.gettext("Household") == "Household"
    assert catalogue.ngettext("%(n)d matter", "%(n)d matters", 5) == "%(n)d matters"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"Household": ""}, "missing"),
        ({"%(n)s visit": "走访多次"}, "placeholders differ"),
        ({"Hello %(name)s, 100%%": "您好，%(nmae)s，100%%"}, "placeholders differ"),
    ],
)
def test_check_finds_what_is_wrong(tool: ModuleType, source: Path, change: dict[str, str], complaint: str) -> None:
    tool.update(source, [])
    translate(tool, source, "one", {**CHINESE, **change})
    (line,) = tool.check(source)
    assert complaint in line


def test_check_finds_leftovers_fuzzy_ones_and_chinese_in_the_code(tool: ModuleType, source: Path) -> None:
    tool.update(source, [])
    translate(tool, source, "one", CHINESE)
    path = tool.po_path(source, "one")
    path.write_text(
        path.read_text().replace('msgid "Send"', '#, fuzzy\nmsgid "Send"') + '\n#~ msgid "x"\n#~ msgstr "y"\n'
    )
    make_room(source, "two", '_("户")')
    complaints = " ".join(tool.check(source))
    assert "fuzzy" in complaints
    assert "obsolete" in complaints
    assert "not English" in complaints


def test_one_sentence_has_one_chinese_in_all_rooms(tool: ModuleType, source: Path) -> None:
    tool.update(source, [])
    translate(tool, source, "one", CHINESE)
    make_room(source, "two", '_("Household")')
    tool.update(source, ["two"])
    assert tool.check(source) == [], "another room's translation is taken over"
    translate(tool, source, "two", {"Household": "家庭"})
    assert "'家庭', but '户' in one" in " ".join(tool.check(source))


def test_our_own_catalogue_is_complete(tool: ModuleType) -> None:
    assert [line for line in tool.check(tool.SOURCE) if line.startswith("web:")] == []


def test_what_translates_is_called_what_the_tool_looks_for(tool: ModuleType) -> None:
    """Under another name a sentence is found by nobody, and stays English in the middle of a Chinese page."""
    other = []
    for path in sorted(tool.SOURCE.rglob("*.py")):
        for name, known_as in re.findall(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)", path.read_text("utf-8")):
            if known_as not in tool.KEYWORDS:
                other.append(f"{path.relative_to(tool.SOURCE)}: {name} as {known_as}")
    assert not other

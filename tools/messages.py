"""The interface's sentences: English in the code, Chinese by hand beside each room.

    messages.py update [room …]   take new sentences into locale/zh_Hans/…/django.po, keep what is translated
    messages.py compile           make the .mo files: 简体 as written, 繁體 derived from it
    messages.py check             fail on a missing, fuzzy or unused translation, a lost placeholder, one English
                                  sentence with two Chinese ones, a character that 繁體 seems to have mistaken

The .po files hold no dates and no line numbers, so that a change shows only what changed.
English needs no catalogue: the msgid is the English sentence.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "minqing"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")},
    "gettext_noop": None,
}
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
BUILT = ("zh_Hans", "zh_Hant")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w*\}(?!\})")
CHINESE = re.compile(r"[\u3400-\u9fff]")
# what the converter takes for another word, and how it is written
MENDED = {"民情繫統": "民情系統", "看錶格": "看表格", "格里": "格裡"}
# characters it chooses for a meaning that this interface has never had: whoever writes a sentence with one reads it
MISTAKEN = re.compile(r"[錶隻乾穀鬱麵髮闆鬆鹹嚮姪]|(?<!聯)繫|(?<!公)里|后(?!土)")

Key = tuple[str, str | None]


def rooms(source: Path) -> list[str]:
    return sorted(path.name for path in source.iterdir() if (path / "__init__.py").exists())


def po_path(source: Path, room: str, language: str = "zh_Hans") -> Path:
    return source / room / "locale" / language / "LC_MESSAGES" / "django.po"


def key(message: Message) -> Key:
    singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    return singular, message.context


def extracted(folder: Path) -> Catalog:
    """All sentences of a room's Python files and templates."""
    catalog = Catalog(locale="zh_Hans", fuzzy=False)
    for text in _sources(folder):
        found = extract("python", io.BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            if message and message != ("", ""):
                catalog.add(message, context=context)
    return catalog


def _sources(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.read_text(encoding="utf-8")
    for path in sorted(folder.glob("templates/**/*")):
        if path.suffix in {".html", ".txt"}:
            # templatize leaves one call a line between crosses; without indent they are Python's tokens
            calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield "\n".join(line.strip() for line in calls.splitlines())


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="zh_Hans", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def translation(message: Message) -> str:
    """The Chinese sentence ('' when missing); Chinese has one plural form."""
    return (message.string[0] if isinstance(message.string, (tuple, list)) else message.string) or ""


def write(path: Path, catalog: Catalog) -> None:
    out = io.BytesIO()
    write_po(out, catalog, omit_header=True, no_location=True, sort_output=True, width=100)
    text = HEADER + out.getvalue().decode().strip() + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def update(source: Path, wanted: list[str]) -> list[str]:
    """Bring the catalogues up to date; a sentence another room has translated is taken over."""
    known: dict[Key, str] = {}
    for room in rooms(source):
        for message in messages(read(po_path(source, room))):
            known.setdefault(key(message), translation(message))
    notes = []
    for room in wanted or rooms(source):
        catalog = extracted(source / room)
        path = po_path(source, room)
        old = {key(m): m for m in messages(read(path))}
        for message in messages(catalog):
            kept = old.get(key(message))
            chinese = (translation(kept) if kept else "") or known.get(key(message), "")
            message.string = (chinese,) if message.pluralizable else chinese
        gone = sorted(identity[0] for identity in old.keys() - {key(m) for m in messages(catalog)})
        notes += [f"{room}: no longer used, removed: {sentence!r}" for sentence in gone]
        missing = sum(not translation(m) for m in messages(catalog))
        if missing:
            notes.append(f"{room}: {missing} without Chinese")
        if len(catalog) or path.exists():
            write(path, catalog)
    return notes


def compile_all(source: Path) -> list[str]:
    """Write .mo files for 简体 and 繁體 where the .po is newer."""
    converter = None
    for room in rooms(source):
        po = po_path(source, room)
        targets = {language: po_path(source, room, language).with_suffix(".mo") for language in ("zh_Hans", "zh_Hant")}
        if not po.exists() or all(_is_fresh(target, po) for target in targets.values()):
            continue
        converter = converter or traditional()
        catalog = read(po)
        for message in [m for m in messages(catalog) if not translation(m)]:
            # an empty translation would show an empty place instead of the English sentence
            catalog.delete(message.id, message.context)
        _write_mo(targets["zh_Hans"], catalog)
        for message in messages(catalog):
            chinese = converter(translation(message))
            message.string = (chinese,) if message.pluralizable else chinese
        catalog.locale = "zh_Hant"
        _write_mo(targets["zh_Hant"], catalog)
    return []


def traditional() -> Callable[[str], str]:
    """Makes 繁體 of 简体."""
    from opencc import OpenCC

    # characters only: a phrase table would turn 程序 (procedure) into 程式 (program)
    convert = OpenCC("s2tw").convert

    def written(chinese: str) -> str:
        made = str(convert(chinese))
        for wrong, right in MENDED.items():
            made = made.replace(wrong, right)
        return made

    return written


def _is_fresh(target: Path, po: Path) -> bool:
    return target.exists() and target.stat().st_mtime > po.stat().st_mtime


def _write_mo(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_mo(out, catalog)
    path.write_bytes(out.getvalue())


def check(source: Path) -> list[str]:
    """Everything that is wrong, one line each."""
    wrong: list[str] = []
    chosen: dict[Key, tuple[str, str]] = {}
    convert = traditional()
    for room in rooms(source):
        catalog = read(po_path(source, room))
        have = {key(m): m for m in messages(catalog)}
        used = {key(m): m for m in messages(extracted(source / room))}
        wrong += [f"{room}: missing: {k[0]!r}" for k in used if k not in have or not translation(have[k])]
        wrong += [f"{room}: not used: {k[0]!r}" for k in have if k not in used]
        wrong += [f"{room}: obsolete: {m.id!r}" for m in catalog.obsolete.values()]
        wrong += [f"{room}: the msgid is not English: {k[0]!r}" for k in used if CHINESE.search(k[0])]
        for identity, message in have.items():
            wrong += [f"{room}: {fault}: {identity[0]!r}" for fault in _faults(message)]
            chinese = translation(message)
            if doubtful := MISTAKEN.search(convert(chinese)):
                wrong.append(f"{room}: 繁體 {doubtful[0]}, is it meant? {identity[0]!r}")
            other, theirs = chosen.setdefault(identity, (room, chinese))
            if chinese and theirs and theirs != chinese:
                wrong.append(f"{room}: {identity[0]!r} is {chinese!r}, but {theirs!r} in {other}")
    return wrong


def _faults(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    chinese = translation(message)
    english = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
    if chinese and set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(chinese)):
        yield "placeholders differ"


def main(arguments: list[str] | None = None, *, source: Path = SOURCE) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["update", "compile", "check"])
    parser.add_argument("rooms", nargs="*", help="only these rooms (update)")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.rooms) - set(rooms(source)):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    if asked.verb == "update":
        lines, failed = update(source, asked.rooms), False
    elif asked.verb == "compile":
        lines, failed = compile_all(source), False
    else:
        lines = check(source)
        failed = bool(lines)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Keys on paper for the safe, and back: each as a QR code and as 24 words (BIP 39), whose check finds a slip.

The words are those of the reader's language; read back are those of any. A key that is not 32 bytes has its code alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from mnemonic import Mnemonic

from minqing.web.pdf import pdf_of

STYLE: Final = Path(__file__).parent / "static" / "privacy" / "paper.css"
LANGUAGES: Final = {"zh-hans": "chinese_simplified", "zh-hant": "chinese_traditional", "en": "english"}
# in front of each code: what it is, to whoever reads it with a telephone
MARK: Final = "MINQING"
CODE: Final = re.compile(rf"{MARK}:([A-Z-]+):(\S+)")
BYTES: Final = re.compile(r"[0-9a-fA-F]{64}")
WORDS: Final = 24


class Slip(ValueError):
    """A line that is no key as it was typed. ``word``: the number of the first that no list has; 0: the check."""

    def __init__(self, word: int) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class OnPaper:
    """A key as it stands on the paper."""

    name: str
    code: str
    qr: SafeString
    words: list[str]


def words_of(key: str, language: str) -> list[str]:
    """24 words of 32 bytes; none of a key that has another form."""
    if not BYTES.fullmatch(key):
        return []
    return str(Mnemonic(LANGUAGES.get(language, "english")).to_mnemonic(bytes.fromhex(key))).split()


def key_of(words: str) -> str:
    """The key of words of any of the languages; Chinese ones need no spaces. Raises :class:`Slip`."""
    found = words.split()
    if len(found) == 1 and len(words.strip()) == WORDS:
        found = [*words.strip()]
    strange: list[int] = []
    for language in LANGUAGES.values():
        book = Mnemonic(language)
        text, known = " ".join(one.lower() for one in found), {*book.wordlist}
        # where the list has all of them it is 0
        strange.append(next((number for number, one in enumerate(text.split(), 1) if one not in known), 0))
        if not strange[-1] and len(found) == WORDS and book.check(text):
            return bytes(book.to_entropy(text)).hex()
    # of the list that has most of them from the first on
    raise Slip(0 if 0 in strange else max(strange))


def code_of(name: str, key: str) -> str:
    """Letters, digits and signs that a QR code holds in few dots."""
    told = key.upper() if BYTES.fullmatch(key) else key
    return f"{MARK}:{name.upper().replace('_', '-')}:{told}"


def read_line(line: str) -> tuple[str, str]:
    """Name and key of a code as a scanner types it, or of a name with its words behind. Raises :class:`Slip`."""
    if found := CODE.fullmatch(line.strip()):
        name, key = found[1].lower().replace("-", "_"), found[2]
        return name, key.lower() if BYTES.fullmatch(key) else key
    name, _space, words = line.strip().replace("：", ":").replace(":", " ", 1).partition(" ")
    return name.lower(), key_of(words)


def read(lines: Iterable[str]) -> dict[str, list[str]]:
    """All keys of a paper by their names."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.strip():
            name, key = read_line(line)
            found.setdefault(name, []).append(key)
    return found


def sheet(keys: Mapping[str, object], *, title: str, language: str) -> bytes:
    """The paper as PDF. ``keys``: each by its name, former ones as a list."""
    rows = [
        OnPaper(name, code_of(name, one), qr_code(code_of(name, one)), words_of(one, language))
        for name, value in keys.items()
        for one in ([str(each) for each in value] if isinstance(value, list) else [str(value)] if value else [])
    ]
    return pdf_of(render_to_string("privacy/paper_pdf.html", {"rows": rows, "title": title}), style=STYLE)


def qr_code(text: str) -> SafeString:
    made = segno.make(text, error="m", micro=False)
    return mark_safe(made.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308  # our own keys

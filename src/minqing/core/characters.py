"""Characters as people see them: what is Chinese, what shows nothing, what is the same sign in another coat. Pure.

One alphabet and one folding for the whole house, so that no search, mask or comparison knows fewer signs than its
neighbour. Sources: Unicode 15.1 blocks and general categories, UAX #9 (reading direction), UAX #44
(Default_Ignorable_Code_Point).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

# both are the inside of a character class. Rare: the extensions of the unified ideographs (A: 3400, B to I: planes 2
# and 3) and the compatibility ideographs; all: with the common block, 々〆〇, old numerals and radicals
RARE_HAN: Final = r"\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0003ffff"
HAN: Final = rf"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u4e00-\u9fff{RARE_HAN}"
DOT: Final = "·"
UNSEEN: Final = "\u200b"
# what phones, word processors and Chinese keyboards put for a hyphen, after NFKC
DASHES: Final = "‐‑‒–—―−⁃˗─ー"
# as programs and phones write the dot in 阿依古丽·买买提
DOTS: Final = "·•‧∙⋅・･⸱⸳ꞏ․᛫●◦∘ᐧ"
# between the characters of a name a full stop is meant for the dot as well
_DOT_BETWEEN: Final = re.compile(rf"(?<=[{HAN}])\s?[{DOTS}.．]\s?(?=[{HAN}])")
_SPACE_BETWEEN: Final = re.compile(rf"(?<=[{HAN}{DOT}]) +(?=[{HAN}{DOT}])")
# most of what people write: nothing in it is dropped or has another form (a test looks at each of them)
_PLAIN: Final = re.compile(r"[ -~\u4e00-\u9fff]*")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# emoji and Indic letters are joined and parted by these, Arabic numbers begun by those
_KEPT: Final = frozenset(
    "\t\n\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# letters, marks and symbols by their category, and nothing to see: Hangul fillers, the blank of Braille, joiners
# and what is set aside for such signs
_EMPTY: Final = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffc\U0001d159"
    r"\U000e0000-\U000e0fff]"
)
# the same with spaces, controls and formats as the inside of a character class, as JSON Schema writes it. Without the
# planes above the first, which half of the programs that read such a pattern take for two characters each: a text of
# nothing else is found blank by whoever takes it
UNSEEN_CLASS: Final = (
    r"\s\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3000\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
)
_JOINERS: Final = re.compile(r"[\u200c\u200d\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# praises of Arabic print: one character that stands for eighteen and more
_SPELLED_OUT: Final = dict.fromkeys((0xFDFA, 0xFDFB))
_NOTHING: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


# left in the private area by the tables of GBK and GB 18030-2000, given by those of 2005 and 2022
_PRIVATE: Final = {
    0xE7C7: 0x1E3F,
    0xE7C8: 0x01F9,
    0xE78D: 0xFE10,
    0xE78E: 0xFE12,
    0xE78F: 0xFE11,
    0xE790: 0xFE13,
    0xE791: 0xFE14,
    0xE792: 0xFE15,
    0xE793: 0xFE16,
    0xE794: 0xFE17,
    0xE795: 0xFE18,
    0xE796: 0xFE19,
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE831: 0x215D7,
    0xE832: 0x9FB8,
    0xE83B: 0x2298F,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE855: 0x241FE,
    0xE864: 0x9FBB,
}


def _assigned() -> dict[int, int]:
    """The rest of the last row of GBK, FE50 to FEA0, whose characters Python's own table knows."""
    trails = [one for one in range(0x50, 0xA1) if one != 0x7F]
    known = {0xE815 + n: ord(bytes((0xFE, trail)).decode("gb18030")) for n, trail in enumerate(trails)}
    return {code: sign for code, sign in known.items() if not 0xE000 <= sign <= 0xF8FF} | _PRIVATE


@cache
def _dropped() -> dict[int, int | None]:
    """What no text of people's needs: controls, marks of direction, zero-width signs, halves of characters; and
    what stands for characters that have their own place by now.

    For ``str.translate``. Unassigned characters stay, a newer Unicode may have them; those that never will be go.
    """
    never = [*range(0xFDD0, 0xFDF0), *(plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF))]
    # the planes of ideographs and of private use have none
    kinds = ((code, unicodedata.category(chr(code))) for code in (*range(0x20000), *range(0xE0000, 0xE0100)))
    dropped = (code for code, kind in kinds if kind in {"Cc", "Cf", "Cs"})
    gone: dict[int, int | None] = dict.fromkeys([*never, *(code for code in dropped if chr(code) not in _KEPT)])
    return gone | _assigned()


@cache
def _piled() -> re.Pattern[str]:
    """More than thirty combining marks in a row: what no writing has (UAX #15, stream-safe text), and what takes the
    sorting of them as long as their number squared.
    """
    marks = [code for code in range(0x20000) if unicodedata.combining(chr(code))]
    starts = [code for code in marks if not unicodedata.combining(chr(code - 1))]
    ends = [code for code in marks if not unicodedata.combining(chr(code + 1))]
    ranges = "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))
    return re.compile(f"([{ranges}]{{30}})[{ranges}]+")


def nfkc(text: str) -> str:
    """The compatibility form of ``text`` (UAX #15), at a cost that grows with its length alone."""
    if _PLAIN.fullmatch(text) or text.isascii():
        return text
    return unicodedata.normalize("NFKC", stream_safe(text.translate(_SPELLED_OUT)))


def stream_safe(text: str) -> str:
    """``text`` with at most thirty combining marks in a row, before anything sorts them."""
    return text if text.isascii() else _piled().sub(r"\1", text)


class _Narrow(dict[int, int | str]):
    """Each character in its plain form where that is one character too; for ``str.translate``."""

    def __missing__(self, code: int) -> int | str:
        sign = DOT if chr(code) in DOTS else UNSEEN if (other := _dropped().get(code, code)) is None else chr(other)
        plain = unicodedata.normalize("NFKC", sign)
        self[code] = plain if len(plain) == 1 else code
        return self[code]


_NARROW: Final = _Narrow()


def narrow(text: str) -> str:
    """``text`` in half width, dots as one and :data:`UNSEEN` for what shows nothing: one character for each, so that
    what is found there has the same place in ``text``.
    """
    return text.translate(_NARROW)


def clean(text: str) -> str:
    """``text`` as it is kept: lines ended by ``\\n``, ends trimmed, without what shows nothing or turns the reading
    direction around; empty when nothing of it can be seen.
    """
    if _PLAIN.fullmatch(text):
        return text.strip()
    kept = _LINE_ENDS.sub("\n", text)
    # a look costs less than a translation
    if not (kept.isascii() and kept.replace("\n", "").replace("\t", "").isprintable()):
        kept = kept.translate(_dropped())
    kept = kept.strip()
    return "" if is_blank(kept) else kept


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` can be seen."""
    # of a thousand times the same sign one look is enough
    return not any(_shows(character) for character in set(text))


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in _NOTHING and not _EMPTY.match(character)


def one_form(text: str) -> str:
    """Names, numbers and codes in half width, without what shows nothing, one space between words and none around.
    Not for prose: it also turns ``，`` into ``,``.
    """
    if _PLAIN.fullmatch(text):
        return " ".join(text.split())
    return " ".join(_JOINERS.sub("", clean(nfkc(text))).split())


# a row of a table says its name several times, and its neighbours the same words
@lru_cache(maxsize=1024)
def fold_name(text: str) -> str:
    """A name in the one form it is kept and looked for in: half width, one kind of dot, no gaps between Chinese
    characters, one space between words: ``张　三`` → ``张三``, ``阿依古丽•买买提`` → ``阿依古丽·买买提``.
    """
    plain = one_form(fold_dots(text))
    return _SPACE_BETWEEN.sub("", _DOT_BETWEEN.sub(DOT, fold_dots(plain))).strip(DOT + " ")


def fold_dots(text: str) -> str:
    return text.translate(_AS_DOT)


def fold_dashes(text: str) -> str:
    """Every kind of dash as the hyphen of codes and numbers. Not for prose."""
    return text.translate(_AS_HYPHEN)


def key_of(text: str) -> str:
    """The same for comparing words, names and codes: also without regard to upper and lower case."""
    return fold_name(text).casefold()


_AS_DOT: Final = str.maketrans(dict.fromkeys(DOTS, DOT))
_AS_HYPHEN: Final = str.maketrans(dict.fromkeys(DASHES, "-"))

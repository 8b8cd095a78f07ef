"""How names and numbers of a person are written in texts, and where a name means the person. Pure.

:func:`pattern` is for the database and finds at least what :func:`places_of` covers; what it finds too much is read.
A name tells of the person unless it stands inside a longer name that is known (王芳 in 王芳芳, 平安 in 平安路), or is a
word of every day: such a one must stand apart, with a sign or an end on both sides, an announcing word before it
(户主平安) or a title behind it (平安大爷).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final
from urllib.parse import quote

from minqing.core.characters import HAN, fold_name, narrow
from minqing.privacy.masking import CALLED, NO_NAME, SURNAME, TITLES, Found, MaskedKind, forms_of, known_words

# words of every day that begin with a surname and that people are called as well
_WORDS: Final = re.compile(
    "高兴|高峰|高原|高山|高明|方便|方向|马路|马上|石头|文化|文明|安全|安静|安心|安康|江山|江河|金山|金鱼|"
    "金银|黄河|黄金|黄豆|黄牛|白天|白云|白菜|路灯|路平|田地|田野|成功|向阳|向前|向东|温暖|温和|包装|管道|"
    "钱财|雷雨|云南|梅花|兰花|花园|严重|单元|施工|程序|任务|关心|连续|龙头|龙门|汤圆|钟点|毛病|毛巾|丁香|"
    "万一|万年|康复|康健|时候|和平|和谐|和气|祝福|祝愿|贺喜|元旦|华丽|盛夏|柳树|杨树|杨柳|李子|梁上|林业|"
    "林地|水田|水利|水井|谷雨|夏天|秋天|易通|米粉|叶子|郭外|章程|宋体|唐朝|汉字|孟春|伍佰|常青|常乐|常年|"
    "欧洲|东方|南方|山水|车站|党员|方圆|周年|周边|周围|周全|周到|周末|余下|余地|童年|童话|强大|强壮|荣华|"
    "富强|富贵|计划|全面|全新|全福|边界|边上|江南|江北|甘露|甘泉|胡同"
)
_SPARE: Final = (
    range(0x80, 0x3400),
    range(0xE78D, 0xE865),
    range(0xF900, 0x10000),
    range(0x1D7CE, 0x1D800),
    range(0x2F800, 0x2FA20),
)
_BEFORE: Final = re.compile(rf"(?:^|[^{HAN}]|{CALLED})$")
_BEHIND: Final = re.compile(rf"$|[^{HAN}]|{TITLES}")
# the longest word that announces a name, with what may stand after it
_LOOK_BACK: Final = 12


@cache
def _coats() -> dict[str, list[str]]:
    """Plain character → the others that are read as it."""
    found: dict[str, list[str]] = {}
    for code in (code for part in _SPARE for code in part):
        if (plain := narrow(chr(code))) != chr(code):
            found.setdefault(plain, []).append(chr(code))
    return found


def pattern(word: str, *, number: bool = False, in_address: bool = False) -> str:
    """A regular expression that PostgreSQL and Python read alike: ``word`` with anything short between its characters,
    each in any width. ``number``: digits alone count. ``in_address``: as it stands behind the ``?`` of an address.
    """
    signs = re.sub(r"\D", "", narrow(word)) if number else fold_name(word).replace(" ", "")
    return (".{0,36}" if in_address else ".{0,6}").join(_one_of(sign, in_address) for sign in signs)


def _one_of(sign: str, in_address: bool) -> str:
    forms = [sign, *([sign.swapcase()] if sign.isalpha() and sign.isascii() else []), *_coats().get(sign, [])]
    spelled = [*forms, *(quote(one) for one in forms if in_address and quote(one) != one)]
    return f"(?:{'|'.join(re.escape(one) for one in spelled)})" if len(spelled) > 1 else re.escape(sign)


def patterns(names: Iterable[str], numbers: Iterable[str], *, in_address: bool = False) -> list[str]:
    """For each word its pattern; a dotted name is also called by its first part."""
    forms = sorted({form for name in names for form in forms_of(fold_name(name))})
    digits = [one for one in sorted(numbers) if len(re.sub(r"\D", "", narrow(one))) >= 5]
    return [pattern(one, in_address=in_address) for one in forms] + [
        pattern(one, number=True, in_address=in_address) for one in digits
    ]


def places_of(text: str, names: Iterable[str], numbers: Iterable[str], within: Iterable[str] = ()) -> list[Found]:
    """Where ``text`` tells of the person, in its order, without overlaps; ``within``: longer names that are others'."""
    text = narrow(text)
    longer = list(known_words(text, within, ()))
    found = [
        one
        for one in known_words(text, names, numbers)
        if one.kind is not MaskedKind.NAME or is_meant(text, one, longer)
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    return [one for at, one in enumerate(found) if one.start >= max((before.end for before in found[:at]), default=0)]


def is_meant(text: str, found: Found, longer: Iterable[Found] = ()) -> bool:
    """Whether the name at that place is the person's: not part of a longer one, and no word of every day."""
    if any(one.start <= found.start and found.end <= one.end and one[1:] != found[1:] for one in longer):
        return False
    if not is_word(fold_name(text[found.start : found.end])):
        return True
    before = text[max(0, found.start - _LOOK_BACK) : found.start]
    return bool(_BEFORE.search(before)) and bool(_BEHIND.match(text[found.end :]))


def is_word(name: str) -> bool:
    """Whether a name of two characters is one that every text may have: no surname before, or a known word."""
    if not re.fullmatch(f"[{HAN}]{{2}}", name):
        return False
    return not re.match(SURNAME, name) or bool(_WORDS.fullmatch(name)) or bool(NO_NAME.match(name))

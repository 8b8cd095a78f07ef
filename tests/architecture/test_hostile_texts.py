"""No text costs many times what a plain one of its length does: every pattern and every parser of the house."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

import pytest

from minqing.core.sheets.headings import Field, match_headings
from minqing.core.text import readings
from minqing.households.codes import check_fits
from minqing.matters.similarity import Rarity, shared_words
from minqing.matters.suggestion import Topic, suggest
from minqing.privacy.masking import find_personal
from tests.architecture.hostile_texts import PLAIN, TooLong, Tried, against, at_most, general, parsers, patterns, way

pytestmark = [pytest.mark.fault(68), pytest.mark.slow]

MOST = 5.0
# as long as what may be searched for, as an address of a page takes, and as a report
LENGTHS = (28, 59, 1200)
# with what else they want
MORE: dict[str, Callable[[str], Any]] = {
    "masking.find_personal, who and where is known": lambda text: find_personal(
        text, names=["张三", text[:3], "阿依古丽·买买提"], phones=["13800138000"], places=["西水碓村", text[:4]]
    ),
    "headings": lambda text: match_headings([text, text[1:]], [Field("name", ("姓名",))]),
    "suggest": lambda text: suggest(text, text, [Topic("a", "a", ("路灯", text[:2], "1")), Topic("b", "b", ("水",))]),
    "alike": lambda text: shared_words(text, [text[:2], "路灯"], Rarity(3, {})),
    "codes": lambda text: check_fits("a", text),
}


def too_dear(tried: Tried, texts: Iterable[str]) -> str | None:
    for text in texts:
        # most are cheap at once; what seems dear is looked at again, in turns with plain texts
        if tried.times(text) > MOST and (times := tried.times_for_sure(text)) > MOST:
            return f"{times:.0f} times for {text[:24]!r}…{text[-6:]!r} ({len(text)})"
    return None


def test_no_pattern_is_slow() -> None:
    found = patterns()
    assert len(found) > 80
    dear = {
        where: told
        for where, (pattern, works) in found.items()
        for work in works
        # not the dearest: a pattern that is slow at letters is so at plain ones too
        if (told := too_dear(Tried(work, median), against(pattern, 1200)))
    }
    assert dear == {}


def test_no_parser_is_slow() -> None:
    found = parsers() | MORE
    assert {"minqing.core.text.readings", "minqing.privacy.masking.mask", "minqing.core.formats.check_phone"} <= set(
        found
    )
    tried = {where: Tried(work, max) for where, work in found.items()}
    dear = {
        where: told
        for where, one in tried.items()
        if one.usable() and (told := too_dear(one, (text for length in LENGTHS for text in general(length))))
    }
    assert dear == {}


def test_what_is_slow_is_found() -> None:
    dear = [
        re.compile(r"[A-Za-z0-9._%+\-]+\s?@\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"),
        re.compile(r"姓名\s*(?:是)?\s*[:：]?\s*张"),
        re.compile(r"(?:a+)+$"),
        re.compile(r"我叫(?!.*?小组)"),
    ]
    for pattern in dear:
        assert too_dear(Tried(way(pattern, "finditer"), median), against(pattern, 1200)), pattern


def test_letters_that_fall_into_syllables_in_many_ways_are_read_at_once() -> None:
    word = "uai" * 9 + "bb"
    with at_most(1):
        assert readings(word) == []
    assert readings("xian")[0] == ["xian"]
    assert ["xi", "an"] in readings("xian")
    assert readings("ludengh")[0] == ["lu", "deng", "h"]
    with pytest.raises(TooLong), at_most(0.05):
        forever()


def forever() -> None:
    while PLAIN:
        pass

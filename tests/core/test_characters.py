"""What is Chinese, what shows nothing, and what is the same sign in another coat."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minqing
from minqing.core.characters import DOTS, HAN, clean, fold_name, is_blank, key_of, narrow, nfkc, one_form

NOTHING = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u2028\u2029\u202e\u2066\u2069"
    "\u2800\u3000\u3164\uffa0\ufff9\ufffc\ufe0f\U000e0001\U000e0100\U0001d173\x00\x1f\x7f\x85\u00a0\ud800\ufffe"
)


@pytest.mark.fault(74)
def test_what_shows_nothing_is_blank() -> None:
    assert [hex(ord(one)) for one in NOTHING if clean(one)] == []
    assert clean(NOTHING) == ""
    assert clean("\u200b \u2800\n\u3164") == ""
    assert is_blank("") and not is_blank("a\u200b")  # noqa: PT018


@pytest.mark.fault(74)
def test_marks_of_direction_go_and_the_words_stay() -> None:
    assert clean("\u202e张三\u202c\u2066李\u2069 \u200f!") == "张三李 !"
    assert clean("一\r\n二\r三\u2028四\x0b五\x85六") == "一\n二\n三\n四\n五\n六"
    assert clean("a\tb") == "a\tb"
    assert clean("葛\U000e0101 👨\u200d👩\u200d👧 ❤\ufe0f") == "葛\U000e0101 👨\u200d👩\u200d👧 ❤\ufe0f", (
        "these are seen"
    )


@given(st.text(max_size=40))
def test_cleaning_twice_is_cleaning_once_and_nothing_turns_around(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(
        unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} for c in once
    )
    assert fold_name(fold_name(text)) == fold_name(text)
    assert len(narrow(text)) == len(text)


@pytest.mark.fault(113)
def test_one_alphabet_holds_every_chinese_character() -> None:
    for one in "張㙇𠮷𰻞〇々﨑\U0002ceb0\U0002ebf0\U00031350\U0002f800⻏":
        assert re.fullmatch(f"[{HAN}]", one), hex(ord(one))
    for one in "aア한·，1":
        assert not re.fullmatch(f"[{HAN}]", one), one


@pytest.mark.fault(100)
def test_gaps_within_a_name_are_no_part_of_it() -> None:
    for written in ("张三", "张　三", "张 三", " 张  三 ", "张\u200b三", "张\u00a0三", "张\u2003三"):
        assert fold_name(written) == "张三"
    assert fold_name("John  Smith") == "John Smith"
    assert fold_name("𠮷 㙇") == "𠮷㙇"
    assert key_of("ＡＢ 张 三") == key_of("ab 张三")


@pytest.mark.fault(101)
def test_all_middle_dots_are_one() -> None:
    for dot in [*DOTS, ".", "．", " · ", " •"]:
        assert fold_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提", hex(ord(dot[-1]))
    assert fold_name("A.B. Smith") == "A.B. Smith"


def test_marks_piled_up_and_characters_spelled_out_stay_small() -> None:
    assert len(nfkc("a" + "\u0300\u0323" * 5000)) < 40
    assert nfkc("\ufdfa") == ""
    assert nfkc("Ａé한") == "Aé한"


@pytest.mark.fault(68)
@pytest.mark.fault(113)
def test_nobody_has_an_alphabet_or_a_normal_form_of_its_own() -> None:
    own = [
        f"{path.name}:{number}"
        for path in Path(next(iter(minqing.__path__))).rglob("*.py")
        if path.name != "characters.py" and "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r'normalize\("NFKC"|\\u4e00|\\u3400|\\u9fff', line)
    ]
    assert own == []


def test_what_is_taken_as_it_is_has_nothing_to_drop_and_no_other_form() -> None:
    """Each character that the short way lets through, by the long one."""
    plain = [*map(chr, range(0x20, 0x7F)), *map(chr, range(0x4E00, 0xA000))]
    for sign in plain:
        # what is not plain takes the long way, and is gone in the end
        assert (clean(f"{sign}一\u200b"), one_form(f"{sign}一\u200b")) == (clean(f"{sign}一"), one_form(f"{sign}一"))
        assert unicodedata.normalize("NFKC", sign) == sign == nfkc(sign)

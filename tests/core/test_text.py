"""Names and texts in Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.text import bigrams, one_line, pinyin_full, pinyin_initials, safe_filename, typed_as


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单雄信", "shanxiongxin", "sxx"),
        ("曾国藩", "zengguofan", "zgf"),
        ("仇英", "qiuying", "qy"),
        ("查良镛", "zhaliangyong", "zly"),
        ("解缙", "xiejin", "xj"),
        ("区大相", "oudaxiang", "odx"),
        ("盖叫天", "gejiaotian", "gjt"),
        ("任正非", "renzhengfei", "rzf"),
        ("朴树", "piaoshu", "ps"),
        ("翟让", "zhairang", "zr"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("欧阳修", "ouyangxiu", "oyx"),
        ("诸葛亮", "zhugeliang", "zgl"),
        ("万俟卨", "moqixie", "mqx"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("单于", "shanyu", "sy"),
        # the surname's reading only where the surname stands
        ("晁盖", "chaogai", "cg"),
        ("王重阳", "wangchongyang", "wcy"),
        ("吕布", "lvbu", "lb"),
        ("阿卜杜拉·买买提", "abodulamaimaiti", "abdlmmt"),
        ("John", "john", "j"),
        ("𠮷", "", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_found_by_the_pinyin_people_type(name: str, full: str, initials: str) -> None:
    assert (pinyin_full(name), pinyin_initials(name)) == (full, initials)


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("户情表\0.xlsx", "户情表.xlsx"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ('a<b>:"c|?*.jpg', "a_b_c_.jpg"),
        ("gpj.\u202eexe", "gpj. exe"),
        ("石宅村\n户情表.xlsx", "石宅村 户情表.xlsx"),
    ],
)
def test_a_file_name_is_made_harmless(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.mark.fault(41)
def test_a_name_of_300_characters_is_cut_and_keeps_its_kind() -> None:
    safe = safe_filename("长" * 300 + ".xlsx")
    assert safe.endswith("长.xlsx")
    assert len(safe.encode()) <= 180


@pytest.mark.fault(41)
@given(st.text(max_size=300))
def test_no_text_makes_a_path_or_an_unusable_name(name: str) -> None:
    safe = safe_filename(name)
    assert safe
    assert safe not in (".", "..")
    assert not set('/\\<>:"|?*\0\n\r') & set(safe)
    assert len(safe.encode()) <= 180
    assert safe_filename(safe) == safe


def test_one_line_is_one_line_and_not_longer_than_asked() -> None:
    assert one_line("水管\n\n坏了\t三天", 20) == "水管 坏了 三天"
    assert one_line("水管坏了三天没有人来修", 6) == "水管坏了三…"
    assert len(one_line("x" * 50, 10)) == 10


def test_bigrams_are_pairs_of_chinese_and_whole_other_words() -> None:
    assert bigrams("长乐镇 A12 号") == ["长乐", "乐镇", "a12", "号"]
    assert bigrams("停水停水") == ["停水", "水停"]
    assert bigrams("，。！") == []


def test_each_character_of_a_label_is_read_also_as_a_name_is() -> None:
    assert typed_as("市交通运输局") == "shi jiao tong yun shu ju"
    assert typed_as("A3 单家") == "dan jia|shan jia"
    assert typed_as("重庆路") == "chong qing lu"
    # a character that nobody can read keeps its place
    assert typed_as("𠮷家") == "- jia"
    assert typed_as("A3 – ") == ""

"""What is covered before somebody reads a text for publication, and what is left to that reader."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.privacy.masking import COVERS, MaskedKind, find_personal, left, mask

N, P = MaskedKind.NAME, MaskedKind.PHONE


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("联系电话13800138000。", "联系电话【电话】。"),
        ("打138-0013-8000或138 0013 8000", "打【电话】或【电话】"),
        ("电话：０５７５－８３０１２３４５", "电话：【电话】"),
        ("请拨打83012345咨询", "请【电话】咨询"),
        ("电话1３８００１３８０００", "电话【电话】"),
        ("身份证11010519491231002X号", "身份证【证件号】号"),
        ("身份证 330683 19800101 123x", "身份证 【证件号】"),
        ("工资卡6222 0212 3456 7890 123", "工资卡【卡号】"),
        ("邮箱 zhang.san@example.com.cn，", "邮箱 【邮箱】，"),
        ("加微信zhangsan_88，QQ：12345678", "加【账号】，【账号】"),
        ("浙D12345的车停在路口，浙D·F12345也是", "【车牌】的车停在路口，【车牌】也是"),
        ("住在溪边路3号", "住在溪边路某号"),
        ("阳光小区5栋2单元301室漏水", "阳光小区某号漏水"),
        ("人民路123号5幢402室", "人民路某号"),
        ("村民张桂芬说", "村民某某说"),
        ("我叫欧阳建国，", "我叫某某，"),
        ("找过王主任和李老师", "找过某某主任和某某老师"),
        # what stands between two that were covered is no third
        ("王主任王主任王主任", "某某主任某某主任某某主任"),
        ("户主：陈静，", "户主：某某，"),
        ("用户A00045581：您好", "用户【号码】：您好"),
        ("合同号 2019 0415 0012", "合同号 【号码】"),
    ],
)
def test_what_tells_of_a_person_is_covered(text: str, covered: str) -> None:
    assert mask(text).text == covered


@pytest.mark.fault(113)
@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("我叫𠮷田，", "我叫某某，"),
        ("村民㙇建国说", "村民某某说"),
        ("户主：张㙇，", "户主：某某，"),
        ("王〇同志来过", "某某同志来过"),
        ("陈𰻞主任", "某某主任"),
        ("我叫阿依古丽·买买提，", "我叫某某，"),
        ("阿依古丽•买买提反映路灯", "某某反映路灯"),
        ("扎西‧多吉家里漏水", "某某家里漏水"),
        ("户主：穆罕默德・艾力", "户主：某某"),
        ("邻居 迪丽热巴 ･ 迪力木拉提", "邻居 某某"),
        ("ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "【邮箱】"),
        ("138\u200b0013\u20608000", "【电话】"),
        ("民情·日记 平安·建设", "民情·日记 平安·建设"),
    ],
)
def test_rare_characters_dots_and_other_coats_hide_nobody(text: str, covered: str) -> None:
    assert mask(text).text == covered


@pytest.mark.fault(113)
def test_a_known_name_with_a_dot_is_found_with_any_dot_or_none_and_by_its_first_part() -> None:
    known = mask("阿卜杜·吾甫尔、阿卜杜吾甫尔、阿卜杜 • 吾甫尔和阿卜杜", names=["阿卜杜・吾甫尔"])
    assert known.text == "某某、某某、某某和某某"


@pytest.mark.parametrize(
    "text",
    [
        "2019年4月25日起停水三天",
        "地铁8号线和1号线",
        "〔2018〕53号文件",
        "12月5号来过",
        "共有3500元没有发，占80%",
        "国道104线、省道310",
        "村民小组长和村民代表都同意",
        "业主委员会已经成立",
        "路面坑坑洼洼，应该修了",
        "请拨打110或12345",
    ],
)
def test_what_tells_of_nobody_is_left(text: str) -> None:
    assert mask(text).text == text


def test_known_names_and_numbers_are_found_however_they_are_written() -> None:
    text = "我是何 大 妈，何大妈的号码1380-0138-000，尾号不变"
    found = mask(text, names=["何大妈"], phones=["13800138000"])
    assert found.text == "我是某某，某某的号码【电话】，尾号不变"
    assert found.found == Counter({N: 2, P: 1})
    assert left(text, names=["何大妈"]) == [N, P]
    assert left("村民张桂芬说", names=["何大妈"]) == [], "only what is certain stops a publication"


def test_a_known_village_is_covered_as_people_call_it_and_stops_a_publication_by_its_whole_name() -> None:
    villages = ["西水碓村", "西水碓村第1网格", "新村"]
    found = mask("西水碓村第1网格：西水碓的路塌了，新村没事，重新修", places=villages)
    assert found.text == "某村：某村的路塌了，某村没事，重新修"
    assert left("西水 碓村的路", places=villages) == [MaskedKind.PLACE]
    assert left("西水碓的路", places=villages) == []
    assert left(found.text, places=villages) == []


@given(st.text("张王李三桂芬13800138000 号路栋室身份证电话微信：-—A@.x浙D某【】", max_size=60))
def test_masking_covers_all_that_is_certain_and_never_fails(text: str) -> None:
    covered = mask(text).text
    assert left(covered) == []
    spans = [(one.start, one.end) for one in find_personal(text)]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_covers_hold_nothing_to_find() -> None:
    assert [mask(cover).found for cover in COVERS.values()] == [Counter()] * len(COVERS)


def test_on_real_messages_it_finds_what_stands_there(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many of each kind; the board's own pseudonyms (0000-00000000, A00045581) count as numbers."""
    from openpyxl import load_workbook

    book = load_workbook(shared / "data" / "messages" / "messages-with-replies.xlsx", read_only=True)
    with closing(book):
        rows = book.active.iter_rows(min_row=2, values_only=True)
        # subject, message, reply; not the columns of number and time
        texts = [str(row[place] or "") for row in rows for place in (2, 4, 5)]
    masked = [mask(text) for text in texts]
    found: Counter[MaskedKind] = sum((one.found for one in masked), Counter())
    touched = sum(bool(one.found) for one in masked)
    with capsys.disabled():
        print(f"\n  masking: {len(texts)} texts, {touched} touched: {dict(found)}")  # noqa: T201
    assert len(texts) > 6000
    assert all(left(one.text) == [] for one in masked)
    assert found[MaskedKind.PHONE] > 500
    assert found[MaskedKind.NAME] > 100
    assert found[MaskedKind.ADDRESS] > 100
    assert found[MaskedKind.PLATE] >= 15

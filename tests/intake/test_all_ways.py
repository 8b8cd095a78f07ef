"""What is refused in one way in is refused in all: the page of a file, the service, the table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.households.models import Household, Resident
from minqing.households.services import save_household, save_resident
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.intake.conftest import HEADINGS, check, csv_file, load, person, workbook

# (field of the service, heading of the table, what is given)
WRONG: list[tuple[str, str, Any]] = [
    ("born_on", "出生日期", "2030-01-01"),
    ("born_on", "出生日期", "1870-01-01"),
    ("name", "姓名", "\u200b\u3164"),
    ("name", "姓名", "张" * 61),
    ("phone", "联系电话", "1381234"),
    ("phone", "联系电话", "12345"),
    ("identity_number", "身份证号", "330683197203154311"),
]
WRONG_HOUSE: list[tuple[str, str, str]] = [
    ("number", "户号", "\u2800"),
    ("number", "户号", "T" * 31),
    ("address", "门牌地址", "路" * 201),
    ("note", "备注", "长" * 2001),
]


def of_table(cast: Cast, clerk: Actor, tmp_path: Path, heading: str, value: str) -> int:
    row = person(1, household="TX-1", **({"身份证号": ""} | {heading: value}))
    headings = HEADINGS if heading in HEADINGS else (*HEADINGS, heading)
    return check(workbook(tmp_path / "a.xlsx", [row], headings), clerk).problem_rows


@pytest.mark.fault(73)
@pytest.mark.fault(74)
def test_a_person_who_cannot_be_is_refused_on_the_page_by_the_service_and_in_a_table(
    cast: Cast, clerk: Actor, tmp_path: Path
) -> None:
    home = cast.household(number="TX-9")
    client = cast.client("clerk")
    page = reverse("households:person_add", args=[home.pk])
    for name, heading, value in WRONG:
        told = f"{name}={value[:20]!r}"
        form = {"request_id": str(new_id()), "name": "李四", "relation": "other", "sex": "", "lives_here": "on"}
        answer = client.post(page, form | {name: value})
        assert answer.status_code != 302, told
        assert "is-invalid" in answer.content.decode(), told
        given = date.fromisoformat(value) if name == "born_on" else value
        with acting_as(cast.actor("clerk")) as by, pytest.raises(Invalid):
            save_resident(id=new_id(), household_id=home.pk, by=by, **({"name": "李四"} | {name: given}))
        assert of_table(cast, clerk, tmp_path, heading, value) == 1, told
    with cast.everything():
        assert not Resident.objects.filter(household=home).exists()


@pytest.mark.fault(73)
@pytest.mark.fault(74)
def test_a_household_that_cannot_be_is_refused_on_the_page_by_the_service_and_in_a_table(
    cast: Cast, clerk: Actor, tmp_path: Path
) -> None:
    client = cast.client("clerk")
    for name, heading, value in WRONG_HOUSE:
        told = f"{name}={value[:20]!r}"
        form = {"request_id": str(new_id()), "number": "TX-2", "area": cast.own.id, "address": "", "note": ""}
        assert client.post(reverse("households:add"), form | {name: value}).status_code != 302, told
        with acting_as(cast.actor("clerk")) as by, pytest.raises(Invalid):
            save_household(area_id=cast.own.id, by=by, **({"number": "TX-2"} | {name: value}))
        assert of_table(cast, clerk, tmp_path, heading, value) == 1, told
    with cast.everything():
        assert not Household.objects.exists()


@pytest.mark.fault(100)
@pytest.mark.fault(101)
def test_one_person_written_in_many_ways_is_one_person(cast: Cast, clerk: Actor, tmp_path: Path) -> None:
    def names(first: str, second: str, head: str) -> list[list[str]]:
        return [
            person(1, household="TX-1", name=first, 户主=head, 与户主关系="户主", 身份证号=""),
            person(2, household="TX-1", name=second, 户主=head, 与户主关系="配偶", 身份证号="", 门牌地址=""),
        ]

    ways = [
        ("张　三", "阿依古丽•买买提", "张三"),
        ("张三", "阿依古丽·买买提", "张 三"),
        ("张 三", "阿依古丽 ・ 买买提", "张\u200b三"),
    ]
    for number, (first, second, head) in enumerate(ways):
        run = load(csv_file(tmp_path / f"{number}.csv", names(first, second, head)), clerk)
        assert (run.state, run.problem_rows) == ("done", 0), run.problems
    with cast.everything():
        assert sorted(Resident.objects.values_list("name", flat=True)) == ["张三", "阿依古丽·买买提"]
    client = cast.client("clerk")
    for typed in ("张　三", "阿依古丽・买"):
        answer = client.post(reverse("households:search"), {"text": typed, "purpose": "visit"})
        assert "TX-1" in answer.content.decode(), typed


@pytest.mark.fault(99)
@pytest.mark.fault(102)
@pytest.mark.fault(104)
def test_all_that_is_wrong_with_a_row_is_told_at_once(cast: Cast, clerk: Actor, tmp_path: Path) -> None:
    cast.resident(cast.household(number="TX-7"), "王五", relation="head", identity_number="33068319720315431X")
    rows = [
        # a person of another file, no telephone, a month for a day
        person(1, household="TX-1", 身份证号="33068319720315431X", 联系电话="1381234", 出生日期="1972.03"),
        # an error for a name, no such village, no such tag
        person(2, household="TX-2", 姓名="#N/A", 村社="天上村", 标签="没有这个", 出生日期=""),
    ]
    run = check(workbook(tmp_path / "a.xlsx", rows, (*HEADINGS, "出生日期")), clerk)
    told = {(one["row"], one["column"]) for one in run.problems}
    assert told == {(2, "身份证号"), (2, "联系电话"), (2, "出生日期"), (3, "姓名"), (3, "村社"), (3, "标签")}
    texts = " ".join(one["text"] for one in run.problems)
    assert "#N/A" in texts

    handed = workbook(tmp_path / "b.xlsx", [["路灯坏了", "天上村", "12", "没有", "2999-01-01"]],
                      ("内容", "村社", "电话", "类别", "时间"))  # fmt: skip
    run = check(handed, clerk, kind="matters")
    assert {one["column"] for one in run.problems} == {"村社", "类别", "时间"}
    # no reason to leave the report out, and told with the rest
    assert any("电话" in one for one in run.mapping["warnings"])

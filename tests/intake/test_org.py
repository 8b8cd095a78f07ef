"""Areas, units and staff from tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from minqing.core.actor import Actor
from minqing.intake.enums import Mode
from minqing.org.models import Account, Area, Post, Unit
from tests.cast import Cast
from tests.intake.conftest import check, load, workbook

Make = Callable[..., Path]
AREAS = ("区划编码", "名称", "级别", "上级")
UNITS = ("单位编码", "单位名称", "类型", "辖区", "电话", "启用")
STAFF = ("姓名", "工号", "用户名", "手机号码", "单位", "岗位", "辖区", "职务")


@pytest.fixture
def operator(cast: Cast) -> Actor:
    return cast.actor("operator")


def table(path: Path, headings: tuple[str, ...], *rows: tuple[object, ...]) -> Path:
    return workbook(path / "表.xlsx", rows, headings)


def counts(run: object) -> tuple[int, int, int]:
    return run.created_rows, run.updated_rows, run.unchanged_rows  # type: ignore[attr-defined]


def test_areas_are_made_from_the_top_down_and_again_without_a_change(
    cast: Cast, operator: Actor, tmp_path: Path
) -> None:
    rows = [("T9", "长乐镇", "镇街", "C"), ("V9", "小昆村", "村", "长乐镇"), ("G9", "第一网格", "网格", "V9")]
    path = table(tmp_path, AREAS, *rows)
    assert counts(load(path, operator, "areas")) == (3, 0, 0)
    grid = Area.objects.get(code="G9")
    assert grid.path == f"{cast.city.id}.{Area.objects.get(code='T9').id}.{grid.parent_id}.{grid.id}."
    assert counts(load(path, operator, "areas")) == (0, 0, 3)
    renamed = table(tmp_path, AREAS, ("V9", "小昆社区", "社区", ""))
    assert counts(load(renamed, operator, "areas")) == (0, 1, 0)
    assert Area.objects.get(code="V9").parent_id == Area.objects.get(code="T9").id


def test_wrong_areas_are_told_by_row_and_column(operator: Actor, tmp_path: Path) -> None:
    rows = [
        ("A", "甲村", "村", "没有的镇"), ("B", "乙镇", "镇", "V1"), ("C1", "丙村", "州", "T1"),
        ("D", "", "村", "T1"), ("E", "戊村", "村", ""), ("F", "己村", "村", "T1"), ("F", "庚村", "村", "T1"),
    ]  # fmt: skip
    run = check(table(tmp_path, AREAS, *rows), operator, "areas")
    told = [(problem["row"], problem["column"]) for problem in run.problems]
    assert told == [(2, "上级"), (3, "上级"), (4, "级别"), (5, "名称"), (6, "上级"), (8, "区划编码")]


def test_units_are_made_changed_and_left(operator: Actor, tmp_path: Path) -> None:
    rows = [
        ("U9", "石璜镇应急办", "科室", "石璜镇", "0575-83012345", ""),
        ("U1", "石璜镇综合服务办", "镇街科室", "T1", "", ""),
    ]
    assert counts(load(table(tmp_path, UNITS, *rows), operator, "units")) == (1, 0, 1)
    assert Unit.objects.get(code="U9").phone == "0575-83012345"
    closed = table(tmp_path, UNITS, ("U9", "石璜镇应急办", "科室", "石璜镇", "", "停用"))
    assert counts(load(closed, operator, "units")) == (0, 1, 0)
    unit = Unit.objects.get(code="U9")
    assert (unit.active, unit.phone) == (False, "0575-83012345")


def test_staff_get_an_account_without_a_password_and_a_post(cast: Cast, operator: Actor, tmp_path: Path) -> None:
    rows = [
        ("王小明", "G1", "", "13812345678", "U1", "包户干部", "棠溪村", "驻村干部"),
        ("王小明", "G1", "", "", "石璜镇综合服务办", "镇街专员", "石璜镇", ""),
        ("李秀", "G2", "lixiu", "", "市交通运输局", "承办人", "C", ""),
    ]
    path = table(tmp_path, STAFF, *rows)
    run = load(path, operator, "staff")
    assert (run.state, counts(run)) == ("done", (2, 1, 0)), run.problems
    account = Account.objects.get(staff_number="G1")
    assert (account.username, account.phone, account.has_usable_password()) == ("G1", "13812345678", False)
    assert set(Post.objects.filter(account=account).values_list("role", "area__code")) == {
        ("cadre", "V1"),
        ("clerk", "T1"),
    }
    assert counts(load(path, operator, "staff")) == (0, 0, 3)
    assert Account.objects.filter(staff_number__in=["G1", "G2"]).count() == 2


def test_wrong_staff_are_told_and_the_others_loaded(cast: Cast, operator: Actor, tmp_path: Path) -> None:
    rows = [
        ("王小明", "G1", "", "", "石璜镇综合服务", "包户干部", "棠溪村", ""),
        ("王小明", "G1", "", "", "U1", "老板", "棠溪村", ""),
        ("王小明", "G1", "", "", "U1", "包户干部", "棠溪村", ""),
        ("王小明", "G1", "", "", "U1", "包户干部", "棠溪村", ""),
        ("张三", "G1", "", "", "U1", "承办人", "棠溪村", ""),
        ("李四", "G3", "clerk", "", "U1", "承办人", "棠溪村", ""),
        ("赵六", "G4", "G1", "12", "U1", "承办人", "棠溪村", ""),
    ]
    run = check(table(tmp_path, STAFF, *rows), operator, "staff")
    told = [(problem["row"], problem["column"]) for problem in run.problems]
    assert told == [(2, "单位"), (3, "岗位"), (5, "工号"), (6, "工号"), (7, "用户名"), (8, "手机号码"), (8, "用户名")]
    assert "石璜镇综合服务办" in run.problems[0]["text"]
    done = load(table(tmp_path, STAFF, *rows), operator, "staff", Mode.VALID)
    assert (done.state, counts(done)) == ("done", (1, 0, 0))
    assert Account.objects.get(username="clerk").staff_number is None


def test_all_that_is_wrong_with_a_row_is_told_at_once(operator: Actor, tmp_path: Path) -> None:
    """In each cell, against the rows before, and against what is stored (fault 99)."""
    rows = [
        ("王小明", "G1", "", "", "U1", "包户干部", "棠溪村", ""),
        ("张三", "G1", "clerk", "12", "U9", "老板", "无此村", ""),
        ("李四", "G2", "clerk", "", "U9", "承办人", "棠溪村", ""),
    ]
    run = check(table(tmp_path, STAFF, *rows), operator, "staff")
    told = {row: {one["column"] for one in run.problems if one["row"] == row} for row in (2, 3, 4)}
    assert told == {2: set(), 3: {"工号", "用户名", "手机号码", "单位", "岗位", "辖区"}, 4: {"用户名", "单位"}}
    names = ("编码", "简体叫法", "简体群众用词", "英文叫法")
    run = check(table(tmp_path, names, ("mechanism.joint", "办" * 99, "一起办", "J" * 99)), operator, "names")
    assert {one["column"] for one in run.problems} == {"简体叫法", "简体群众用词", "英文叫法"}

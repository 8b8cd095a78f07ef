"""The year of working days: seen, changed with a preview, undone, taken home and brought back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.deadlines.services import reckon_clocks
from minqing.journal.models import Event
from minqing.matters.models import Matter
from minqing.org.models import WorkDay
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.intake.conftest import check, load, workbook
from tests.matters.lives import Life

YEAR = "/operator/days/"
pytestmark = pytest.mark.django_db


def words(cast: Cast, address: str) -> str:
    answer = cast.client("operator").get(address)
    assert answer.status_code == 200
    return re.sub(r"\\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]))


def form(cast: Cast, on: str) -> dict[str, str]:
    html = cast.client("operator").get(f"{YEAR}{on}/").content.decode()
    return {"seen": re.findall(r'name="seen" value="([^"]*)"', html)[0]}


def said(cast: Cast, on: str, to: str, name: str = "") -> Any:
    return cast.client("operator").post(f"{YEAR}{on}/", {"to": to, "name": name, **form(cast, on)})


def test_a_year_shows_what_each_day_is(cast: Cast) -> None:
    html = cast.client("operator").get(f"{YEAR}?year=2026").content.decode()
    for on, kind in (("2026-10-01", "holiday"), ("2026-10-10", "extra"), ("2026-10-11", "rest"), ("2026-10-12", "")):
        assert re.search(rf'<td class="{kind}[^"]*"><a href="/operator/days/{on}/"', html), on
    assert len(re.findall(r'<table class="month">', html)) == 12
    assert 'title="2026-10-01 · 国庆节"' in html
    assert "249 天" in html or "248 天" in html


def test_a_year_without_a_notice_says_that_it_is_provisional(cast: Cast) -> None:
    assert "暂估" in words(cast, f"{YEAR}?year={clock.today().year + 2}")


@pytest.mark.parametrize("address", ["?year=1066", "?year=9999", "2026-02-30/", "1066-01-01/", "nonsense/"])
def test_what_is_no_year_or_day_is_not_found(cast: Cast, address: str) -> None:
    assert cast.client("operator").get(f"{YEAR}{address}").status_code == 404


def test_a_day_is_changed_and_changed_back(cast: Cast) -> None:
    before = list(WorkDay.objects.filter(date="2026-12-14").values_list("working", flat=True))
    answer = said(cast, "2026-12-14", "off", "停电")
    assert answer["Location"] == f"{YEAR}2026-12-14/?was=clear"
    assert (row := WorkDay.objects.get(date="2026-12-14")).source == "operator"
    assert (row.working, row.name) == (False, "停电")
    page = words(cast, answer["Location"])
    assert "撤销" in page
    assert "放假 · 停电" in page
    said(cast, "2026-12-14", "clear")
    assert list(WorkDay.objects.filter(date="2026-12-14").values_list("working", flat=True)) == before
    assert Event.objects.filter(type="org.work_day.cleared").exists()


def test_of_two_who_change_a_day_the_second_is_told(cast: Cast) -> None:
    first = form(cast, "2026-12-15")
    said(cast, "2026-12-15", "off")
    answer = cast.client("operator").post(f"{YEAR}2026-12-15/", {"to": "worked", "name": "", **first})
    assert answer.status_code == 409


def test_the_preview_says_what_then_happens(cast: Cast) -> None:
    matter = Life(cast).accepted()
    with cast.everything():
        due = Matter.objects.get(pk=matter.pk).due_at
    assert due is not None
    on = clock.local_date(due)
    page = words(cast, f"{YEAR}{on}/")
    assert "会重新计算" in page
    assert matter.number in page
    said(cast, str(on), "off")
    reckon_clocks(by=system_actor("test"))
    with cast.everything():
        moved = Matter.objects.get(pk=matter.pk).due_at
    assert moved is not None
    assert moved > due
    assert f"{clock.local_date(moved).day}日" in page
    assert str(matter.title) not in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_day_asks_the_same_however_many_deadlines_span_it(cast: Cast, count: int) -> None:
    life = Life(cast)
    for _n in range(count):
        life.accepted()
    client, address = cast.client("operator"), f"{YEAR}{clock.today()}/"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) == 19, len(asked)


def test_a_year_goes_out_as_a_workbook_that_can_be_taken_in(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    answer = cast.client("operator").get(f"{YEAR}workbook/?year=2026")
    path = tmp_path / "year.xlsx"
    path.write_bytes(answer.content)
    with acting_as(by := cast.actor("operator")):
        run = load(path, by, "work_days")
    assert (run.problem_rows, run.created_rows) == (0, 0)
    assert run.total_rows == WorkDay.objects.filter(date__year=2026).count()


def test_a_notice_is_taken_in_and_what_is_wrong_is_told(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    rows = [["2031-01-01", "否", "元旦"], ["2031-01-04", "是", ""], ["2031-13-01", "否", ""], ["2031-01-01", "是", ""]]
    path = workbook(tmp_path / "days.xlsx", rows, ("日期", "上班", "名称"))
    with acting_as(by := cast.actor("operator")):
        assert check(path, by, "work_days").problem_rows == 2
        path = workbook(tmp_path / "good.xlsx", rows[:2], ("日期", "上班", "名称"))
        assert load(path, by, "work_days").created_rows == 2
    assert WorkDay.objects.get(date=date(2031, 1, 1)).name == "元旦"

"""Balances of the old paper books, taken over once into the real ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Refused
from minqing.earning import services
from minqing.earning.queries.watching import noticed_in
from minqing.households.services import move_resident
from minqing.intake.enums import Mode
from minqing.intake.models import ImportRun
from minqing.intake.queries import is_alone
from minqing.intake.services import ask_to_load, check_run, lay_out, load_run
from minqing.journal.models import Event
from minqing.points.queries.verifying import verify
from minqing.privacy.access import acting_as
from tests.cast import Cast, at
from tests.earning.cases import Earning
from tests.intake.conftest import check, load, workbook

pytestmark = pytest.mark.django_db
HEADINGS = ("户号", "姓名", "余额", "签字日期")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path


def second(cast: Cast) -> Actor:
    """Another clerk of the same township."""
    return replace(cast.actor("clerk"), id=cast.account("village_secretary").pk)


def test_a_table_of_books_is_loaded_by_a_second_clerk_who_brings_the_same(cast: Cast, tmp_path: Path) -> None:
    case = Earning(cast)
    rows = [[case.home.number, "何桂香", 120, "2026-10-08"], [case.home.number, "", 35, "2026-10-08"]]
    path = workbook(tmp_path / "存折.xlsx", rows, HEADINGS)
    other = workbook(tmp_path / "另一本.xlsx", [[*rows[0][:2], 12, "2026-10-08"], rows[1]], HEADINGS)
    with acting_as(by := cast.actor("clerk")):
        run = check(path, by, "opening_balances")
        check(path, by, "opening_balances")
        with pytest.raises(Refused) as refused:
            ask_to_load(run=run, mode=Mode.ALL, by=by)
    page = cast.client("clerk").get(reverse("intake:run", args=[run.pk]))
    assert (refused.value.code, run.mapping["sum"]) == ("second_missing", 155)
    assert "155" in page.content.decode()
    assert 'name="mode" value="all" disabled' in page.content.decode()
    with acting_as(by := second(cast)):
        # another file, and the same with other columns for points, are not the same
        check(other, by, "opening_balances")
        assert is_alone(run)
        seconded = check(path, by, "opening_balances")
        assert not is_alone(run)
        ask_to_load(run=seconded, mode=Mode.ALL, by=by)
        assert load_run(run=seconded, by=by).created_rows == 2
    assert (case.balance(), case.home_balance()) == (120, 35)


@pytest.mark.parametrize(
    ("sheet", "columns"), [("二", {}), ("一", {"household": 4})], ids=["another sheet", "another column"]
)
def test_who_reads_other_people_from_the_same_file_is_still_alone(
    cast: Cast, tmp_path: Path, sheet: str, columns: dict[str, int]
) -> None:
    case, friend = Earning(cast), cast.household(cast.own, number="TX-00000001")
    book, headings = Workbook(), [*HEADINGS, "旧户号"]
    first, other = book.active, book.create_sheet("二")
    first.title = "一"
    for page, number in ((first, case.home.number), (other, friend.number)):
        page.append(headings)
        page.append([number, "", 120, "2026-10-08", friend.number])
    book.save(path := tmp_path / "存折.xlsx")
    with acting_as(by := second(cast)):
        check(path, by, "opening_balances")
    with acting_as(by := cast.actor("clerk")):
        run = check(path, by, "opening_balances")
        assert (run.mapping["sheet"], is_alone(run)) == ("一", False)
        lower = ImportRun(**{one.name: getattr(run, one.name) for one in ImportRun._meta.fields})
        lower.layout = run.layout | {"heading_row": run.layout["heading_row"] + 1}
        assert is_alone(lower)
        taken = run.layout["columns"] | columns if columns else None
        lay_out(run=run, sheet=sheet, heading_row=0, columns=taken, by=by)
        run = check_run(run=run, by=by)
        assert (run.mapping["sum"], run.problems) == (120, [])
        assert is_alone(run)


def test_a_table_of_books_is_taken_over_once_however_often_it_comes(cast: Cast, tmp_path: Path) -> None:
    case = Earning(cast)
    rows = [[case.home.number, "何桂香", 120, "2026-10-08"], [case.home.number, "", 35, "2026-10-08"]]
    path = workbook(tmp_path / "存折.xlsx", rows, HEADINGS)
    with acting_as(by := cast.actor("clerk")):
        check(path, second(cast), "opening_balances")
        assert [load(path, by, "opening_balances").created_rows for _time in range(2)] == [2, 0]
    assert (case.balance(), case.home_balance()) == (120, 35)
    with cast.everything():
        told = [one.data for one in Event.objects.filter(type="earning.balance.opened").order_by("at")]
        assert verify() == []
    assert told[0] == {"area": case.home.area_id, "points": 120, "signed_on": "2026-10-08"}


def test_the_same_book_comes_again_after_its_holder_has_moved_and_others_read_who_took_it_over(
    cast: Cast, tmp_path: Path
) -> None:
    case, there = Earning(cast), cast.household(cast.other)
    given = {"points": 120, "signed_on": date(2026, 10, 8), "resident_id": case.one.pk}
    with acting_as(by := cast.actor("clerk")):
        assert services.open_balance(household_id=case.home.pk, area_id=cast.own.pk, by=by, **given)
    with cast.everything() as everybody:
        move_resident(resident_id=case.one.pk, household_id=there.pk, by=everybody)
    with acting_as(by):
        assert not services.open_balance(household_id=there.pk, area_id=cast.other.pk, by=by, **given)
        with pytest.raises(Conflict):
            services.open_balance(household_id=there.pk, area_id=cast.other.pk, by=by, **given | {"points": 121})
    assert case.balance() == 120
    with cast.everything():
        told = [one.sentence for one in noticed_in([cast.own.pk])]
        assert noticed_in([cast.far.pk]) == []
    assert len(told) == 1
    assert "孙丽华" in told[0]
    assert "120" in told[0]


def test_what_is_wrong_is_told_row_by_row(cast: Cast, tmp_path: Path) -> None:
    case, far = Earning(cast), cast.household(cast.far, number="FAR-1")
    number = case.home.number
    rows = [
        [number, "没有这人", 5, "2026-10-08"],
        [number, "何桂香", -5, "2026-10-08"],
        [number, "何桂香", "五十", "2026-10-08"],
        [number, "何桂香", 5, ""],
        [number, "何桂香", 5, "2199-01-01"],
        [far.number, "", 5, "2026-10-08"],
        [number, "", 5, "2026-10-08"],
        [number, "", 6, "2026-10-08"],
    ]
    with acting_as(by := cast.actor("clerk")):
        run = check(workbook(tmp_path / "存折.xlsx", rows, HEADINGS), by, "opening_balances")
    assert (run.total_rows, run.problem_rows) == (8, 7)


def test_a_name_is_found_however_it_is_spaced_and_a_row_tells_all_that_is_wrong_with_it(
    cast: Cast, tmp_path: Path
) -> None:
    case = Earning(cast)
    cast.resident(case.home, "阿依古丽·买买提")
    rows = [
        [case.home.number, "何　桂香", "１２０", "2026-10-08"],
        [case.home.number, "阿依古丽•买买提", 35, "2026-10-08"],
        ["NOBODY-1", "", -5, "2026-10-08"],
    ]
    with acting_as(by := cast.actor("clerk")):
        path = workbook(tmp_path / "存折.xlsx", rows, HEADINGS)
        run = check(path, by, "opening_balances")
        assert run.problem_rows == 1
        assert len({one["text"] for one in run.problems if one["row"] == 4}) == 2
        path = workbook(tmp_path / "更正.xlsx", rows[:2], HEADINGS)
        check(path, second(cast), "opening_balances")
        assert load(path, by, "opening_balances").created_rows == 2
    assert case.balance() == 120


def test_another_number_for_the_same_book_is_refused_and_nobody_else_takes_it_over(cast: Cast) -> None:
    case = Earning(cast)
    given = {"household_id": case.home.pk, "area_id": case.home.area_id, "signed_on": at("2026-10-08 09:00").date()}
    with acting_as(by := cast.actor("clerk")):
        assert services.open_balance(points=50, by=by, **given)
        assert not services.open_balance(points=50, by=by, **given)
        with pytest.raises(Conflict):
            services.open_balance(points=60, by=by, **given)
    for who in ("cadre", "village_secretary", "far_clerk", "operator"):
        with acting_as(by := cast.actor(who)), pytest.raises(Refused):
            services.open_balance(points=50, by=by, **given)
    assert case.home_balance() == 50

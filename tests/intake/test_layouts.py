"""Which column is which: seen before anything is loaded, changed by who loads, and offered to the office next time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.urls import reverse
from openpyxl import Workbook

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.models import Resident
from minqing.intake import tasks
from minqing.intake.enums import Mode, Way
from minqing.intake.models import ColumnMemory, ImportRun
from minqing.intake.rules import columns_wrong
from minqing.intake.services import ask_to_load, check_run, forget_old_files, lay_out, load_run
from minqing.journal.models import Event
from tests.cast import Cast
from tests.intake.conftest import HEADINGS, check, chosen, csv_file, person, receive, workbook

Make = Callable[..., Path]
# as an office of its own calls them: 户号 and 姓名 are not understood
OWN = tuple({"户号": "门户", "姓名": "谁"}.get(heading, heading) for heading in HEADINGS)
PLACES = {name: place for place, name in enumerate(
    ("township", "village", "number", "head", "name", "sex", "identity_number", "relation", "phone", "address")
)}  # fmt: skip


def laid_out(run: ImportRun, by: Actor, columns: dict[str, int] | None, heading_row: int = 0) -> ImportRun:
    assert lay_out(run=run, sheet=run.sheet, heading_row=heading_row, columns=columns, by=by)
    run.refresh_from_db()
    return check_run(run=run, by=by)


def loaded(run: ImportRun, by: Actor) -> ImportRun:
    ask_to_load(run=run, mode=Mode.ALL, by=by)
    return load_run(run=run, by=by)


def test_what_is_not_understood_is_said_once_and_offered_to_the_office_next_time(
    cast: Cast, clerk: Actor, table: Make
) -> None:
    first = check(table(person(1, name="张国强"), headings=OWN), clerk)
    assert (first.state, first.mapping["missing"]) == ("refused", ["户号", "姓名"])
    first = laid_out(first, clerk, PLACES)
    assert (first.state, first.problem_rows, first.layout["by"]) == ("checked", 0, Way.PERSON)
    assert not ColumnMemory.objects.exists(), "kept once it is loaded so"
    assert loaded(first, clerk).created_rows == 1
    with cast.everything():
        assert Resident.objects.get().name == "张国强"
    # below a title, with more rows: the same headings
    again = check(table(person(2), person(3), headings=OWN, title="石璜镇户情表"), clerk)
    assert (again.state, again.total_rows, again.layout["by"]) == ("checked", 2, Way.MEMORY)
    assert again.layout["columns"] == PLACES
    # another set of headings, and another office
    assert check(table(person(4), headings=(*OWN[:-1], "其他")), clerk).state == "refused"
    assert check(table(person(5), headings=OWN), cast.actor("far_clerk")).state == "refused"
    # by the headings alone, on demand
    assert laid_out(again, clerk, None).state == "refused"


def test_what_was_looked_at_is_what_is_loaded(cast: Cast, clerk: Actor, table: Make) -> None:
    for columns in (PLACES, PLACES | {"note": 11}):
        run = check(table(person(1, 备注="独居"), headings=OWN), clerk)
        loaded(laid_out(run, clerk, columns), clerk)
    assert ColumnMemory.objects.get().columns == PLACES | {"note": 11}, "the last one"
    run = check(table(person(2), headings=OWN), clerk)
    ColumnMemory.objects.update(columns=PLACES | {"name": 3, "head": 4})
    assert loaded(run, clerk).created_rows == 1
    with cast.everything():
        assert not Resident.objects.filter(name="").exists()


def test_the_row_of_the_headings_is_told_and_the_rows_above_it_are_no_data(clerk: Actor, table: Make) -> None:
    run = check(table(person(1), person(2)), clerk)
    assert run.layout == {"heading_row": 1, "columns": run.layout["columns"], "by": Way.HEADINGS}
    run = laid_out(run, clerk, run.layout["columns"], heading_row=2)
    assert (run.state, run.total_rows, run.mapping["heading_row"]) == ("checked", 1, 2)
    run = laid_out(run, clerk, None, heading_row=9)
    assert run.state == "refused"
    assert "第 9 行" in run.message


def test_headings_printed_on_each_page_are_left_out_and_told(clerk: Actor, tmp_path: Path) -> None:
    run = check(csv_file(tmp_path / "a.csv", [person(1), HEADINGS, person(2)], encoding="gb18030"), clerk)
    assert (run.state, run.total_rows, run.problem_rows) == ("checked", 2, 0)
    assert any("第 3 行" in one for one in run.mapping["warnings"])


def test_a_heading_over_two_columns_is_told_with_the_column_that_is_read(clerk: Actor, table: Make) -> None:
    run = check(table([*person(1), "13900000000"], headings=(*HEADINGS, "联系电话")), clerk)
    assert any("M、I" in one and "I 列" in one for one in run.mapping["warnings"]), run.mapping["warnings"]
    assert run.mapping["columns"].count(["联系电话", "电话"]) == 1


def test_an_empty_first_sheet_is_not_the_one_that_is_read(clerk: Actor, tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("今年").append(["谁", "哪户"])
    book.save(tmp_path / "a.xlsx")
    run = check(tmp_path / "a.xlsx", clerk)
    assert (run.mapping["sheet"], run.mapping["headings"]) == ("今年", ["谁", "哪户"])


def test_columns_that_cannot_be_are_told_field_by_field(clerk: Actor) -> None:
    from minqing.intake.kinds import KINDS

    columns = KINDS.of("households").columns
    assert columns_wrong(PLACES, columns) == {}
    assert columns_wrong(PLACES | {"note": 4}, columns).keys() == {"note"}
    assert columns_wrong({"village": 0}, columns).keys() == {"number", "name"}
    handed = KINDS.of("matters").columns
    assert columns_wrong({"text": 0, "place": 1}, handed) == {}, "one stands for the other"


def test_the_page_shows_the_first_rows_as_they_are_understood_and_takes_a_choice(cast: Cast, tmp_path: Path) -> None:
    clerk, client = cast.actor("clerk"), cast.client("clerk")
    rows = [
        person(1, 出生日期="26373", 村社="棠溪", 联系电话="138 0000 1111", 身份证号=""),
        person(2, 联系电话="12", 身份证号=""),
        *(person(n) for n in range(3, 9)),
    ]
    headings = tuple({"户号": "门户", "备注": "出生日期"}.get(one, one) for one in HEADINGS)
    rows = [[*row[:11], row[12] if len(row) > 12 else ""] for row in rows]
    run = check(workbook(tmp_path / "a.xlsx", rows, headings), clerk)
    page = reverse("intake:columns", args=[run.id])
    answer = client.get(page)
    assert answer.context["preview"].numbers == [2, 3, 4, 5, 6]
    sent = chosen(answer, number="2", note="2")
    wrong = client.post(page, sent)
    assert wrong.status_code == 422
    assert "这一列已经当作" in wrong.content.decode()
    look = client.post(page, sent | {"column_note": "", "look": "1"}, headers={"HX-Request": "true"})
    assert look.status_code == 200
    shown = look.content.decode()
    assert shown.strip().startswith('<div id="columns"')
    assert "1972-03-15" in shown and "表中写的是：26373" in shown  # noqa: PT018
    assert "13800001111" not in shown and "表中写的是：棠溪" in shown  # noqa: PT018
    run.refresh_from_db()
    assert run.state == "refused", "a look changes nothing"
    sent = chosen(look)
    for _tap in range(2):
        assert client.post(page, sent)["Location"] == reverse("intake:run", args=[run.id])
    run.refresh_from_db()
    assert (run.state, run.layout["columns"]["number"]) == ("checking", 2)
    assert Event.objects.filter(type="intake.run.laid_out").count() == 1
    tasks.check_table(run=str(run.id))
    part = client.get(page, {"rows": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="first-rows"')
    assert "<select" not in part


def test_the_page_takes_the_same_queries_for_one_and_three_rows(
    cast: Cast, table: Make, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = cast.client("clerk")
    # areas are read once
    client.get(reverse("intake:columns", args=[check(table(person(9)), cast.actor("clerk")).id]))
    for count in (1, 3):
        run = check(table(*(person(n) for n in range(count))), cast.actor("clerk"))
        with django_assert_num_queries(14):
            assert client.get(reverse("intake:columns", args=[run.id])).status_code == 200


def test_a_table_that_cannot_be_shown_says_why_and_is_kept(cast: Cast, table: Make, tmp_path: Path) -> None:
    client = cast.client("clerk")
    run = check(table(person(1)), cast.actor("clerk"))
    page = reverse("intake:columns", args=[run.id])
    answer = client.get(page, {"sheet": "", "heading_row": "40"})
    assert "第 40 行" in answer.content.decode()
    assert "文件还在" in answer.content.decode()
    assert client.get(page).context["form"] is not None
    for role in ("far_clerk", "operator"):
        assert cast.client(role).get(page).status_code == 404


def test_what_an_office_does_not_load_any_more_is_forgotten(cast: Cast, clerk: Actor, table: Make) -> None:
    loaded(laid_out(check(table(person(1), headings=OWN), clerk), clerk, PLACES), clerk)
    now = clock.now()
    for days, left in ((390, 1), (410, 0)):
        forget_old_files(by=Actor.system("tests"), at=now + timedelta(days=days))
        assert ColumnMemory.objects.count() == left
    assert ImportRun.objects.get().mapping == {}


def test_a_run_from_before_is_loaded_by_its_headings(clerk: Actor, table: Make) -> None:
    run = check_run(run=receive(table(person(1)), clerk), by=clerk)
    ImportRun.objects.update(layout={})
    run.refresh_from_db()
    assert loaded(run, clerk).created_rows == 1

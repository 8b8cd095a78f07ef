"""What is written can be opened by anyone and runs nothing."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.sheets import (
    Column,
    Field,
    MarkedRow,
    match_headings,
    read_rows,
    write_csv,
    write_marked_up,
    write_workbook,
)

EVIL = [
    '=HYPERLINK("http://evil.example","点我")',
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "http://evil.example",
    "{=1+1}",
]


@pytest.mark.fault(37)
def test_what_looks_like_a_formula_stays_text_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_workbook(path, ["备注", "x"], [[text, "."] for text in EVIL]) == len(EVIL)
    page = openpyxl.load_workbook(path).worksheets[0]
    cells = [page.cell(row, 1) for row in range(2, len(EVIL) + 2)]
    # openpyxl takes any text with = for a formula; the file itself says that it is a string
    assert [cell.value for cell in cells] == EVIL
    assert all(cell.hyperlink is None for cell in cells)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"<f " not in xml
    assert [cells[0] for _n, cells in read_rows(path).rows] == EVIL


@pytest.mark.fault(37)
def test_what_looks_like_a_formula_is_guarded_in_csv_and_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["备注", "x"], [[text, -1] for text in EVIL])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.reader(stream))[1:]
    assert not any(row[0].startswith(("=", "+", "-", "@", "＝")) for row in written)
    assert {row[1] for row in written} == {"-1"}
    assert [cells for _n, cells in read_rows(path).rows] == [[text, "-1"] for text in EVIL]


@pytest.mark.fault(37)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30))
def test_no_text_begins_a_formula_in_csv(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    write_csv(path, ["a"], [[text]])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cell = next(iter(list(csv.reader(stream))[1:]), [""])
    assert not (cell or [""])[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_values_are_written_as_a_person_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    moment = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
    with translation.override("en"):
        row = [3, 1.5, date(2026, 9, 30), moment, True, None, 330683194001011237, "x" * 40_000]
        write_workbook(path, [Column(f"c{n}", 20) for n in range(8)], [row], sheet="户情")
    sheet = read_rows(path)
    assert sheet.name == "户情"
    cells = next(sheet.rows)[1]
    assert cells[:7] == ["3", "1.5", "2026-09-30", "2026-09-30 16:00", "yes", "", "330683194001011237"]
    assert len(cells[7]) == 32_767
    assert cells[7].endswith("…")


def test_a_workbook_without_rows_still_has_its_headings(tmp_path: Path) -> None:
    assert write_workbook(tmp_path / "a.xlsx", ["姓名"], []) == 0
    assert read_rows(tmp_path / "a.xlsx").headings == ["姓名"]
    assert write_csv(tmp_path / "a.csv", ["姓名"], []) == 0
    assert read_rows(tmp_path / "a.csv").headings == ["姓名"]


def marked(path: Path, count: int, most: int) -> tuple[int, int]:
    rows = (
        MarkedRow([f"单{n}", "12345", "=1+1"], {1: "An identity number has 18 digits."}, "Look again.")
        for n in range(count)
    )
    return write_marked_up(path, ["姓名", "身份证号", "备注"], rows, most=most)


def test_a_marked_up_copy_has_red_cells_comments_and_the_problem_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with translation.override("en"):
        assert marked(path, 3, 10) == (3, 0)
    page = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in page[1]] == ["姓名", "身份证号", "备注", "Problem"]
    wrong, right = page["B2"], page["A2"]
    assert wrong.fill.fgColor.rgb == "FFF8D7DA"
    assert "18 digits" in wrong.comment.text
    assert wrong.number_format == "@"
    assert right.comment is None
    assert right.fill.fgColor.rgb != "FFF8D7DA"
    assert page["D2"].value == "Look again. An identity number has 18 digits."


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_marked_up_copy_goes_through_the_same_import_again(tmp_path: Path, language: str) -> None:
    path = tmp_path / "a.xlsx"
    with translation.override(language):
        marked(path, 2, 10)
    fields = (Field("name", ("姓名",)), Field("identity", ("身份证号",)), Field("note", ("备注",)))
    sheet = read_rows(path, fields=fields)
    assert sheet.headings == ["姓名", "身份证号", "备注"]
    assert match_headings(sheet.headings, fields).unknown == ()
    assert list(sheet.rows) == [(2, ["单0", "12345", "=1+1"]), (3, ["单1", "12345", "=1+1"])]


def test_an_import_that_has_a_column_for_problems_of_its_own_keeps_it(tmp_path: Path) -> None:
    fields = (Field("place", ("地点",)), Field("text", ("问题",)))
    path = tmp_path / "a.csv"
    write_csv(path, ["地点", "问题"], [["石宅村", "停水"]])
    assert list(read_rows(path, fields=fields).rows) == [(2, ["石宅村", "停水"])]
    with translation.override("zh-hans"):
        write_marked_up(tmp_path / "b.xlsx", ["地点", "问题"], [MarkedRow(["石宅村", "停水"], {0: "没有这个村"})])
    assert list(read_rows(tmp_path / "b.xlsx", fields=fields).rows) == [(2, ["石宅村", "停水"])]


def test_rows_beyond_the_limit_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with translation.override("en"):
        assert marked(path, 7, 5) == (5, 2)
    assert len(list(read_rows(path).rows)) == 5
    notes = openpyxl.load_workbook(path).worksheets[1]
    told = " ".join(str(row[0].value) for row in notes.iter_rows())
    assert "first 5 rows" in told
    assert "2 more are left out" in told

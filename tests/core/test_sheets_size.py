"""Memory does not grow with the rows."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
import xlwt

from minqing.core.sheets import MarkedRow, read_rows, write_csv, write_marked_up, write_workbook
from tests.core import old_books

MB = 1024 * 1024
HEADINGS = [f"列{n}" for n in range(8)]


def rows(count: int) -> Iterator[list[str]]:
    return ([f"第{n}行第{c}列的内容" for c in range(8)] for n in range(count))


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.fault(39)
def test_four_times_the_rows_take_about_the_same_memory_to_write_and_read(tmp_path: Path) -> None:
    def write(count: int) -> None:
        write_workbook(tmp_path / f"{count}.xlsx", HEADINGS, rows(count))

    def read(count: int) -> None:
        assert sum(1 for _row in read_rows(tmp_path / f"{count}.xlsx").rows) == count

    write(10)
    read(10)
    for work in (write, read):
        small, large = peak_of(lambda w=work: w(1_000)), peak_of(lambda w=work: w(4_000))
        assert large < small + MB / 2


@pytest.mark.fault(39)
def test_four_times_the_rows_of_an_open_document_take_the_same_memory(tmp_path: Path) -> None:
    def read(count: int) -> None:
        assert sum(1 for _row in read_rows(tmp_path / f"{count}.ods").rows) == count

    for count in (10, 500, 2_000):
        lines = (old_books.row(*map(old_books.cell, line)) for line in [HEADINGS, *rows(count)])
        old_books.ods(tmp_path / f"{count}.ods", old_books.table(*lines))
    read(10)
    small, large = peak_of(lambda: read(500)), peak_of(lambda: read(2_000))
    assert large < small + MB / 4


@pytest.mark.fault(39)
def test_an_old_sheet_takes_few_bytes_a_cell_and_is_read_as_a_whole(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for line in range(2_000):
        sheet.write(line, 199, "a")
    book.save(str(tmp_path / "a.xls"))
    file = (tmp_path / "a.xls").stat().st_size
    assert peak_of(lambda: list(islice(read_rows(tmp_path / "a.xls").rows, 5))) < 2_000 * 200 * 30 + 4 * file


def test_shared_texts_are_held_as_characters_and_not_as_objects(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows(4_000):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    read = list(read_rows(tmp_path / "a.xlsx").rows)
    assert [cells for _n, cells in read] == list(rows(4_000))[1:]


def test_the_cap_on_marked_rows_holds_for_any_number_of_errors(tmp_path: Path) -> None:
    def mark(count: int) -> None:
        marked = (MarkedRow(row, {1: "wrong"}) for row in rows(count))
        assert write_marked_up(tmp_path / "a.xlsx", HEADINGS, marked, most=100) == (100, count - 100)

    mark(200)
    small, large = peak_of(lambda: mark(1_000)), peak_of(lambda: mark(20_000))
    assert large < small + 1 * MB


def test_csv_is_written_as_the_rows_come(tmp_path: Path) -> None:
    def write(count: int) -> None:
        assert write_csv(tmp_path / "a.csv", HEADINGS, rows(count)) == count

    write(10)
    small, large = peak_of(lambda: write(2_000)), peak_of(lambda: write(20_000))
    assert large < small + 1 * MB

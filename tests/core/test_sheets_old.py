"""xls and ods, as WPS, old Excel and LibreOffice write them, are read as a person sees them."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from struct import pack, pack_into, unpack_from

import pytest
import xlwt

from minqing.core.errors import SheetError
from minqing.core.sheets import Field, Limits, read_rows
from minqing.core.sheets.compound import Compound
from tests.core.old_books import TOP, cell, number, odd_ods, odd_xls, ods, row, table, xls
from tests.core.test_sheets_odd import odd_books, row_of

FIELDS = [Field("number", ("户号",)), Field("name", ("姓名",)), Field("born_on", ("出生日期",))]


def refused(path: Path, **options: Limits) -> str:
    with pytest.raises(SheetError) as caught:
        list(read_rows(path, **options).rows)  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.fault(102)
@pytest.mark.fault(103)
@pytest.mark.fault(104)
@pytest.mark.fault(110)
# of a formula without a value an xls says nothing
@pytest.mark.parametrize("books", [odd_xls, pytest.param(odd_ods, marks=pytest.mark.fault(105))])
def test_odd_workbooks_of_old_kinds_are_read_as_a_person_sees_them(books, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    wrong = {name: found for name, path, wanted in books(tmp_path) if (found := row_of(path)) != wanted}
    assert wrong == {}


@pytest.mark.fault(104)
def test_a_bare_number_is_a_day_of_the_old_book_too(tmp_path: Path) -> None:
    assert read_rows(xls(tmp_path / "a.xls", 1, from_1904=True), fields=FIELDS).from_1904
    since = '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    assert read_rows(ods(tmp_path / "a.ods", table(TOP, row(number(1))), extra=since), fields=FIELDS).from_1904


def test_rows_keep_their_numbers_and_repeated_ones_are_all_there(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "a.ods",
        table(
            TOP, row(cell("", "", repeated=9), repeated=2), row(number(1), repeated=3), row(cell("", ""), repeated=999)
        ),
    )
    assert [(at, cells[0]) for at, cells in read_rows(path).rows] == [(4, "1"), (5, "1"), (6, "1")]


def test_a_password_is_told_for_each_kind(tmp_path: Path) -> None:
    locked = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert refused(ods(tmp_path / "a.ods", table(TOP), manifest=locked)) == "sheet_protected"
    path = xls(tmp_path / "a.xls", 1)
    content = bytearray(path.read_bytes())
    # behind the beginning of the book, in the place of the next record
    place = 512 + 4 + unpack_from("<H", content, 514)[0]
    pack_into("<H", content, place, 0x2F)
    path.write_bytes(content)
    assert refused(path) == "sheet_protected"


@pytest.mark.fault(39)
def test_one_cell_far_to_the_right_of_every_row_counts_as_all_cells(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for line in range(500):
        sheet.write(line, 255, 1)
    book.save(str(tmp_path / "a.xls"))
    assert refused(tmp_path / "a.xls", limits=Limits(whole_cells=100_000)) == "sheet_too_large"
    assert refused(tmp_path / "a.xls", limits=Limits(whole_bytes=1_000)) == "sheet_too_large"


@pytest.mark.fault(39)
def test_what_xlrd_would_work_out_is_never_handed_to_it(tmp_path: Path) -> None:
    """A link over every cell of a sheet, and a name that doubles itself, take all memory."""
    path = xls(tmp_path / "a.xls", 1, "张三")
    content = bytearray(path.read_bytes())
    place = 512
    while place + 4 <= len(content):
        kind, length = unpack_from("<HH", content, place)
        if kind == 0x23E:
            # how the sheet is shown becomes the link
            pack_into("<H8s", content, place, 0x1B8, b"")
            pack_into("<HH4H", content, place, 0x1B8, length, 0, 65535, 0, 255)
        place += 4 + length
    path.write_bytes(content)
    assert row_of(path) == ["1", "张三", ""]


@pytest.mark.fault(39)
def test_folders_and_chains_of_the_container_that_go_in_circles_are_refused(tmp_path: Path) -> None:
    content = bytearray(xls(tmp_path / "a.xls", 1).read_bytes())
    directory, table_at = unpack_from("<I", content, 48)[0], unpack_from("<I", content, 76)[0]
    book = bytearray(content)
    pack_into("<I", book, 512 + table_at * 512, 0)
    (tmp_path / "b.xls").write_bytes(book)
    assert refused(tmp_path / "b.xls") == "sheet_damaged"
    # every entry is its own neighbour
    for place in range(512 + directory * 512, 1024 + directory * 512, 128):
        pack_into("<2I", content, place + 68, 1, 1)
    assert "workbook" in Compound(bytes(content)).streams


def test_every_damage_to_an_old_workbook_is_a_refusal_or_rows(tmp_path: Path) -> None:
    for name, path in (("xls", xls(tmp_path / "a.xls", 1, "张三")), ("ods", ods(tmp_path / "a.ods", table(TOP)))):
        original = path.read_bytes()
        other = tmp_path / f"b.{name}"
        for place in range(8, len(original), 37):
            other.write_bytes(original[:place] + pack("<H", place * 7919 % 65536) + original[place + 2 :])
            with suppress(SheetError):
                list(read_rows(other).rows)
        for end in range(10, len(original), 501):
            other.write_bytes(original[:end])
            with suppress(SheetError):
                list(read_rows(other).rows)


@pytest.mark.slow
@pytest.mark.fault(102)
@pytest.mark.fault(103)
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_what_another_office_saves_in_an_old_kind_is_read_the_same(kind: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here: install soffice to compare")
    books = list(odd_books(tmp_path))
    out = tmp_path / "out"
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        [office, home, "--headless", "--convert-to", kind, "--outdir", out, *(path for _name, path, _row in books)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    found = {name: row_of(out / f"{name}.{kind}") for name, _path, _row in books}
    differ = {name: found[name] for name, _path, wanted in books if found[name] != wanted}
    # it works formulas out, gives a built-in month its day, and a line's end within a text is a blank in ods
    assert set(differ) <= {"formula", "month", *(["escapes"] if kind == "ods" else [])}, differ

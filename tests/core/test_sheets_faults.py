"""Files made to do harm."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from minqing.core.errors import SheetError
from minqing.core.sheets import Limits, read_rows

MB = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"


def plain(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["姓名"])
    book.active.append(["单雄信"])
    book.save(path)
    return path


def with_part(tmp_path: Path, name: str, chunks: list[bytes]) -> Path:
    """A workbook of which one part is replaced or added."""
    path = tmp_path / "made.xlsx"
    with (
        zipfile.ZipFile(plain(tmp_path / "plain.xlsx")) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        with new.open(name, "w") as stream:
            for chunk in chunks:
                stream.write(chunk)
    return path


def bomb(tmp_path: Path) -> Path:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_part(tmp_path, SHEET, [head, *[b" " * MB] * 200, b"</sheetData></worksheet>"])


def refused(path: Path, limits: Limits | None = None) -> SheetError:
    with pytest.raises(SheetError) as caught:
        list(read_rows(path, **({"limits": limits} if limits else {})).rows)
    return caught.value


def find(path: Path, name: str) -> zipfile.ZipInfo:
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo(name)


@pytest.mark.fault(39)
def test_a_bomb_is_refused_by_its_directory_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = bomb(tmp_path)
    assert path.stat().st_size < 250 * 1024
    # what would have to be unpacked is broken, so a reader that tried would stumble over it first
    content = bytearray(path.read_bytes())
    start = find(path, SHEET).header_offset + 30 + len(SHEET)
    content[start : start + 1000] = b"\xff" * 1000
    path.write_bytes(content)
    error = refused(path)
    assert (error.code, error.http_status) == ("sheet_too_large", 413)


@pytest.mark.fault(39)
def test_a_bomb_that_states_a_small_size_is_stopped_at_that_size(tmp_path: Path) -> None:
    path = bomb(tmp_path)
    content = path.read_bytes()
    true = struct.pack("<I", find(path, SHEET).file_size)
    assert content.count(true) >= 1
    path.write_bytes(content.replace(true, struct.pack("<I", 5000)))
    tracemalloc.start()
    error = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code == "sheet_damaged"
    assert peak < 20 * MB


@pytest.mark.fault(39)
def test_too_many_entries_and_too_large_a_part_or_file_are_refused(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.xlsx")
    for limits in (Limits(entries=3), Limits(part_bytes=100), Limits(unpacked_bytes=500), Limits(file_bytes=9)):
        assert refused(path, limits).code == "sheet_too_large"


@pytest.mark.fault(39)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_because_entities_blow_up(tmp_path: Path, encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet>&b;</worksheet>'
    assert refused(with_part(tmp_path, SHEET, [text.encode(encoding)])).code == "sheet_damaged"


def renamed(tmp_path: Path, old: str, new: str, change: Callable[[str], str]) -> Path:
    """A workbook whose part ``old`` is called ``new``, in the relations too, with another text."""
    path = tmp_path / "renamed.xlsx"
    with (
        zipfile.ZipFile(plain(tmp_path / "plain.xlsx")) as book,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in book.namelist():
            text = book.read(entry).decode()
            if entry == old:
                text = change(text)
            made.writestr(new if entry == old else entry, text.replace(old, new))
    return path


# behind a comment longer than any first look, in parts whose names nobody looks for
BEHIND = "<!--" + "x" * 5000 + "-->"


@pytest.mark.fault(39)
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/worksheets/SHEET1.XML", "xl/other/rows.bin"])
@pytest.mark.parametrize("before", ["", BEHIND])
def test_a_document_type_is_refused_wherever_it_stands(tmp_path: Path, name: str, before: str) -> None:
    def change(text: str) -> str:
        declared = f'{before}<!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet'
        return text.replace("<worksheet", declared, 1).replace("姓名", "&b;")

    path = renamed(tmp_path, SHEET, name, change)
    assert refused(path).code == "sheet_damaged"
    rows = list(read_rows(renamed(tmp_path, SHEET, name, lambda text: text)).rows)
    assert [cells for _number, cells in rows] == [["单雄信"]], "and without one it is read"


@pytest.mark.fault(39)
@pytest.mark.parametrize(
    ("part", "inside"),
    [
        ("xl/_rels/workbook.xml.rels", '<Relationship Id="a" Target="b" Type="c"/>'),
        ("xl/workbook.xml", '<a xmlns=""/>'),
        (SHEET, "<c/>"),
        (SHEET, "<c><v/></c>"),
    ],
)
def test_millions_of_empty_elements_take_no_memory(tmp_path: Path, part: str, inside: str) -> None:
    ends = {"xl/_rels/workbook.xml.rels": "</Relationships>", "xl/workbook.xml": "<sheets>", SHEET: "</row>"}
    path = renamed(tmp_path, part, part, lambda text: text.replace(ends[part], inside * 250_000 + ends[part], 1))
    tracemalloc.start()
    assert refused(path, Limits(ratio=100_000)).code == "sheet_too_large"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * MB


@pytest.mark.fault(39)
def test_a_cell_that_cannot_be_read_refuses_itself_and_no_other(tmp_path: Path) -> None:
    cells = ('<c t="n"><v>1e999</v></c>', '<c t="n"><v>abc</v></c>', '<c t="s"><v>99</v></c>', '<c t="n"><v>7</v></c>')
    added = "".join(f"<row>{cell}</row>" for cell in cells) + "</sheetData>"
    path = renamed(tmp_path, SHEET, SHEET, lambda text: text.replace("</sheetData>", added))
    assert [row for _number, row in read_rows(path).rows] == [["单雄信"], ["abc"], ["#REF!"], ["7"]]


@pytest.mark.fault(39)
def test_a_row_number_beyond_all_sheets_is_refused_at_once(tmp_path: Path) -> None:
    text = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
        '<row r="2000000000"><c r="ZZZ2000000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    path = with_part(tmp_path, SHEET, [text.encode()])
    assert refused(path, Limits(rows=1000)).code in ("sheet_too_large", "sheet_damaged")


def test_macros_and_links_to_other_files_are_left_alone_and_told(tmp_path: Path) -> None:
    path = with_part(tmp_path, "xl/vbaProject.bin", [b"\xd0\xcf macro"])
    sheet = read_rows(path)
    assert [str(warning)[:4] for warning in sheet.warnings]
    assert list(sheet.rows) == [(2, ["单雄信"])]
    link = with_part(tmp_path, "xl/externalLinks/externalLink1.xml", [b"<externalLink/>"])
    assert len(read_rows(link).warnings) == 1


@pytest.mark.fault(39)
def test_every_damage_to_a_workbook_is_a_refusal_or_rows(tmp_path: Path) -> None:
    original = plain(tmp_path / "a.xlsx").read_bytes()
    path = tmp_path / "b.xlsx"
    for place in range(0, len(original), 97):
        path.write_bytes(original[:place] + b"\xa5\x5a" + original[place + 2 :])
        with suppress(SheetError):
            list(read_rows(path).rows)
    for end in range(10, len(original), 501):
        path.write_bytes(original[:end])
        assert refused(path).code.startswith("sheet_")

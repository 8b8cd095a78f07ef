"""Files as clerks bring them."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from minqing.core.errors import SheetError
from minqing.core.sheets import Field, Limits, digits_lost, match_headings, read_rows

FIELDS = (
    Field("name", ("姓名", "户主姓名"), required=True),
    Field("identity", ("身份证号", "身份证号码", "公民身份号码"), required=True),
    Field("phone", ("电话", "联系电话", "手机号")),
    Field("born", ("出生日期",)),
)
RARE = "王㛃𠮷"
LINES = ["姓名,身份证号,联系电话", "单雄信,330683194001011237,13812345678", "王某,11010519491231002X,"]


def workbook(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def refused(path: Path, **options: object) -> SheetError:
    with pytest.raises(SheetError) as caught:
        list(read_rows(path, **options).rows)  # type: ignore[arg-type]
    assert str(caught.value.sentence)
    return caught.value


def test_a_plain_workbook_is_read_with_row_numbers_and_without_blank_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["姓名", "电话"], ["单雄信", 13812345678], [], ["曾某", None])
    sheet = read_rows(path)
    assert sheet.headings == ["姓名", "电话"]
    assert sheet.heading_row == 1
    assert list(sheet.rows) == [(2, ["单雄信", "13812345678"]), (4, ["曾某", ""])]
    assert sheet.warnings == []


def test_headings_below_a_merged_title_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.merge_range("A1:C1", "嵊州市XX镇户情表")
        page.merge_range("A2:C2", "填表人：          2026年9月")
        page.write_row("A3", ["姓名*", "身份证号\n（必填）", "联系电话"])
        page.write_row("A4", ["单雄信", "330683194001011237", "13812345678"])
    for fields in (FIELDS, ()):
        sheet = read_rows(path, fields=fields)
        assert sheet.heading_row == 3
        assert list(sheet.rows) == [(4, ["单雄信", "330683194001011237", "13812345678"])]
    match = match_headings(sheet.headings, FIELDS)
    assert match.columns == {"name": 0, "identity": 1, "phone": 2}


def test_dates_numbers_and_truths_are_the_text_a_person_sees(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["a", "b", "c", "d", "e", "f"],
        [date(2026, 9, 30), datetime(2026, 9, 30, 16, 5), 3.0, 1.5, True, 46295],  # noqa: DTZ001  # as a cell
    )
    assert next(read_rows(path).rows)[1] == ["2026-09-30", "2026-09-30 16:05", "3", "1.5", "TRUE", "46295"]


@pytest.mark.fault(43)
def test_an_identity_number_stored_as_a_number_cannot_pass_for_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["身份证号"], [330683194001011237], [3.3068319400101123e17], [12345])
    lost, again, kept = (cells[0] for _n, cells in read_rows(path).rows)
    assert lost == again == "3.30683194001011e+17"
    assert digits_lost(lost)
    assert not digits_lost(kept)
    assert not digits_lost("330683194001011237")


def test_a_formula_gives_its_last_value_else_its_text_and_is_never_run(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row("A1", ["合计", "名"])
        page.write_formula("A2", "=1+1", None, 2)
        page.write_formula("B2", '="单"&"某"', None, "单某")
    assert next(read_rows(path).rows)[1] == ["2", "单某"]
    # openpyxl keeps no value beside a formula
    bare = workbook(tmp_path / "b.xlsx", ["合计"], ["=1+1"])
    assert next(read_rows(bare).rows)[1] == ["=1+1"]


def test_the_first_sheet_that_is_not_hidden_is_read_unless_one_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "字典"
    book.active.append(["代码"])
    book.active.sheet_state = "hidden"
    book.create_sheet("户情").append(["姓名"])
    book.save(tmp_path / "a.xlsx")
    assert read_rows(tmp_path / "a.xlsx").name == "户情"
    assert read_rows(tmp_path / "a.xlsx", sheet="字典").headings == ["代码"]
    assert refused(tmp_path / "a.xlsx", sheet="没有").code == "sheet_missing"


def test_a_wrong_size_that_the_file_states_for_itself_is_not_believed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["姓名", "电话"], ["单", "1"], ["曾", "2"])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:B3"', b'ref="A1"'))
    assert len(list(read_rows(tmp_path / "b.xlsx").rows)) == 2


def test_a_row_too_many_and_a_cell_too_long_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["姓名"], ["单"], ["曾曾曾曾"])
    assert refused(path, limits=Limits(rows=2)).code == "sheet_too_large"
    error = refused(path, limits=Limits(cell_characters=3))
    assert (error.code, error.data) == ("sheet_cell_too_long", {"row": 3})
    assert len(list(read_rows(path, limits=Limits(rows=3)).rows)) == 2


ODS = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="户情"><table:table-row>
<table:table-cell office:value-type="string"><text:p>姓名</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>人数</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>单雄信</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods(path: Path, content: str = ODS) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path


def test_an_open_document_is_read(tmp_path: Path) -> None:
    sheet = read_rows(ods(tmp_path / "a.ods"))
    assert (sheet.name, sheet.headings) == ("户情", ["姓名", "人数"])
    assert list(sheet.rows) == [(2, ["单雄信", "3"])]


@pytest.mark.fault(39)
def test_a_billion_repeated_cells_in_an_open_document_are_refused(tmp_path: Path) -> None:
    once, repeated = '<table:table-cell office:value-type="float"', 'table:number-columns-repeated="16384"'
    evil = ODS.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">')
    path = ods(tmp_path / "a.ods", evil.replace(once, f"{once} {repeated}"))
    assert refused(path).code == "sheet_too_large"


@pytest.mark.parametrize("what", ["rows", "columns"])
def test_less_than_one_repeat_takes_nothing_away_from_what_is_counted(tmp_path: Path, what: str) -> None:
    row = '<table:table-row table:number-rows-repeated="%s"><table:table-cell office:value-type="float" '
    row += 'office:value="1" table:number-columns-repeated="%s"/></table:table-row>'
    less, more = {"rows": (("-299500", "1"), ("300000", "1")), "columns": (("1", "-90"), ("3000", "100"))}[what]
    path = ods(tmp_path / "a.ods", ODS.replace("</table:table>", row % less + row % more + "</table:table>"))
    with pytest.raises(SheetError) as caught:
        list(read_rows(path, limits=Limits(whole_cells=3000)).rows)
    assert caught.value.code == "sheet_too_large"


def test_blank_cells_to_the_end_of_the_sheet_are_no_harm(tmp_path: Path) -> None:
    blank = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    path = ods(tmp_path / "a.ods", ODS.replace("</table:table>", blank))
    assert list(read_rows(path).rows) == [(2, ["单雄信", "3"])]


def test_an_old_kind_of_file_is_only_read_up_to_a_size(tmp_path: Path) -> None:
    assert refused(ods(tmp_path / "a.ods"), limits=Limits(whole_bytes=100)).code == "sheet_too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (b"\n\n\n", "sheet_empty"),
        (b"PK\x03\x04 not really", "sheet_damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "sheet_damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "sheet_protected"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "sheet_web_page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "sheet_unknown_kind"),
        (b"\xff\xff\xff\x81", "sheet_encoding"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refused(tmp_path / "a.xlsx").code == code


@pytest.mark.fault(44)
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("gb2312", b""),
        ("gbk", b""),
        ("gb18030", b""),
        ("big5", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "mixed"])
def test_csv_is_read_in_every_encoding_and_with_every_line_end(
    tmp_path: Path, encoding: str, mark: bytes, end: str
) -> None:
    lines = list(LINES)
    if encoding == "big5":
        # headings that Big5 can write, as a Taiwanese program would
        lines = ["姓名,身份證號,電話", "單雄信,330683194001011237,13812345678", "王某,11010519491231002X,"]
    elif encoding not in ("gb2312", "gbk"):
        lines[2] = lines[2].replace("王某", RARE)
    ends = ["\r\n", "\n", "\r"] if end == "mixed" else [end] * 3
    text = "".join(line + stop for line, stop in zip(lines, ends, strict=True))
    (tmp_path / "a.csv").write_bytes(mark + text.encode(encoding))
    sheet = read_rows(tmp_path / "a.csv", fields=FIELDS)
    assert sheet.headings == lines[0].split(",")
    assert list(sheet.rows) == [(2, lines[1].split(",")), (3, lines[2].split(","))]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_fields_may_hold_line_breaks_and_quotes(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["姓名", "备注"]) + "\n" + delimiter.join(["单某", '"第一行\n第""二""行"']) + "\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert list(read_rows(tmp_path / "a.csv").rows) == [(2, ["单某", '第一行\n第"二"行'])]


def test_csv_rows_of_unequal_length_are_made_as_wide_as_the_headings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("姓名,电话\n单\n\n曾,1,多出\n", encoding="utf-8")
    assert list(read_rows(tmp_path / "a.csv").rows) == [(2, ["单", ""]), (4, ["曾", "1"])]


def test_a_quotation_mark_that_never_ends_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('姓名\n"' + "单\n" * 80_000, encoding="utf-8")
    assert refused(tmp_path / "a.csv").code == "sheet_damaged"


@pytest.mark.parametrize(
    "heading",
    [
        "联系电话（必填）*",
        "联系 电话",
        "联系\n电话",
        "*联系电话：",
        "联系电话(手机/固话)",
        "【联系电话】",
        "联系电话＊",
    ],
)
def test_headings_match_whatever_clerks_put_around_them(heading: str) -> None:
    match = match_headings(["姓名", heading, "身份证号"], FIELDS)
    assert match.columns == {"name": 0, "phone": 1, "identity": 2}
    assert match.unknown == ()


def test_missing_unknown_and_double_headings_are_told() -> None:
    match = match_headings(["姓名", "", "爱好", "电话", "联系电话", "问题"], FIELDS)
    assert match.columns == {"name": 0, "phone": 3}
    assert [field.name for field in match.missing] == ["identity"]
    assert match.unknown == ("爱好", "联系电话")
    assert match.cell(["单", "", "", "138"], "phone") == "138"
    assert match.cell(["单"], "phone") == match.cell(["单"], "born") == ""


def test_a_heading_that_fits_with_its_bracket_goes_first() -> None:
    fields = (Field("home", ("电话(家庭)",)), Field("mobile", ("电话",)))
    assert match_headings(["电话（手机）", "电话（家庭）"], fields).columns == {"home": 1, "mobile": 0}


def test_the_row_of_the_headings_may_be_told(tmp_path: Path) -> None:
    rows = [["户情表"], ["序", "门户"], ["1", "A"], ["", ""], ["", "B"]]
    path = csv_of(tmp_path, rows)
    assert read_rows(path, heading_row=2).headings == ["序", "门户"]
    assert list(read_rows(path, heading_row=3).rows) == [(5, ["", "B"])]
    assert list(read_rows(path, heading_row=2, columns=[0]).rows) == [(3, ["1", "A"])]
    for row in (4, 9):
        with pytest.raises(SheetError) as refused:
            read_rows(path, heading_row=row)
        assert refused.value.code == "heading_row_empty"


def csv_of(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "told.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return path

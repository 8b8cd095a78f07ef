"""Workbooks of the old kinds as WPS, old Excel and LibreOffice write them, and the first row a person sees in them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from struct import pack_into, unpack_from
from typing import Any

import xlwt

HEADINGS = ("户号", "姓名", "出生日期")
Cell = Callable[[Any, int], None]


def formatted(value: object, code: str) -> Cell:
    return lambda sheet, column: sheet.write(1, column, value, xlwt.easyxf(num_format_str=code))


def xls(
    path: Path, *cells: object, before: tuple[str, ...] = (), from_1904: bool = False, hidden: bool = False
) -> Path:
    """Headings and one row in a sheet, ``before`` it perhaps another one."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = from_1904
    if before:
        front = book.add_sheet("说明")
        for line, text in enumerate(before):
            front.write(line, 0, text)
        if hidden:
            front.visibility = 1
    sheet = book.add_sheet("户情")
    for column, heading in enumerate(HEADINGS):
        sheet.write(0, column, heading)
    for column, cell in enumerate(cells):
        if callable(cell):
            cell(sheet, column)
        elif cell is not None:
            sheet.write(1, column, cell)
    if (before and not hidden) or before:
        book.set_active_sheet(1)
    book.save(str(path))
    return path


def numbered_style(path: Path, id: int) -> Path:
    """The first format that it adds is made the one of this number, which no file writes out."""
    content = bytearray(path.read_bytes())
    place = 512
    while place + 4 <= len(content):
        kind, length = unpack_from("<HH", content, place)
        if kind == 0xE0 and unpack_from("<H", content, place + 6) == (165,):
            pack_into("<H", content, place + 6, id)
        if kind == 0x0A:
            break
        place += 4 + length
    path.write_bytes(content)
    return path


def error(sheet: Any, column: int) -> None:
    sheet.row(1).set_cell_error(column, 0x2A)


def odd_xls(folder: Path) -> Iterator[tuple[str, Path, list[str]]]:
    def made(name: str, *cells: object, **options: Any) -> Path:
        return xls(folder / f"{name}.xls", *cells, **options)

    yield "zeros", made("zeros", formatted(9002, "000000"), "张三"), ["009002", "张三", ""]
    yield "signs", made("signs", formatted(9002, '"TX-"0000'), "张三"), ["TX-9002", "张三", ""]
    yield "error", made("error", "1", error, error), ["1", "#N/A", "#N/A"]
    yield "truth", made("truth", True, 46295, 1.5), ["TRUE", "46295", "1.5"]
    month = formatted(26359, 'yyyy"年"m"月"')
    yield "month", made("month", 1, "张三", month), ["1", "张三", "1972-03"]
    day = formatted(date(1972, 3, 15), "yyyy/m/d")
    yield "day", made("day", 1, "张三", day), ["1", "张三", "1972-03-15"]
    yield "moment", made("moment", 1, "张三", formatted(26373.5, "yyyy-mm-dd hh:mm")), ["1", "张三", "1972-03-15 12:00"]
    early = formatted(25277, "yyyy-mm-dd")
    yield "from-1904", made("from-1904", 1, "张三", early, from_1904=True), ["1", "张三", "1973-03-16"]
    for id, text in ((57, "1972-03"), (31, "1972-03-01")):
        name = f"built-in-{id}"
        book = made(name, 1, "张三", formatted(26359, "0.0000"))
        yield name, numbered_style(book, id), ["1", "张三", text]
    yield "lines", made("lines", 1, "张\r\n三", "𠮷㛃"), ["1", "张\n三", "𠮷㛃"]
    yield "lost", made("lost", 330683194001011237.0, "张三"), ["3.30683194001011e+17", "张三", ""]
    yield "front", made("front", 1, "张三", before=("填表说明", "每户一行")), ["1", "张三", ""]
    yield "hidden", made("hidden", 1, "张三", before=HEADINGS, hidden=True), ["1", "张三", ""]
    formula = xlwt.Formula('"张"&"三"')
    yield "formula", made("formula", 1, formula, 2), ["1", "", "2"]


SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
    )
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip
STYLES = """
<number:number-style style:name="N1"><number:text>TX-</number:text>
<number:number number:decimal-places="0" number:min-integer-digits="4"/></number:number-style>
<number:number-style style:name="N2"><number:number number:decimal-places="0" number:min-integer-digits="6"/>
</number:number-style>
<number:date-style style:name="N3"><number:year number:style="long"/><number:text>年</number:text><number:month/>
<number:text>月</number:text></number:date-style>
<number:number-style style:name="N4"><number:number number:decimal-places="2" number:min-integer-digits="1"
 number:grouping="true"/></number:number-style>
<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>
""" + "".join(
    f'<style:style style:name="c{n}" style:family="table-cell" style:data-style-name="N{n}"/>' for n in range(1, 5)
)
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def cell(text: str = "", kind: str = "string", more: str = "", style: str = "", repeated: int = 1) -> str:
    given = f' office:value-type="{kind}"' if kind else ""
    given += f' table:style-name="{style}"' if style else ""
    given += f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    words = text if text.startswith("<") or not text else f"<text:p>{text}</text:p>"
    return f"<table:table-cell{given} {more}>{words}</table:table-cell>"


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def table(*rows: str, name: str = "户情", style: str = "", columns: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}</table:table>'


def ods(path: Path, *tables: str, extra: str = "", manifest: str = "<manifest/>") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}><office:automatic-styles>{STYLES}'
            f"</office:automatic-styles><office:body><office:spreadsheet>{extra}{''.join(tables)}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


TOP = row(*map(cell, HEADINGS))


def number(value: object, seen: str = "", style: str = "") -> str:
    return cell(seen or str(value), "float", f'office:value="{value}"', style)


def day(value: str, seen: str, style: str = "") -> str:
    return cell(seen, "date", f'office:date-value="{value}"', style)


def odd_ods(folder: Path) -> Iterator[tuple[str, Path, list[str]]]:
    def made(name: str, *cells: str, columns: str = "", more: tuple[str, ...] = (), extra: str = "") -> Path:
        return ods(folder / f"{name}.ods", *more, table(TOP, row(*cells), columns=columns), extra=extra)

    san = cell("张三")
    yield "zeros", made("zeros", number(9002, "009002", "c2"), san), ["009002", "张三", ""]
    yield "signs", made("signs", number(9002, "TX-9002", "c1"), san), ["TX-9002", "张三", ""]
    yield "unseen", made("unseen", number(43, " ", "c1"), san), ["TX-0043", "张三", ""]
    yield "grouped", made("grouped", number("1234.5", "1,234.50", "c4"), san), ["1234.5", "张三", ""]
    default = '<table:table-column table:default-cell-style-name="c2" table:number-columns-repeated="3"/>'
    yield "column", made("column", number(9002, "009002"), san, columns=default), ["009002", "张三", ""]
    yield "month", made("month", number(1), san, day("1972-03-01", "1972年3月", "c3")), ["1", "张三", "1972-03"]
    yield "day", made("day", number(1), san, day("1924-08-21", "24/8/21")), ["1", "张三", "1924-08-21"]
    yield "moment", made("moment", number(1), san, day("1972-03-15T12:00:00.000000000", "")), [
        "1", "张三", "1972-03-15 12:00"]  # fmt: skip
    yield "no-day", made("no-day", number(1), san, day("-0044-03-15", "公元前")), ["1", "张三", "公元前"]
    clock = cell("8:30", "time", 'office:time-value="PT08H30M00S"')
    yield "clock", made("clock", number(1), san, clock), ["1", "张三", "08:30"]
    truth = cell("是", "boolean", 'office:boolean-value="true"')
    yield "truth", made("truth", truth, san), ["TRUE", "张三", ""]
    wrong = cell("#N/A", "string", 'office:string-value="" calcext:value-type="error" table:formula="of:=NA()"')
    old = cell("#DIV/0!", "float", 'office:value="0" table:formula="of:=1/0"')
    other = cell("#值！", "string", 'calcext:value-type="error"')
    yield "error", made("error", wrong, old, other), ["#N/A", "#DIV/0!", "#VALUE!"]
    bare = cell("", "", 'table:formula="of:=[.A1]"')
    empty = cell("", "string", 'office:string-value="" table:formula="of:=[.A1]"')
    yield "formula", made("formula", bare, san, empty), ["=[.A1]", "张三", ""]
    spaced = (
        '<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p>'
        "<text:p>e\n  <text:span>f</text:span></text:p>"
    )
    yield "blanks", made("blanks", number(1), cell(spaced)), ["1", "a  b\tc\nd\ne f", ""]
    remark = "<office:annotation><text:p>谁写的？</text:p></office:annotation><text:p>张三</text:p>"
    yield "remark", made("remark", number(1), cell(remark)), ["1", "张三", ""]
    below = '<table:covered-table-cell office:value-type="string"><text:p>旧</text:p></table:covered-table-cell>'
    yield "covered", made("covered", number(1), below, san), ["1", "", "张三"]
    inner = f"<table:table>{TOP}</table:table><text:p>张三</text:p>"
    yield "table-within", made("table-within", number(1), cell(inner)), ["1", "张三", ""]
    front = table(row(cell("填表说明")), row(cell("姓名")), name="说明")
    yield "front", made("front", number(1), san, more=(front,)), ["1", "张三", ""]
    dark = table(TOP, row(cell("旧")), name="旧", style="hidden")
    yield "hidden", made("hidden", number(1), san, more=(dark,)), ["1", "张三", ""]
    gap = ods(folder / "gap.ods", table(TOP, row(cell("", ""), repeated=3), row(number(1), san)))
    yield "gap", gap, ["1", "张三", ""]

"""Workbooks as other programs, old versions and careless hands make them, read as a person sees them."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import pytest

from minqing.core.errors import FormatError, SheetError
from minqing.core.formats import check_date
from minqing.core.glyphs import missing
from minqing.core.sheets import Field, day_of_serial, read_rows
from minqing.web.pdf import pdf_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_TYPES = "http://purl.oclc.org/ooxml/officeDocument/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FIELDS = [Field("number", ("户号",)), Field("name", ("姓名",)), Field("born_on", ("出生日期",))]
HEADINGS = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("户号", "姓名", "出生日期"))


def book(
    path: Path,
    *rows: str,
    formats: Mapping[int, str] | None = None,
    styles: str = "",
    texts: str = "",
    strict: bool = False,
    from_1904: bool = False,
    names: tuple[str, str, str] = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"),
    before: tuple[str, ...] = (),
) -> Path:
    """A workbook of one sheet by hand; cells in style n have the n-th of ``formats``. ``before``: rows of a sheet in
    front of it.
    """
    main, types = (STRICT, STRICT_TYPES) if strict else (MAIN, TYPES)
    codes = list((formats or {}).items())
    own = "".join(f'<numFmt numFmtId="{id}" formatCode="{code}"/>' for id, code in codes if code)
    used = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{id}" applyNumberFormat="1"/>' for id, _code in codes)
    styled = (
        f'<styleSheet xmlns="{main}"><numFmts>{own}</numFmts>{styles or PLAIN}<cellXfs>{used}</cellXfs></styleSheet>'
    )
    book_part, sheet_part, text_part = names
    folder = book_part.rpartition("/")[0]
    parts = [(sheet_part, rows)] + ([(f"{folder}/front.xml", before)] if before else [])
    order = [*reversed(range(len(parts)))]
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in order)
    relations = "".join(relation(f"r{n}", f"{types}/worksheet", f"/{part}") for n, (part, _rows) in enumerate(parts))
    relations += relation("t", f"{types}/sharedStrings", f"/{text_part}") + relation(
        "s", f"{types}/styles", "styles.xml"
    )
    files = {
        "[Content_Types].xml": types_of(parts, book_part, text_part, folder),
        "_rels/.rels": wrapped(relation("b", f"{types}/officeDocument", book_part)),
        f"{folder}/_rels/{book_part.rpartition('/')[2]}.rels": wrapped(relations),
        book_part: f'<workbook xmlns="{main}" xmlns:r="{types}"><workbookPr date1904="{int(from_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>",
        text_part: f'<sst xmlns="{main}">{texts}</sst>',
        f"{folder}/styles.xml": styled,
    }
    for part, lines in parts:
        data = "".join(lines if lines and lines[0].startswith("<row") else (f"<row>{line}</row>" for line in lines))
        files[part] = f'<worksheet xmlns="{main}" xmlns:x="{main}"><sheetData>{data}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return path


PLAIN = (
    "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
    "<cellStyleXfs><xf/></cellStyleXfs>"
)


def relation(id: str, type: str, target: str) -> str:
    return f'<Relationship Id="{id}" Type="{type}" Target="{target}"/>'


def wrapped(relations: str) -> str:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'


def types_of(parts: list[tuple[str, tuple[str, ...]]], book_part: str, text_part: str, folder: str) -> str:
    kinds = {book_part: "sheet.main", text_part: "sharedStrings", f"{folder}/styles.xml": "styles"}
    kinds |= {part: "worksheet" for part, _rows in parts}
    told = "".join(f'<Override PartName="/{part}" ContentType="{CONTENT}.{kind}+xml"/>' for part, kind in kinds.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def number(value: object, style: int = 0) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def row_of(path: Path) -> list[str]:
    return next(iter(read_rows(path, fields=FIELDS).rows))[1]


def odd_books(folder: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Name, file, and the first row as a person sees it."""
    plain = number(9002) + text("张三") + text("1972-03-15")

    def made(name: str, cells: str, **options: object) -> Path:
        return book(folder / f"{name}.xlsx", HEADINGS, cells, **options)  # type: ignore[arg-type]

    yield "zeros", made("zeros", number(9002, 1) + text("张三"), formats={164: "000000"}), ["009002", "张三", ""]
    yield "signs", made("signs", number(9002, 1), formats={164: "&quot;TX-&quot;0000"}), ["TX-9002", "", ""]
    born = '<c s="1"><v>25277</v></c>'
    for id, code in ((31, ""), (57, ""), (14, ""), (164, "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@")):
        yield (
            f"from-1904-{id}",
            made(f"from-1904-{id}", number(1) + text("张三") + born, formats={id: code}, from_1904=True),
            ["1", "张三", "1973-03-16"],
        )
    yield "before-1927", made("before-1927", number(1) + text("张三") + number(9000, 1), formats={31: ""}), [
        "1", "张三", "1924-08-21"]  # fmt: skip
    yield (
        "month",
        made("month", number(1) + text("张三") + number(26359, 1), formats={57: ""}),
        ["1", "张三", "1972-03"],
    )
    own = "yyyy&quot;年&quot;m&quot;月&quot;"
    made_own = made("own-month", number(1) + text("张三") + number(26359, 1), formats={164: own})
    yield "own-month", made_own, ["1", "张三", "1972-03"]
    yield (
        "escapes",
        made("escapes", number(1) + text("张_x000D_三") + text("_x005F_x000D_")),
        ["1", "张\n三", "_x000D_"],
    )
    yield "error", made("error", number(1) + '<c t="e"><v>#N/A</v></c>'), ["1", "#N/A", ""]
    formula = '<c><x:f>A1</x:f></c><c t="str"><f\n>B1</f><v>张三</v></c><c t="str"><f>C1</f><v></v></c>'
    yield "formula", made("formula", formula), ["=A1", "张三", ""]
    odd = PLAIN.replace("<fill><patternFill/></fill>", "<fill/>").replace(
        "<font/>", '<font><color rgb="#FF0000"/><family val="34"/></font>'
    )
    yield "decoration", made("decoration", plain, styles=odd), ["9002", "张三", "1972-03-15"]
    shared = "<si><r><t>张</t></r><r><t>三</t></r><rPh sb='0' eb='1'><t>zhang</t></rPh></si>"
    yield "names", made(
        "names", number(9002) + '<c t="s"><v>0</v></c>', texts=shared,
        names=("book/Main.xml", "book/Data/One.xml", "book/SharedStrings.xml"),
    ), ["9002", "张三", ""]  # fmt: skip
    yield "strict", made("strict", plain, strict=True), ["9002", "张三", "1972-03-15"]
    front = (text("填表说明"), text("每户一行") + text("姓名"))
    yield "front", made("front", plain, before=front), ["9002", "张三", "1972-03-15"]
    rows = (f"<row>{HEADINGS}</row>", f'<row r="4">{plain}</row>')
    yield "gaps", book(folder / "gaps.xlsx", *rows), ["9002", "张三", "1972-03-15"]


@pytest.mark.fault(102)
@pytest.mark.fault(103)
@pytest.mark.fault(104)
@pytest.mark.fault(105)
@pytest.mark.fault(106)
@pytest.mark.fault(107)
@pytest.mark.fault(108)
@pytest.mark.fault(110)
def test_odd_workbooks_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    wrong = {name: found for name, path, wanted in odd_books(tmp_path) if (found := row_of(path)) != wanted}
    assert wrong == {}


@pytest.mark.fault(108)
def test_names_of_parts_differ_by_no_letter_case_and_another_document_is_no_workbook(tmp_path: Path) -> None:
    made = book(tmp_path / "a.xlsx", HEADINGS, number(1) + text("张三"))
    shouted = tmp_path / "b.xlsx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(shouted, "w") as new:
        for name in old.namelist():
            new.writestr(
                name.replace("sheet1", "Sheet1").replace("workbook.xml.rels", "Workbook.xml.rels"), old.read(name)
            )
    assert row_of(shouted) == ["1", "张三", ""]
    letter = tmp_path / "c.xlsx"
    with zipfile.ZipFile(letter, "w") as new:
        new.writestr("_rels/.rels", wrapped(relation("b", f"{TYPES}/officeDocument", "word/document.xml")))
        new.writestr("word/document.xml", "<document/>")
    with pytest.raises(SheetError) as refused:
        read_rows(letter)
    assert refused.value.code == "sheet_unknown_kind"


@pytest.mark.fault(109)
def test_numbers_filled_down_make_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = ["序号,户号,姓名", "1,TX-1,张三", *(f"{n},," for n in range(2, 1000)), "1000,TX-2,李四"]
    path.write_text("\n".join(lines))
    assert [number for number, _cells in read_rows(path, fields=FIELDS).rows] == [2, 1001]


@pytest.mark.fault(111)
def test_the_delimiter_is_the_one_under_which_the_headings_fit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('户号\t姓名\t备注\n1\t张三\t"一,二,三,四\t五"\n2\t李四\ta,b,c,d,e,f,g\n')
    sheet = read_rows(path, fields=FIELDS)
    assert sheet.headings == ["户号", "姓名", "备注"]
    assert [cells for _number, cells in sheet.rows] == [
        ["1", "张三", "一,二,三,四\t五"],
        ["2", "李四", "a,b,c,d,e,f,g"],
    ]
    path.write_text('"户号","姓名;曾用名"\n1,"a;b;c;d"\n')
    assert read_rows(path, fields=FIELDS).headings == ["户号", "姓名;曾用名"]


@pytest.mark.fault(112)
def test_characters_of_the_private_area_are_those_of_today(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("户号,姓名\n1,张".encode("gb18030") + b"\xfe\x59\xfe\x51\xa6\xd9\n")
    assert row_of(path) == ["1", "张\u9fb4\U00020087\ufe10"]


@pytest.mark.fault(112)
def test_a_character_without_a_font_is_told_on_the_paper(tmp_path: Path) -> None:
    lacking = "\U0002fffd"
    assert missing(f"张{lacking}三") == [lacking]
    assert missing("张三 abc") == []
    style = tmp_path / "a.css"
    style.write_text("@page { size: A4; }")
    whole, told = (pdf_of(f"<html><body>{name}</body></html>", style=style) for name in ("张三", f"张{lacking}三"))
    assert len(told) > len(whole) + 500


@pytest.mark.fault(104)
def test_a_month_is_no_day_and_a_bare_number_is_a_day_of_its_book() -> None:
    for written in ("1972.03", "1972年3月", "1972-03", "1972/3", "1972"):
        with pytest.raises(FormatError) as refused:
            check_date(written)
        assert refused.value.code == "date_month", written
    assert check_date("9000").isoformat() == "1924-08-21"
    assert day_of_serial("43532.5", from_1904=False) == "2019-03-08 12:00"
    assert day_of_serial("42070", from_1904=True) == "2019-03-08"
    for other in ("1972", "2019-03-08", "张三", "123456", "-5", "0043"):
        assert day_of_serial(other, from_1904=True) == other


# commas, quotes, UTF-8, cells as they are shown, every sheet
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"


@pytest.mark.slow
@pytest.mark.fault(103)
@pytest.mark.fault(104)
@pytest.mark.fault(108)
def test_another_office_reads_the_same(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here: install soffice to compare")
    books = [(name, path) for name, path, _row in odd_books(tmp_path)]
    out = tmp_path / "out"
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        [office, home, "--headless", "--convert-to", AS_SHOWN,
         "--outdir", out, *(path for _name, path in books)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    differ = set()
    for name, path in books:
        theirs = [list(csv.reader(StringIO(one.read_text("utf-8-sig")))) for one in sorted(out.glob(f"{name}-S*.csv"))]
        ours = [cell.replace("\n", "") for cell in row_of(path)]
        lines = [[*line, "", "", ""][:3] for rows in theirs for line in rows]
        if not any(all(map(alike, line, ours)) for line in lines):
            differ.add(name)
    # it works formulas out, and shows a month as its first day or in words
    assert differ <= {"formula", "month", "own-month"}


def alike(theirs: str, ours: str) -> bool:
    """The same text, or the same day in the manner of another place: 3/16/1973."""
    numbers = [sorted(map(int, re.findall(r"\d+", one))) for one in (theirs, ours)]
    return theirs.replace("\n", "") == ours or (numbers[0] == numbers[1] and len(numbers[0]) == 3)

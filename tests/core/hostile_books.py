"""Tables made to be costly: small on the wire, and dear to whoever reads them. Each is made here, none lies about."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import pack

from tests.core.old_books import SPACES, cell, ods, row, table

KB = 1024
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHARED = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
Make = Callable[[Path], Path]


def xlsx(
    path: Path, rows: str, texts: str = "", *, before: str = "", styles: str = "", pages: int = 1, book: str = ""
) -> Path:
    """A workbook of a sheet that is listed ``pages`` times."""
    relations = f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="sheet1.xml"/>'
    relations += f'<Relationship Id="r2" Type="{LINKS}/sharedStrings" Target="texts.xml"/>'
    relations += f'<Relationship Id="r3" Type="{LINKS}/styles" Target="styles.xml"/>'
    sheets = "".join(f'<sheet name="p{n}" r:id="r1"/>' for n in range(pages))
    root = f'<Relationships xmlns="{KINDS}"><Relationship Id="r" Type="{LINKS}/officeDocument" Target="book.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("_rels/.rels", f"{root}</Relationships>")
        made.writestr("_rels/book.xml.rels", f'<Relationships xmlns="{KINDS}">{relations}</Relationships>')
        made.writestr("book.xml", f'<workbook {MAIN} xmlns:r="{LINKS}">{book}<sheets>{sheets}</sheets></workbook>')
        made.writestr("texts.xml", f"<sst {MAIN}>{texts}</sst>")
        made.writestr("styles.xml", f"<styleSheet {MAIN}>{styles}</styleSheet>")
        made.writestr("sheet1.xml", f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData></worksheet>")
    return path


def honest(path: Path, unpacked: int) -> Path:
    """A table as clerks make them that unpacks to about as much."""
    line = "<row>" + "".join(f'<c t="inlineStr"><is><t>张国{n}户</t></is></c>' for n in range(12)) + "</row>"
    return xlsx(path, line * (unpacked // len(line.encode()) + 1))


SILENT = {
    "comment": "<!--{}-->",
    "attribute": '<a b="{}"/>',
    "instruction": "<?a {}?>",
    "text": "<a>{}</a>",
    "name": "<{0}></{0}>",
}


def silent(kind: str, size: int) -> str:
    return SILENT[kind].format("x" * size)


def dear(folder: Path) -> Iterator[tuple[str, Make]]:
    """What is refused by its cost: the name and how it is made."""
    places: dict[str, Callable[[Path, str], Path]] = {
        "xlsx-rows": xlsx,
        "xlsx-before": lambda path, long: xlsx(path, "", before=long),
        "xlsx-texts": lambda path, long: xlsx(path, SHARED, f"<si><t>a</t>{long}</si>"),
        "xlsx-styles": lambda path, long: xlsx(path, SHARED, styles=long),
        "xlsx-book": lambda path, long: xlsx(path, SHARED, book=long),
        "ods": lambda path, long: ods(path, table(long)),
    }
    # each kind at two places, each place with two kinds or one: one reader of pieces of a file reads them all
    for number, kind in enumerate(SILENT):
        long = silent(kind, 4_000 * KB)
        for place in [*places][number : number + 2]:
            yield f"{place}-{kind}", lambda path, make=places[place], long=long: make(path, long)
    piece = f"<r><t>{'x' * 400 * KB}</t></r>"
    yield "xlsx-one-text", lambda path: xlsx(path, SHARED, f"<si>{piece * 50}</si>")
    yield "xlsx-one-row", lambda path: xlsx(path, f"<row>{f'<c><is>{piece}</is></c>' * 50}</row>")
    text = f"<si><t>{'长' * 30_000}</t></si>"
    wide = "<row>" + '<c t="s"><v>0</v></c>' * 50 + "</row>"
    yield "xlsx-text-in-every-cell", lambda path: xlsx(path, wide * 2_000, text)
    yield "xlsx-long-headings", lambda path: xlsx(path, SHARED * 20, f"<si><t>{'长' * 40_000}</t></si>")
    yield "ods-one-row", lambda path: ods(path, table(row(*[cell("x" * 400 * KB)] * 50)))
    yield "ods-long-text-repeated", lambda path: ods(path, table(row(cell("长" * 30_000, repeated=50), repeated=9_000)))
    formula = cell("", "", f'table:formula="of:={"x" * 30_000}"', repeated=200)
    yield "ods-formula-repeated", lambda path: ods(path, table(row(cell("a")), row(formula, repeated=999_999)))
    yield "ods-many-sheets", lambda path: ods(path, *[table(row(cell("a")))] * 300)
    yield "ods-one-style", lambda path: styled(path, "<a/>" * 210_000)
    yield "ods-many-styles", lambda path: styled(path, "", many=110_000)
    yield "csv-commas", lambda path: csv(path, "," * 8_000 * KB)
    yield "csv-lines-in-a-row", lambda path: csv(path, '"a\n",' * 2_000 * KB)
    yield "zip-directory", many_entries
    yield "xls-many-sheets", lambda path: xls(path, sheets=[LABEL + END] * 300)
    yield "xls-texts", lambda path: xls(path, sheets=[LABEL + END], texts=3_000_000)


def styled(path: Path, inside: str, many: int = 1) -> Path:
    names = (f'<style:style style:name="s{n}" style:family="table-cell">{inside}</style:style>' for n in range(many))
    ods(path, table(row(cell("a"))))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("styles.xml", f"<office:a {SPACES}><office:b>{''.join(names)}</office:b></office:a>")
    return path


def csv(path: Path, text: str) -> Path:
    path.write_text(f"户号,姓名\n{text}\n", encoding="utf-8")
    return path


def many_entries(path: Path) -> Path:
    """A directory of a hundred thousand names for nothing."""
    entry = pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 100_000
    end = pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count % 65536, count % 65536, len(entry) * count, 0, 0)
    path.write_bytes(b"PK\x03\x04" + entry * count + end)
    return path


def packed_with(path: Path, method: int) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        made.writestr("content.xml", f"<office:document-content {SPACES}/>")
    return path


def record(kind: int, data: bytes = b"") -> bytes:
    return pack("<HH", kind, len(data)) + data


BEGIN, END = record(0x809, pack("<4H8x", 0x600, 0x10, 0, 0)), record(0x0A)
LABEL = record(0x204, pack("<4HB", 0, 0, 0, 1, 0) + b"a")


def xls(path: Path, *, sheets: list[bytes], texts: int = 0, nested: int = 0, format: bytes = b"") -> Path:
    """A book of ``sheets``, before the first of them perhaps others that end where it ends."""
    count = len(sheets) + nested
    book = record(0x809, pack("<4H8x", 0x600, 0x05, 0, 0))
    book += record(0x41E, pack("<HHB", 200, len(format), 0) + format) if format else b""
    book += record(0xE0, pack("<HH16x", 0, 200)) if format else b""
    book += record(0xFC, pack("<2I", texts, texts)) if texts else b""
    place = len(book) + count * 13 + len(END)
    starts = [place + n * len(BEGIN) for n in range(nested)]
    body = BEGIN * nested
    for sheet in sheets:
        starts.append(place + len(body))
        body += BEGIN + sheet
    book += b"".join(record(0x85, pack("<I2BBB", start, 0, 0, 1, 0) + b"%c" % (65 + n % 26)) for n, start in
                     enumerate(starts)) + END + body  # fmt: skip
    path.write_bytes(contained(book))
    return path


def contained(stream: bytes) -> bytes:
    """The least container of old Office files, sectors of 4 KB: head, table, directory, then the book."""
    size = 4096
    stream = stream.ljust(max(len(stream), size), b"\0")
    sectors = -(-len(stream) // size)
    links = [*range(sectors)]
    tables = -(-(sectors + 1 + sectors // 1000 + 2) // 1024)
    first = tables + 1
    links = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [first + n + 1 for n in range(sectors - 1)] + [0xFFFFFFFE]
    table = pack(f"<{len(links)}I", *links).ljust(tables * size, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    head += pack("<9I", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += pack("<109I", *range(tables), *[0xFFFFFFFF] * (109 - tables))
    root = entry("Root Entry", 5, child=1, start=0xFFFFFFFE, size=0)
    directory = root + entry("Workbook", 2, child=0xFFFFFFFF, start=first, size=len(stream))
    return head.ljust(size, b"\0") + table + directory.ljust(size, b"\0") + stream.ljust(sectors * size, b"\0")


def entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le").ljust(64, b"\0")
    return text + pack("<HBB3I36x2I4x", len(name) * 2 + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size)

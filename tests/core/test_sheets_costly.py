"""A file made to be costly is refused, or costs what an honest one of its size does."""

from __future__ import annotations

import multiprocessing
import resource
import time
import zipfile
from contextlib import suppress
from itertools import islice
from pathlib import Path

import psutil
import pytest

from minqing.core.errors import SheetError
from minqing.core.sheets import Field, Limits, read_rows
from minqing.core.sheets.archive import unpacked
from tests.core import hostile_books as books

MB = 1024 * 1024
FIELDS = [Field("number", ("户号",)), Field("name", ("姓名",))]
MOST_TIMES = 6
REFUSED = {"sheet_too_large", "sheet_cell_too_long"}


def outcome(path: Path, limits: Limits | None = None) -> str:
    try:
        for _row in read_rows(path, fields=FIELDS, limits=limits or Limits(ratio=100_000)).rows:
            pass
    except SheetError as error:
        return error.code
    return "read"


def cost(path: Path) -> tuple[str, float]:
    """How it went, and what it took of the processor, in this thread."""
    begun = time.thread_time()
    code = outcome(path)
    return code, time.thread_time() - begun


def apart(path: Path, answer: multiprocessing.connection.Connection) -> None:
    before = psutil.Process().memory_info().rss
    code = outcome(path)
    answer.send((code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before))


def outcome_and_memory(path: Path) -> tuple[str, int]:
    """How it went, and by how many bytes the process that read it grew."""
    forked = multiprocessing.get_context("fork")
    here, there = forked.Pipe(duplex=False)
    reader = forked.Process(target=apart, args=(path, there))
    reader.start()
    # its own end alone is left: of a reader that dies the answer is an error and no waiting for ever
    there.close()
    told: tuple[str, int] = here.recv()
    reader.join()
    return told


@pytest.mark.fault(39)
def test_what_is_made_to_be_costly_is_refused_with_little_memory(tmp_path: Path) -> None:
    found = {name: outcome_and_memory(make(tmp_path / name)) for name, make in books.dear(tmp_path)}
    assert {name: code for name, (code, _grew) in found.items() if code not in REFUSED} == {}
    assert {name: grew // MB for name, (_code, grew) in found.items() if grew > 120 * MB} == {}


def just_below() -> dict[str, books.Make]:
    """What stays below each limit, many times over."""
    pieces = {
        kind: books.silent(kind, 250 * books.KB) + "<row><c><v>1</v></c></row>"
        for kind in ("comment", "attribute", "instruction")
    }
    made: dict[str, books.Make] = {
        kind: lambda path, piece=piece: books.xlsx(path, piece * 30) for kind, piece in pieces.items()
    }
    different = "".join(f"<si><t>{n}{'(长' * 240}</t></si>" for n in range(4_000))
    cells = [f'<c t="s"><v>{n}</v></c>' for n in range(4_000)]
    rows = "".join(f"<row>{''.join(cells[n : n + 200])}</row>" for n in range(0, 4_000, 200))
    same = "<row>" + cells[0] * 200 + "</row>"
    made["headings on every sheet"] = lambda path: books.xlsx(path, rows * 25, different, pages=250)
    made["headings too long on every sheet"] = lambda path: books.xlsx(
        path, same * 500, f"<si><t>{'(长' * 16_000}</t></si>", pages=250
    )
    made["sheets one within another"] = lambda path: books.xls(
        path, sheets=[books.END + books.LABEL * 60_000 + books.END], nested=200
    )
    form = b"0" * 8_000
    number = books.LABEL + books.record(0x203, bytes(14))
    made["a long format"] = lambda path: books.xls(path, sheets=[number * 60_000 + books.END], format=form)
    return made


@pytest.mark.fault(39)
@pytest.mark.parametrize("name", just_below())
def test_what_stays_below_every_limit_costs_what_an_honest_file_of_its_size_does(name: str, tmp_path: Path) -> None:
    path = just_below()[name](tmp_path / "a")
    honest = books.honest(tmp_path / "b.xlsx", unpacked(path))
    code, most = cost(honest)
    assert code == "read"
    # a neighbour only adds: what is dear is dear twice
    assert any(cost(path)[1] < MOST_TIMES * most for _time in range(2))


@pytest.mark.fault(39)
def test_shared_texts_are_held_up_to_a_size(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", books.SHARED * 3, "<si><t>张国强</t></si>" * 1_000)
    assert outcome(path) == "read"
    assert outcome(path, Limits(shared_bytes=8_000)) == "sheet_too_large"


@pytest.mark.fault(39)
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_as_no_office_program_does_is_not_unpacked(method: int, tmp_path: Path) -> None:
    """The memory that lzma asks for stands in the file."""
    assert outcome(books.packed_with(tmp_path / "a.ods", method)) == "sheet_damaged"


def test_an_honest_file_with_long_texts_is_read(tmp_path: Path) -> None:
    """A remark of a page in every row, the longest cell there is, a heading with its notes."""
    longest = "".join(f"&#x{0x4E00 + n % 20_000:x};" for n in range(32_767))
    texts = f"<si><t>户号（{'必填，' * 50}）</t></si><si><t>{'这一户' * 300}</t></si><si><t>{longest}</t></si>"
    lines = '<row><c t="s"><v>0</v></c></row>' + '<row><c t="s"><v>1</v></c></row>' * 3_000
    path = books.xlsx(tmp_path / "a.xlsx", lines + '<row><c t="s"><v>2</v></c></row>', texts)
    sheet = read_rows(path, fields=FIELDS, limits=Limits(ratio=100_000))
    assert len(list(sheet.rows)) == 3_001


def test_what_is_refused_lets_the_file_go(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", books.SHARED * 9 + books.silent("comment", MB), "<si><t>a</t></si>")
    with suppress(SheetError):
        list(islice(read_rows(path, limits=Limits(ratio=100_000)).rows, 99))
    path.unlink()

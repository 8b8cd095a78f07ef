"""CSV in whatever encoding a clerk's program wrote it, line by line.

Tried in this order: a byte order mark (UTF-8, UTF-16), strict UTF-8, strict gb18030 (which holds GBK and
GB 2312). Big5 reads as gb18030 without complaint but as nonsense, so it is taken only where its headings fit
the fields and those of gb18030 do not.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import IO

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import SheetError
from minqing.core.sheets.archive import too_large
from minqing.core.sheets.headings import SEARCHED_ROWS, Field, match_headings
from minqing.core.sheets.limits import Limits
from minqing.core.sheets.sources import Source

_CHUNK = 1 << 20
# characters: some hundred long cells
MOST_IN_ROW = 4 * 1024 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# ="0575" keeps a spreadsheet from reading a number; '=1+1 is how this system writes what looks like a formula
_AS_TEXT = re.compile(r'="([^"]*)"')
_GUARDED = re.compile(r"'(?=[=+\-@\t\r＝＋－＠])")


def open_csv(path: Path, limits: Limits, fields: Sequence[Field] = ()) -> Source:
    encoding = _encoding(path, fields)
    return Source("", _rows(path, encoding, _delimiter(path, encoding, fields), limits))


def _encoding(path: Path, fields: Sequence[Field]) -> str:
    with path.open("rb") as stream:
        head = stream.read(4096)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked is None and b"\0" in head:
        raise SheetError("sheet_unknown_kind", _("This is neither a workbook nor a CSV file."))
    if marked:
        if not _decodes(path, marked):
            raise _unreadable()
        return marked
    if _decodes(path, "utf-8"):
        return "utf-8"
    if fields and not _fits(path, "gb18030", fields) and _fits(path, "big5hkscs", fields):
        return "big5hkscs"
    if _decodes(path, "gb18030"):
        return "gb18030"
    raise _unreadable()


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _fits(path: Path, encoding: str, fields: Sequence[Field]) -> bool:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = [stream.readline(4096) for _n in range(SEARCHED_ROWS)]
    # a wrong guess here shows as nonsense in the headings, so replacing what does not decode hides nothing
    return any(match_headings(re.split(r"[,;\t]", line), fields).columns for line in lines)


def _delimiter(path: Path, encoding: str, fields: Sequence[Field]) -> str:
    """Comma, tab or semicolon: the one under which the headings fit, else the most frequent; programs write all."""
    with path.open(encoding=encoding, newline="") as stream:
        sample = [stream.readline(4096) for _n in range(SEARCHED_ROWS)]

    def fits(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        known = max((len(match_headings(row, fields).columns) for row in rows), default=0)
        return known, sum(len(row) - 1 for row in rows)

    return max(",\t;", key=fits)


def _rows(path: Path, encoding: str, delimiter: str, limits: Limits) -> Generator[list[str], None, None]:
    with path.open(encoding=encoding, newline="") as stream:
        lines = Lines(stream)
        reader = csv.reader(lines, delimiter=delimiter, strict=False)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise SheetError(
                    "sheet_damaged",
                    format_lazy(
                        _("Line {line} cannot be read. Perhaps a quotation mark is missing there."),
                        line=reader.line_num,
                    ),
                ) from error
            lines.characters = 0
            yield [_cell(text) for text in row[: limits.columns]]


class Lines:
    """The lines of a text, as long as a row of them stays within what a row can be: commas alone would fill a list."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.characters = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(MOST_IN_ROW + 1)
        self.characters += len(line)
        if self.characters > MOST_IN_ROW:
            raise too_large()
        if not line:
            raise StopIteration
        return line


def _cell(text: str) -> str:
    text = text.replace("\0", "").replace("\r\n", "\n").strip(" \t\r\n\u3000")
    quoted = _AS_TEXT.fullmatch(text)
    return quoted.group(1) if quoted else _GUARDED.sub("", text, count=1) if text.startswith("'") else text


def _unreadable() -> SheetError:
    return SheetError(
        "sheet_encoding", _("The characters of this file cannot be read. Save it as .xlsx and try again.")
    )

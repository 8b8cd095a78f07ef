"""ods, row by row. It writes equal cells and rows once with a number of repeats, a billion cells in a line."""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from minqing.core.errors import SheetError
from minqing.core.sheets.archive import DAMAGED, protected, too_large
from minqing.core.sheets.headings import LONGEST_HEADING, SEARCHED_ROWS
from minqing.core.sheets.limits import Limits
from minqing.core.sheets.ods_cells import TABLE, text_of
from minqing.core.sheets.ods_parts import COLUMN, ROW, SHEET, parts, repeats, used_width
from minqing.core.sheets.ods_styles import Styles
from minqing.core.sheets.package import MOST_PAGES
from minqing.core.sheets.sources import Fit, Source, choose_sheet, of_an_old_kind

_CONTENT: Final = "content.xml"
_MANIFEST_BYTES: Final = 4 * 1024 * 1024


@dataclass(slots=True)
class Page:
    """A sheet of the file, its first rows, and up to where it is filled."""

    name: str
    visible: bool
    head: list[list[str]] = field(default_factory=list)
    height: int = 0
    width: int = 0


def open_ods(path: Path, sheet: str | None, limits: Limits, fit: Fit) -> Source:
    of_an_old_kind(path, limits)
    with ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(path))
            refuse_protected(archive)
            read = Rows(archive, Styles.of(archive), limits)
            pages = read.pages()
        except DAMAGED as error:
            raise SheetError("sheet_damaged") from error
        heads = {page.name: page.head for page in pages}
        name = choose_sheet(
            [page.name for page in pages], [page.visible for page in pages], sheet, lambda name: fit(heads[name])
        )
        shown = [page.name for page in pages if page.visible]
        place = [page.name for page in pages].index(name)
        # from here on the rows hold the file open, until they end or are dropped
        return Source(name, _rows(opened.pop_all(), read, place), from_1904=read.from_1904, sheets=shown)


def refuse_protected(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    manifest = "META-INF/manifest.xml"
    if manifest in names and archive.getinfo(manifest).file_size > _MANIFEST_BYTES:
        raise too_large()
    if "encrypted-package" in names or (manifest in names and b"encryption-data" in archive.read(manifest)):
        raise protected()


def _rows(opened: ExitStack, read: Rows, place: int) -> Generator[list[str], None, None]:
    with opened:
        try:
            yield from read.of_page(place)
        except DAMAGED as error:
            raise SheetError("sheet_damaged") from error


@dataclass
class Rows:
    archive: zipfile.ZipFile
    styles: Styles
    limits: Limits
    from_1904: bool = False

    def pages(self) -> list[Page]:
        """All sheets, counted before anything of them is handed out."""
        found: list[Page] = []
        columns: list[str] = []
        line = 0
        with self.archive.open(_CONTENT) as stream:
            for node in parts(stream):
                if node.tag == SHEET:
                    hidden = node.get(f"{TABLE}style-name", "") in self.styles.hidden
                    found.append(Page(node.get(f"{TABLE}name", ""), not hidden))
                    columns, line = [], 0
                    if len(found) > MOST_PAGES:
                        raise too_large()
                elif node.tag == COLUMN:
                    columns += self._column(node, len(columns))
                elif node.tag == ROW:
                    line += self._count(found[-1], node, columns, line)
                elif node.get(f"{TABLE}date-value", "").startswith("1904"):
                    self.from_1904 = True
        return found

    def of_page(self, place: int) -> Iterator[list[str]]:
        """Every row, those that are repeated as often as they are; blank ones only in front of others."""
        columns: list[str] = []
        blank = 0
        with self.archive.open(_CONTENT) as stream:
            for node in parts(stream):
                if node.tag == SHEET:
                    place -= 1
                if place >= 0:
                    continue
                if place < -1:
                    return
                if node.tag == COLUMN:
                    columns += self._column(node, len(columns))
                elif node.tag == ROW:
                    made, times = self._texts(node, columns), repeats(node, "rows")
                    if not any(made):
                        blank += times
                        continue
                    yield from ([] for _row in range(blank))
                    yield from (list(made) for _row in range(times))
                    blank = 0

    def _column(self, node: Element, before: int) -> list[str]:
        times = min(repeats(node, "columns"), self.limits.columns - before)
        return [node.get(f"{TABLE}default-cell-style-name", "")] * times

    def _count(self, page: Page, row: Element, columns: list[str], line: int) -> int:
        times, used = repeats(row, "rows"), used_width(row)
        if used:
            # blank rows at the end do not count, those in between do
            page.height, page.width = line + times, max(page.width, used)
        if page.height * page.width > self.limits.whole_cells or page.height > self.limits.rows + 1:
            raise too_large()
        if line < SEARCHED_ROWS:
            # of each sheet, to choose by: what no heading can be is not kept
            texts = [text[: LONGEST_HEADING + 1] for text in self._texts(row, columns)]
            page.head += [texts] * min(times, SEARCHED_ROWS - line)
        return times

    def _texts(self, row: Element, columns: list[str]) -> list[str]:
        made: list[str] = []
        for cell in row:
            times = min(repeats(cell, "columns"), self.limits.columns - len(made))
            if times <= 0:
                break
            text = ""
            # what lies below a merged cell is not seen
            if cell.tag == f"{TABLE}table-cell":
                style = cell.get(f"{TABLE}style-name") or row.get(f"{TABLE}default-cell-style-name")
                if not style and len(made) < len(columns):
                    style = columns[len(made)]
                text = text_of(cell, self.styles.codes.get(style or "", ""))
            made += [text] * times
        return made

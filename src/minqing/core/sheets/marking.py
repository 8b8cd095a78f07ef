"""The clerk's own rows handed back with what is wrong in them, to be corrected and brought again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from minqing.core.sheets.writing import OPTIONS, write_cell

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_MARKED = 20_000
_COMMENT = {"author": "", "x_scale": 2, "y_scale": 0.8}


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """``cells`` as they were read; ``errors`` by column (from 0); ``problem`` for the row as a whole."""

    cells: Sequence[str]
    errors: Mapping[int, StrOrPromise] = field(default_factory=dict)
    problem: StrOrPromise = ""


class Marked(NamedTuple):
    """``left_out`` rows had errors too but are not in the file: correct these first, then import again."""

    written: int
    left_out: int


def write_marked_up(
    path: str | Path, headings: Sequence[str], rows: Iterable[MarkedRow], *, most: int = MOST_MARKED
) -> Marked:
    """Write the rows with wrong cells red, a comment on each and a last column that says it again.

    The copy goes through :func:`read_rows` as the original did: its last column and its second sheet, which
    tells how to go on and how many rows were left out, are not read. Comments are held in memory, hence ``most``.
    """
    written = left_out = 0
    with xlsxwriter.Workbook(str(path), dict(OPTIONS)) as book:
        page, red, plain = _page(book, headings)
        for row in rows:
            if written >= most:
                left_out += 1
                continue
            written += 1
            _write_row(page, written, row, len(headings), red, plain)
        _explain(book, written, left_out)
    return Marked(written, left_out)


def _page(book: Any, headings: Sequence[str]) -> tuple[object, object, object]:
    bold = book.add_format({"bold": True, "bg_color": "#E7EEF7", "text_wrap": True})
    # text, so that a corrected identity number is not rounded as soon as it is typed
    red = book.add_format({"bg_color": "#F8D7DA", "font_color": "#842029", "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    page = book.add_worksheet(_("To correct"))
    page.freeze_panes(1, 0)
    page.set_column(0, max(len(headings) - 1, 0), 16, plain)
    page.set_column(len(headings), len(headings), 60)
    for column, heading in enumerate([*headings, _("Problem")]):
        page.write_string(0, column, heading, bold)
    return page, red, plain


def _write_row(page: Any, line: int, row: MarkedRow, width: int, red: object, plain: object) -> None:
    for column in range(width):
        value = row.cells[column] if column < len(row.cells) else ""
        write_cell(page, line, column, value, red if column in row.errors else plain)
        if column in row.errors:
            page.write_comment(line, column, str(row.errors[column]), _COMMENT)
    told = [row.problem, *(row.errors[column] for column in sorted(row.errors))]
    write_cell(page, line, width, " ".join(str(sentence) for sentence in told if sentence), red)


def _explain(book: Any, written: int, left_out: int) -> None:
    page = book.add_worksheet(_("How to go on"))
    page.set_column(0, 0, 90)
    lines = [_("Correct the red cells on the first sheet, save the file and import it again.")]
    if left_out:
        lines.append(
            _(
                "Only the first %(written)d rows with problems are shown. %(left)d more are left out: "
                "import your original file again after correcting these."
            )
            % {"written": written, "left": left_out}
        )
    for line, sentence in enumerate(lines):
        page.write_string(line, 0, sentence)

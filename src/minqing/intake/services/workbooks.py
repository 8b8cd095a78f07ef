"""Workbooks of a kind: an empty one to fill in, with what its headings mean, and one with all that is stored."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from minqing.core.errors import NotFound
from minqing.core.sheets import write_workbook
from minqing.core.sheets.writing import OPTIONS, write_cell
from minqing.intake.kinds import KINDS, TableKind

WIDTH = 16


def write_empty(target: BinaryIO, code: str) -> None:
    """The template of the kind of that code."""
    write_template(target, KINDS.of(code))


def write_template(target: BinaryIO, kind: TableKind) -> None:
    """Columns are formatted as text, so that an identity number is not rounded while it is typed.

    The examples are on the second sheet: nobody imports a made-up person by forgetting to delete a row.
    """
    with xlsxwriter.Workbook(target, OPTIONS | {"constant_memory": False, "in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E7EEF7", "text_wrap": True, "valign": "vcenter"})
        text = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(str(kind.label)[:25])
        page.freeze_panes(1, 0)
        for place in range(len(kind.columns)):
            page.set_column(place, place, WIDTH, text)
            page.write_string(0, place, heading(kind, place), bold)
        help_page = book.add_worksheet(_("How to fill in"))
        help_page.set_column(0, 1, WIDTH)
        help_page.set_column(2, 2, 70)
        examples = [{column.name: column.example for column in kind.columns}, *kind.more_examples]
        titles = [_("Column"), _("Required"), _("Explanation"), *([_("Example")] * len(examples))]
        for place, title in enumerate(titles):
            help_page.write_string(0, place, title, bold)
        for line, column in enumerate(kind.columns, 1):
            told = [column.synonyms[0], _("yes") if column.required else _("no"), str(column.note)]
            for place, value in enumerate([*told, *(example.get(column.name, "") for example in examples)]):
                write_cell(help_page, line, place, value, wrapped)


def heading(kind: TableKind, place: int) -> str:
    column = kind.columns[place]
    return f"{column.synonyms[0]}*" if column.required else column.synonyms[0]


def filled_workbook(kind: TableKind) -> tuple[bytes, int]:
    """All that is stored, in the columns by which it comes in, as it may come back; and how many rows it has."""
    if kind.rows is None:
        raise NotFound("import_kind")
    rows = [[row.get(column.name, "") for column in kind.columns] for row in kind.rows()]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_workbook(path, [column.synonyms[0] for column in kind.columns], rows, sheet=str(kind.label))
        return path.read_bytes(), len(rows)

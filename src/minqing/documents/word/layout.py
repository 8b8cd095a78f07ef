"""What the Word templates that come with the software are laid out with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT: Final = "SimSun"


def set_up(document: Any, title: str) -> None:
    """A4 with one font, and nothing of whoever made it."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    for name in ("Normal", "Heading 1"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.styles["Normal"].font.size = Pt(11)
    about = document.core_properties
    about.author, about.title, about.comments = "", title, ""


def add_row(table: Any, texts: Sequence[str]) -> None:
    """One cell for each text."""
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        cell.text = text


def whole_row(table: Any, title: str, text: str) -> None:
    """A title, and a text over the other three of four cells."""
    cells = table.add_row().cells
    cells[0].text = title
    cells[1].merge(cells[3]).text = text


def tagged(table: object, before: str, after: str, title: str, text: str) -> None:
    """A row between two tags of docxtpl, which stand in rows of their own."""
    add_row(table, (f"{{%tr {before} %}}", "", "", ""))
    whole_row(table, title, text)
    add_row(table, (f"{{%tr {after} %}}", "", "", ""))

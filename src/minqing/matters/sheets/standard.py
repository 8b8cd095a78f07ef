"""The sheet that comes with the software, made by code: a start for a county's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT: Final = "SimSun"
NUMBER: Final = (
    "{{ number }}{%% if outside_number %%} · %(theirs)s {{ outside_number }}{%% endif %%}"
    "{%% if confidential %%}　{{ confidential }}{%% endif %%}"
)
WORD: Final = (
    "{%% if solved %%}%(solved)s {{ solved }}　{%% endif %%}"
    "{%% if satisfaction %%}%(rated)s {{ satisfaction }}/5{%% endif %%}\n\n\n"
)


def standard_template(language: str) -> bytes:
    """A Word template with its headings in ``language``."""
    with translation.override(language):
        document = Document()
        set_up(document)
        heading = document.add_heading(_("Handling sheet"), level=1)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        document.add_paragraph(NUMBER % {"theirs": _("Sender's number")})
        table = document.add_table(rows=0, cols=4)
        table.style = "Table Grid"
        for row in facts():
            add_row(table, row)
        add_said(table)
        document.add_paragraph()
        add_steps(document)
        document.add_paragraph()
        signing = document.add_table(rows=0, cols=4)
        signing.style = "Table Grid"
        for title in (_("Opinion of the handling unit"), _("Opinion of the leader")):
            whole_row(signing, title, "\n\n\n")
        whole_row(signing, _("The reporter's word"), WORD % {"solved": _("Is it solved?"), "rated": _("Satisfied?")})
        document.add_paragraph(_("Printed") + " {{ printed }}")
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def facts() -> Sequence[tuple[str, str, str, str]]:
    return (
        (_("Received"), "{{ received }}", _("Way in"), "{{ channel }}"),
        (_("Place"), "{{ area }} {{ place }}", _("Category"), "{{ category }}"),
        (_("Reporter"), "{{ reporter_name }}", _("Telephone"), "{{ reporter_phone }}"),
        (_("Unit"), "{{ unit }}", _("Way of handling"), "{{ mechanism }}"),
        (_("Due"), "{{ due }}", _("State"), "{{ state }}"),
    )


def set_up(document: Any) -> None:
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
    about.author, about.title, about.comments = "", _("Handling sheet"), ""


def add_row(table: Any, texts: Sequence[str]) -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        cell.text = text


def whole_row(table: Any, title: str, text: str) -> None:
    cells = table.add_row().cells
    cells[0].text = title
    cells[1].merge(cells[3]).text = text


def add_said(table: Any) -> None:
    """What the reporter said, and what each unit that joined in answered; rows with nothing in them are not there."""
    tagged(table, "if contact", "endif", _("How to reach the reporter"), "{{ contact }}")
    whole_row(table, _("What was said"), "{{ title }}\n{{ text }}")
    told = "{% for one in answers %}{{ one.question }} {{ one.answer }}{% if not loop.last %}\n{% endif %}{% endfor %}"
    tagged(table, "if answers", "endif", _("Asked besides"), told)
    reply = "{{ part.state }}{% if part.text %}: {{ part.text }}{% endif %}"
    tagged(table, "for part in parts", "endfor", "{{ part.unit }}", reply)


def tagged(table: Any, before: str, after: str, title: str, text: str) -> None:
    """A row between two tags of docxtpl, which stand in rows of their own."""
    add_row(table, (f"{{%tr {before} %}}", "", "", ""))
    whole_row(table, title, text)
    add_row(table, (f"{{%tr {after} %}}", "", "", ""))


def add_steps(document: Any) -> None:
    """One row a step: the tags of docxtpl that repeat a row stand in rows of their own."""
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    add_row(table, (_("Time"), _("Step"), _("Unit"), _("Remark")))
    add_row(table, ("{%tr for step in steps %}", "", "", ""))
    add_row(table, ("{{ step.at }}", "{{ step.what }}", "{{ step.who }}", "{{ step.text }}"))
    add_row(table, ("{%tr endfor %}", "", "", ""))

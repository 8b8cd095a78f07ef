"""The sheet that comes with the software, made by code: a start for a county's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from minqing.documents.word.layout import add_row, set_up, tagged, whole_row

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
        set_up(document, _("Handling sheet"))
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


def add_said(table: object) -> None:
    """What the reporter said, and what each unit that joined in answered; rows with nothing in them are not there."""
    tagged(table, "if contact", "endif", _("How to reach the reporter"), "{{ contact }}")
    whole_row(table, _("What was said"), "{{ title }}\n{{ text }}")
    told = "{% for one in answers %}{{ one.question }} {{ one.answer }}{% if not loop.last %}\n{% endif %}{% endfor %}"
    tagged(table, "if answers", "endif", _("Asked besides"), told)
    reply = "{{ part.state }}{% if part.text %}: {{ part.text }}{% endif %}"
    tagged(table, "for part in parts", "endfor", "{{ part.unit }}", reply)


def add_steps(document: Any) -> None:
    """One row a step: the tags of docxtpl that repeat a row stand in rows of their own."""
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    add_row(table, (_("Time"), _("Step"), _("Unit"), _("Remark")))
    add_row(table, ("{%tr for step in steps %}", "", "", ""))
    add_row(table, ("{{ step.at }}", "{{ step.what }}", "{{ step.who }}", "{{ step.text }}"))
    add_row(table, ("{%tr endfor %}", "", "", ""))

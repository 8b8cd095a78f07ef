"""The sheet of start passwords as PDF: a strip for each person, to be cut apart and handed out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.template.loader import render_to_string

from minqing.web.pdf import pdf_of

STYLE: Final = Path(__file__).parent / "static" / "administration" / "sheet.css"


def password_sheet(context: Mapping[str, object]) -> bytes:
    return pdf_of(render_to_string("administration/sheet_pdf.html", dict(context)), style=STYLE)

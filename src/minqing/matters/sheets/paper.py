"""The sheet as PDF, from the same fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from minqing.web.pdf import pdf_of

STYLE = Path(__file__).parent.parent / "static" / "matters" / "sheet.css"


def sheet_pdf(fields: Mapping[str, Any]) -> bytes:
    """A4, in the deployment's language."""
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("matters/sheet.html", {"sheet": fields})
    return pdf_of(html, style=STYLE)

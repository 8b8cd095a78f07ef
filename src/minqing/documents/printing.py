"""A sheet as a file, from the same fields in Word and as PDF, in the deployment's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from minqing.documents.kinds import SHEETS, Fields, PrintSheet
from minqing.documents.queries import template_in_use
from minqing.documents.word import filled
from minqing.web.pdf import pdf_of


def word_file(sheet: PrintSheet, fields: Fields) -> bytes:
    """The county's template, or the one that comes with the software, filled in."""
    return filled(template_in_use(sheet.code) or shipped(sheet.code, settings.LANGUAGE_CODE), fields)


@lru_cache(maxsize=8)
def shipped(code: str, language: str) -> bytes:
    return SHEETS.of(code).standard(language)


def pdf_file(sheet: PrintSheet, fields: Fields) -> bytes:
    """A4."""
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string(sheet.page, {"sheet": fields})
    return pdf_of(html, style=sheet.style)


# the end of the address → what makes the file
FILES: Final[Mapping[str, Callable[[PrintSheet, Fields], bytes]]] = {"docx": word_file, "pdf": pdf_file}

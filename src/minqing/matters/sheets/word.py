"""The sheet in Word: the county's template, or ours, filled in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from minqing.matters.queries.sheets import template_in_use
from minqing.matters.sheets.sandbox import SheetEnvironment


def sheet_docx(fields: Mapping[str, Any]) -> bytes:
    """The Word file of a sheet with these fields."""
    return filled(template_in_use() or ours(settings.LANGUAGE_CODE), fields)


@lru_cache(maxsize=4)
def ours(language: str) -> bytes:
    from minqing.matters.sheets.standard import standard_template

    return standard_template(language)


def filled(template: bytes, fields: Mapping[str, Any]) -> bytes:
    """``template`` with ``fields`` in it. Values are escaped and become text in runs: no field codes, no markup."""
    # half a second of loading, for the processes that fill sheets
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(fields), jinja_env=SheetEnvironment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()

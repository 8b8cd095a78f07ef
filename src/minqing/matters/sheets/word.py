"""The sheet in Word: the county's template, or ours, filled in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from minqing.core.glyphs import rare
from minqing.matters.queries.sheets import template_in_use
from minqing.matters.sheets.sandbox import SheetEnvironment


def sheet_docx(fields: Mapping[str, Any]) -> bytes:
    """The Word file of a sheet with these fields."""
    return filled(template_in_use() or ours(settings.LANGUAGE_CODE), fields)


def texts_of(value: Any) -> Iterator[str]:
    """Every text in the fields, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from texts_of(one)


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
    if found := rare(" ".join(texts_of(fields))):
        # the fonts are those of whoever opens it, so it is told in the file itself, as a PDF tells it on the paper
        told = _(
            "Rare characters in this sheet: %(codes)s. Where one is an empty box, this computer has no font for it: "
            "take the PDF. Delete this line when all of them are seen."
        )
        document.docx.add_paragraph(told % {"codes": "、".join(f"{one} U+{ord(one):04X}" for one in found)})
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()

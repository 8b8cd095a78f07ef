"""A sheet in Word: the county's template, or the one that comes with the software, filled in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from minqing.core.glyphs import rare
from minqing.documents.word.sandbox import SheetEnvironment


def texts_of(value: object) -> Iterator[str]:
    """Every text in the fields, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from texts_of(one)


def filled(template: bytes, fields: Mapping[str, object]) -> bytes:
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

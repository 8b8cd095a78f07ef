"""A household's passbook 生态存折: A5, large type, for those who would rather hold it in their hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from minqing.core import clock
from minqing.points.queries.people import Line, Purse
from minqing.web.pdf import pdf_of
from minqing.web.public_origin import is_sample

STYLE: Final = Path(__file__).parent / "static" / "points" / "passbook.css"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One account: whose, what is in it, and what came and went, with what for."""

    whose: str
    purse: Purse
    lines: Sequence[tuple[Line, str]]


def passbook_pdf(*, household: Any, village: str, url: str, chapters: Sequence[Chapter]) -> bytes:
    """In the deployment's language: whoever prints may read another. ``url`` leads to the same, as it stands then."""
    context = {
        "number": household.number,
        "address": household.address,
        "village": village,
        "chapters": chapters,
        "day": clock.today(),
        "qr": qr_code(url) if url else "",
        "sample": is_sample(),
    }
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("points/passbook.html", context)
    return pdf_of(html, style=STYLE)


def qr_code(url: str) -> SafeString:
    """As SVG; a quarter of it may be creased or dirty (level Q) and it is still read."""
    made = segno.make(url, error="q", boost_error=False, micro=False)
    return mark_safe(made.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308  # no outside text in it

"""Slips 便民单 for people without a telephone: A6, large type, one to a page, the lower part to tear off."""

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

from minqing.core.text import one_line
from minqing.matters.protocols import MatterRead
from minqing.matters.tickets import follow_code_of, spaced, ticket_of
from minqing.org.enums import UnitKind
from minqing.org.queries import units_over
from minqing.web.pdf import pdf_of
from minqing.web.public_origin import is_sample

STYLE: Final = Path(__file__).parent.parent / "static" / "matters" / "slips.css"
MOST_SLIPS: Final = 50
# what was said must fit beside the rest, in large type
SAID: Final = 66
NEAR: Final = frozenset({UnitKind.VILLAGE.value, UnitKind.OFFICE.value})


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on one slip. ``offices`` are names and telephone numbers of those who may be asked."""

    matter: MatterRead
    said: str
    code: str
    qr: SafeString
    offices: list[tuple[str, str]]


def slips_of(matters: Sequence[Any], *, address: str) -> list[Slip]:
    """One slip a matter, in their order; ``address`` is where private links begin (``https://…/m/``).

    Of a confidential matter nothing of what was said is printed: a slip lies about at home.
    """
    offices: dict[str, list[tuple[str, str]]] = {}
    for matter in matters:
        path = matter.area.path
        if path not in offices:
            near = (unit for unit in units_over(path) if unit.kind in NEAR)
            offices[path] = [(unit.name, unit.phone) for unit in near][:2]
    return [
        Slip(
            matter=matter,
            said="" if matter.confidential else one_line(matter.text or matter.title, SAID),
            code=spaced(follow_code_of(matter.pk)),
            qr=qr_code(address + ticket_of(matter.pk)),
            offices=offices[matter.area.path],
        )
        for matter in matters
    ]


def slips_pdf(slips: Sequence[Slip]) -> bytes:
    """The slips as PDF, in the deployment's language: whoever prints may read another."""
    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string("matters/slips_sheet.html", {"slips": slips, "sample": is_sample()})
    return pdf_of(html, style=STYLE)


def qr_code(url: str) -> SafeString:
    """As SVG; a quarter of it may be creased or dirty (level Q) and it is still read."""
    made = segno.make(url, error="q", boost_error=False, micro=False)
    return mark_safe(made.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308  # no outside text in it

"""Printed pages: HTML and CSS as PDF, with nothing fetched from anywhere."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from minqing.core.glyphs import missing


def pdf_of(html: str, *, style: Path) -> bytes:
    """``html`` as a PDF; ``style`` is the CSS file with the size of the paper."""
    from minqing.web.typesetting import typeset

    if lacking := missing(html):
        # told on the paper itself, to whoever holds it
        told = _(
            "No font of this system has these characters, they are empty boxes above: %(codes)s. Write them by hand."
        )
        codes = "、".join(f"U+{ord(one):04X}" for one in lacking)
        page, end, rest = html.partition("</body>")
        html = f"{page}<p>{told % {'codes': codes}}</p>{end}{rest}"
    return typeset(html, style=style.read_text())

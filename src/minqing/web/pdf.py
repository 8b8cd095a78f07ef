"""Printed pages: HTML and CSS as PDF, with nothing fetched from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

from minqing.core.glyphs import missing


class NothingFromOutside(URLFetcher):
    """A printed page needs no file and no network; an address in it is a mistake or worse."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        raise URLFetchingError(f"a printed page loads nothing: {url}")


def pdf_of(html: str, *, style: Path) -> bytes:
    """``html`` as a PDF; ``style`` is the CSS file with the size of the paper."""
    fonts = FontConfiguration()
    if lacking := missing(html):
        # told on the paper itself, to whoever holds it
        told = _(
            "No font of this system has these characters, they are empty boxes above: %(codes)s. Write them by hand."
        )
        codes = "、".join(f"U+{ord(one):04X}" for one in lacking)
        page, end, rest = html.partition("</body>")
        html = f"{page}<p>{told % {'codes': codes}}</p>{end}{rest}"
    document = HTML(string=html, url_fetcher=NothingFromOutside())
    pdf: bytes = document.write_pdf(stylesheets=[CSS(string=style.read_text(), font_config=fonts)], font_config=fonts)
    return pdf

"""HTML and CSS set as PDF by WeasyPrint, which takes a second to load: :mod:`minqing.web.pdf` does so to print."""

from __future__ import annotations

from typing import NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError


class NothingFromOutside(URLFetcher):
    """A printed page needs no file and no network; an address in it is a mistake or worse."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        raise URLFetchingError(f"a printed page loads nothing: {url}")


def typeset(html: str, *, style: str) -> bytes:
    fonts = FontConfiguration()
    document = HTML(string=html, url_fetcher=NothingFromOutside())
    pdf: bytes = document.write_pdf(stylesheets=[CSS(string=style, font_config=fonts)], font_config=fonts)
    return pdf

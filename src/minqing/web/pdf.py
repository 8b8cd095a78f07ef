"""Printed pages: HTML and CSS as PDF, with nothing fetched from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError


class NothingFromOutside(URLFetcher):
    """A printed page needs no file and no network; an address in it is a mistake or worse."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> NoReturn:
        raise URLFetchingError(f"a printed page loads nothing: {url}")


def pdf_of(html: str, *, style: Path) -> bytes:
    """``html`` as a PDF; ``style`` is the CSS file with the size of the paper."""
    fonts = FontConfiguration()
    document = HTML(string=html, url_fetcher=NothingFromOutside())
    pdf: bytes = document.write_pdf(stylesheets=[CSS(string=style.read_text(), font_config=fonts)], font_config=fonts)
    return pdf

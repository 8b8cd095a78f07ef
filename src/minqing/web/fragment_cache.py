"""A cache of rendered fragments: parts of the frame that are the same on page after page."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def render_cached(template: str, **values: object) -> SafeString:
    """``template`` with ``values`` alone, which are hashable; for the last thousand different ones made once.

    Nothing that belongs to one request may be among them, such as a form's token.
    """
    return _kept(template, get_language(), get_urlconf(), tuple(values.items()))


@lru_cache(maxsize=1024)
def _kept(template: str, language: str, urlconf: str | None, values: tuple[tuple[str, object], ...]) -> SafeString:
    return SafeString(render_to_string(template, dict(values)))

"""Proof that what HTMX swaps is what the full page shows."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.test.html import Element, parse_html

FRESH = re.compile(r'(name="(?:csrfmiddlewaretoken|request_id|opened|pick)" value=|nonce=|"X-CSRFToken": )"[^"]*"')
"""Values that are made anew for each answer."""


def find(root: Element | str, element_id: str) -> Element | None:
    """The element with that id, in document order."""
    if isinstance(root, str):
        return None
    if ("id", element_id) in root.attributes:
        return root
    return next((found for child in root.children if (found := find(child, element_id))), None)


def element(html: str, element_id: str) -> Element:
    found = find(parse_html(FRESH.sub(r'\1""', html)), element_id)
    assert found is not None, f"no element with id {element_id!r}"
    return found


def assert_partial_equals_full(client: Client, url: str, element_id: str, **headers: Any) -> None:
    """Fetch `url` as a page and as HTMX does; the element must be the same, and the partial must be only it.

    Markup is compared as Django's assertHTMLEqual does: white space and the order of attributes do not count.
    """
    page = client.get(url, headers=headers)
    part = client.get(url, headers={**headers, "HX-Request": "true"})
    assert page.status_code == part.status_code == 200
    assert "HX-Request" in page["Vary"], "a cache could give the fragment to a reader of the page"
    text = part.content.decode()
    assert "<html" not in text, "HTMX got the whole page"
    assert element(text, element_id) == element(page.content.decode(), element_id)

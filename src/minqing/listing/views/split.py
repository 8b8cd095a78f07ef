"""A list with what is opened of it beside it: where that stands in the list, and the part that HTMX asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from minqing.org.access import PageRequest

OPEN = "open"
"""The word of the address that names what is opened."""


class Beside(NamedTuple):
    """Where a row stands in its list, counted from 1, and the keys of those before and after it."""

    number: int
    before: Any
    after: Any


def beside(keys: Sequence[Any], key: Any, *, first: int = 1) -> Beside | None:
    """The place of ``key`` among ``keys``, which begin with the list's ``first`` row; None where it is not there."""
    if key not in keys:
        return None
    at = keys.index(key)
    return Beside(first + at, keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None)


def query_with(request: PageRequest, **words: object) -> str:
    """What stands behind the ``?`` of the list's address, with ``words`` in it; None takes one out."""
    query = request.GET.copy()
    for name, value in words.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return query.urlencode()


def wants_view(request: PageRequest) -> bool:
    """Whether HTMX asks for what is opened, and not for the list."""
    return bool(request.htmx) and request.htmx.target == "view"


def split_page(
    request: PageRequest, template: str, context: Mapping[str, object], *, part: str = "view", status: int = 200
) -> HttpResponse:
    """The page, or for HTMX the ``part`` of its template that goes into ``#view``."""
    name = f"{template}#{part}" if wants_view(request) else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response

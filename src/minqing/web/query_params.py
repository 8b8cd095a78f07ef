"""Query parameters read without a form: a whole number or an id, or nothing."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from minqing.core.errors import NotFound

# ids of areas and counts of plates; int() itself refuses some thousands of digits with an error of ours
MOST_DIGITS: Final = 9


def whole_number(values: QueryDict, name: str) -> int | None:
    """The number under ``name`` in plain digits, at most 9 of them; None where there is none or it is anything else."""
    text = values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def id_of(values: QueryDict, name: str) -> UUID | None:
    """The id under ``name``; None where there is none or it is anything else."""
    try:
        return UUID(values.get(name, ""))
    except ValueError:
        return None


def asked_id(values: QueryDict, name: str) -> UUID:
    """The id under ``name``; NotFound, of a thing of that name, where there is none or it is anything else."""
    if (found := id_of(values, name)) is None:
        raise NotFound(name)
    return found


def way_back(request: HttpRequest) -> str:
    """The page that led here, as its form or link names it in ``next``; empty unless it is the path of one of ours.

    What is no path would be taken for the name of a page.
    """
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours and asked.startswith("/") else ""

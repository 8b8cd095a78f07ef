"""A number on a page, with the link to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class Figure:
    """``value`` is a count or a share as text; ``note`` says of how many; ``light`` as in the design system."""

    label: str
    value: int | str
    url: str
    note: str = ""
    light: str = ""


def link(page: str, **query: object) -> str:
    """The list behind a figure, with the filter that the figure was counted with."""
    told = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{reverse(page)}?{urlencode(told)}" if told else reverse(page)

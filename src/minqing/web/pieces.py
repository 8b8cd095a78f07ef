"""Small things that a room hands over for another room's page: a number, something that waits, a way to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Figure:
    """A number with the link to its rows. ``value`` is a count or a share as text; ``note`` says of how many."""

    label: str
    value: int | str
    url: str
    note: str = ""
    light: str = ""


@dataclass(frozen=True)
class Row:
    """Something that waits for who reads the page, with its light as in the design system; first what is due first."""

    title: str
    url: str
    due_at: datetime | None = None
    light: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Button:
    """A way to go, in large letters; ``main`` is what most people come for."""

    label: StrOrPromise
    url: str
    icon: str
    main: bool = False


def link(page: str, **query: object) -> str:
    """The list behind a figure, with the filter that the figure was counted with."""
    asked = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{reverse(page)}?{urlencode(asked)}" if asked else reverse(page)


def share(part: int, whole: int) -> str:
    """In whole per cent; never 100 while something is missing, never 0 while there is something."""
    if not whole:
        return "–"
    percent = part * 100 / whole
    rounded = round(percent)
    if part < whole and rounded == 100:
        rounded = 99
    return f"{max(rounded, 1) if part else 0} %"


def of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}

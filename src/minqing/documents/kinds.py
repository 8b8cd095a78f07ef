"""Kinds of print sheets. Rooms above say what is on a sheet of theirs; this room fills it in and keeps its template.

What a sheet shows is plain words, and nothing that a printer or Word would act upon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.characters import clean
from minqing.core.errors import NotFound
from minqing.core.registry import Registry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# plain words by field name, and lists of such
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSheet:
    """One sheet, the same in Word and as PDF.

    ``fields`` are the names of its words, ``lists`` those of the words in each row of a list. ``standard`` makes the
    Word template that comes with the software, with headings in a language; ``page`` is the template of the PDF, which
    gets the fields as ``sheet``, and ``style`` its stylesheet.
    """

    code: str
    label: StrOrPromise
    fields: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    standard: Callable[[str], bytes]
    page: str
    style: Path

    def sample(self) -> Fields:
        """Made-up fields of the right shape, to try out a template with."""
        words = {name: f"示例{n}" for n, name in enumerate(self.fields)}
        rows = {name: [dict.fromkeys(inner, "示例") for _n in range(2)] for name, inner in self.lists.items()}
        return words | rows


SHEETS: Final = Registry[PrintSheet](lambda sheet: sheet.code, partial(NotFound, "sheet"))

# what neither XML nor a line of print can hold; line breaks and tabs stay
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)


def inert(text: object) -> str:
    """``text`` as nothing but text: what turns the reading direction, or ends a file, is gone."""
    return _UNPRINTABLE.sub("", clean(str(text or "")))


def cleaned(value: object) -> Any:
    """Every text in fields and their lists, inert."""
    if isinstance(value, dict):
        return {name: cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return inert(value)


def said(fact: bool | None) -> str:
    """Yes, no, or nothing where nobody said it."""
    return "" if fact is None else _("Yes") if fact else _("No")


def format_time(at: datetime | None) -> str:
    """In the county's time, to the minute."""
    return date_format(at.astimezone(clock.SHANGHAI), "Y-m-d H:i") if at else ""

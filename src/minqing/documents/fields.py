"""What any sheet may show: plain words, and nothing that a printer or Word would act upon."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.characters import clean

# what neither XML nor a line of print can hold; line breaks and tabs stay
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)


def inert(text: object) -> str:
    """``text`` as nothing but text: what turns the reading direction, or ends a file, is gone."""
    return _UNPRINTABLE.sub("", clean(str(text or "")))


def cleaned(value: Any) -> Any:
    """Every text in fields and their lists, inert."""
    if isinstance(value, dict):
        return {name: cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return inert(value)


def said(fact: bool | None) -> str:
    """Yes, no, or nothing where nobody said it."""
    return "" if fact is None else _("Yes") if fact else _("No")


def moment(at: datetime | None) -> str:
    """In the county's time, to the minute."""
    return date_format(at.astimezone(clock.SHANGHAI), "Y-m-d H:i") if at else ""

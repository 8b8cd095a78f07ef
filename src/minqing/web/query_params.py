"""Query parameters read without a form: a whole number or an id, or nothing."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import QueryDict

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

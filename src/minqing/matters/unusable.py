"""Optional fields of a report that cannot be used: told to who sent them, while the report is taken. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# as much of a value as is written down
VALUE_LENGTH: Final = 500


@dataclass(frozen=True)
class Unusable:
    """``field`` as its sender calls it (``reporter.phone``), ``code`` and ``sentence`` why.

    ``value`` is what stood there, to be kept with the matter; empty where it is kept elsewhere, as what says who
    somebody is: that stands encrypted beside the reporter's name.
    """

    field: str
    code: str
    sentence: StrOrPromise
    value: str = ""

    def told(self) -> dict[str, str]:
        return {"field": self.field, "code": self.code, "sentence": str(self.sentence)}


def lines_of(found: Sequence[Unusable]) -> list[str]:
    """A line for each value that is to be kept, by its field."""
    return [f"{one.field}: {one.value[:VALUE_LENGTH]}" for one in found if one.value]

"""What rooms declare of their rows that lie in an area: how many, and what becomes of them when areas merge."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db.models import Q, QuerySet

from minqing.core.registry import Registry
from minqing.org.enums import Goes
from minqing.org.rules import Holding
from minqing.privacy.access import one_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The rows of ``model`` lie in the area of their ``column``.

    ``goes``   what becomes of them when that area becomes part of another one
    ``label``  as they are counted before it; without one they are not told of: they hang on rows that are
    ``now``    which of them are of today: the others are the past, stay, and are not counted
    ``stops``  why an area in which there are such is not closed
    ``carry``  takes rows of those keys along, of (keys, area, kept, by): a service of the room, with its events.
               ``kept``: what is of the past stays where it was. Without it the column is set
    """

    model: str
    goes: Goes
    column: str = "area"
    label: StrOrPromise = ""
    now: Q = field(default_factory=Q)
    stops: StrOrPromise = ""
    carry: Callable[..., object] | None = None

    @property
    def code(self) -> str:
        return f"{self.model}.{self.column}"

    def all_rows(self) -> QuerySet[Any]:
        model: Any = apps.get_model(self.model)
        return model._default_manager.all()

    def rows(self, areas: Collection[int]) -> QuerySet[Any]:
        return self.all_rows().filter(self.now, one_of(f"{self.column}_id", areas))


PLACED: Final = Registry[Placed](lambda placed: placed.code)


def placed_in(areas: Collection[int]) -> list[Holding]:
    """How much of what lies in these areas, in the order of the rooms; the caller acts as somebody who sees them."""
    told = [one for one in PLACED if one.label]
    return [Holding(one.label, one.rows(areas).count(), one.stops) for one in told]


def going_along() -> list[Placed]:
    """What goes along by a write of its own, in the order of the rooms."""
    return [one for one in PLACED if one.goes is Goes.ALONG]

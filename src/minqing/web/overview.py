"""What rooms show a leader of an area and a period: the desk asks, each room answers with an :class:`Overview`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.safestring import SafeString

from minqing.core.actor import Actor
from minqing.core.days import DAY
from minqing.web.pieces import Stat, link

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Area(Protocol):
    """What is asked of an area: the ids from the top down to it are its ``path`` (``1.4.17.``)."""

    id: Any
    name: Any
    path: Any


@dataclass(frozen=True)
class Scope:
    """What the page is about: who looks, at which area (None: all of theirs), from which local day to which.

    ``areas`` are all areas of the actor, the highest first in each branch.
    """

    actor: Actor
    since: date
    until: date
    now: datetime
    areas: Sequence[Area]
    area_id: int | None = None

    # asked for each of the areas, of which a county has some two thousand
    @cached_property
    def path(self) -> str:
        """The path of the area looked at, else of the highest area of the actor."""
        paths = [one.path for one in self.areas if self.area_id in (None, one.id)]
        return min(paths, key=len, default="")

    @property
    def before(self) -> tuple[date, date]:
        """The period just before, of as many days."""
        length = self.until - self.since
        return self.since - length - DAY, self.since - DAY

    def span(self) -> dict[str, date]:
        return {"since": self.since, "until": self.until}

    def link(self, page: str, **query: Any) -> str:
        """The list with the filter of a figure; the area of the page goes with it unless given."""
        return link(page, **{"area": self.area_id} | query)


@dataclass(frozen=True)
class Panel:
    """A card of the page; ``place`` is its column: "left", the wider one, "right", or "below" both."""

    html: SafeString
    place: str = "left"


@dataclass(frozen=True)
class Overview:
    """What a room says to the page: a ``lead`` above all, a strip of ``stats`` under its ``title``, and ``panels``."""

    stats: Sequence[Stat] = ()
    panels: Sequence[Panel] = ()
    lead: str = ""
    title: StrOrPromise = ""

"""What rooms show a leader of an area and a period: the desk asks, each room answers with an :class:`Overview`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from django.utils.safestring import SafeString

from minqing.core.actor import Actor
from minqing.web.pieces import Figure, link


class Area(Protocol):
    """What is asked of an area: the ids from the top down to it are its ``path`` (``1.4.17.``)."""

    id: Any
    name: Any
    path: Any


@dataclass(frozen=True)
class Scope:
    """What the page is about: who looks, at which area (None: all of theirs), from which local day to which.

    ``areas`` are all areas of the actor, the highest first in each branch; ``map_url`` is where the page's map, which
    stands in a panel, finds its numbers.
    """

    actor: Actor
    since: date
    until: date
    now: datetime
    areas: Sequence[Area]
    area_id: int | None = None
    map_url: str = ""

    # asked for each of the areas, of which a county has some two thousand
    @cached_property
    def path(self) -> str:
        """The path of the area looked at, else of the highest area of the actor."""
        paths = [one.path for one in self.areas if self.area_id in (None, one.id)]
        return min(paths, key=len, default="")

    def span(self) -> dict[str, date]:
        return {"since": self.since, "until": self.until}

    def link(self, page: str, **query: Any) -> str:
        """The list with the filter of a figure; the area of the page goes with it unless given."""
        return link(page, **{"area": self.area_id} | query)


@dataclass(frozen=True)
class Panel:
    """A chart, a map or a table. Two stand beside one another, the ``wide`` one on the left."""

    html: SafeString
    wide: bool = False


@dataclass(frozen=True)
class Overview:
    """A room's figures of ``now`` and of the ``period``, and below them its ``panels``."""

    now: Sequence[Figure] = ()
    period: Sequence[Figure] = ()
    panels: Sequence[Panel] = ()


@dataclass(frozen=True)
class MapLayer:
    """The areas next below the one looked at, each with a number, as the page's map takes them (``map.js``)."""

    areas: Sequence[dict[str, Any]]
    unit: str

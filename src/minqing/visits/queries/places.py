"""Where households lie: by their file, or else by where somebody last wrote a diary of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from minqing.core.actor import Actor
from minqing.households.enums import Datum
from minqing.org.queries import boundaries_of
from minqing.visits.enums import Met
from minqing.visits.queries.visibility import visible_visits
from minqing.web.pin_map import Pin, PinMap, pin_map

# metres: one that is farther off would stand at another's door
EXACT = 100
LonLat = tuple[float, float]


def map_of(actor: Actor, due: Sequence[dict[str, Any]], urls: Sequence[str]) -> PinMap | None:
    """The rows of ``due_households`` on a map, by their numbers; at most two queries, and no map without a place."""
    places = places_of(actor, [one["household"] for one in due])
    pins = [
        Pin(n, one["household"].address or one["household"].number, url, one["due"].kind, place[0], place[1])
        for n, (one, url) in enumerate(zip(due, urls, strict=True), start=1)
        if (place := places.get(one["household"].pk))
    ]
    areas = {one["area"].parent_id if one["area"].level == "grid" else one["area"].pk for one in due}
    return pin_map(pins, boundaries_of(areas).values()) if pins else None


def places_of(actor: Actor, households: Sequence[Any]) -> dict[UUID, LonLat]:
    """Longitude and latitude of those that are known; a point of the datum that lies hundreds of metres off is none."""
    own = {
        one.pk: (one.longitude, one.latitude)
        for one in households
        if one.latitude is not None and one.longitude is not None and one.datum != Datum.GCJ02
    }
    others = [one.pk for one in households if one.pk not in own]
    if not others:
        return own
    written = visible_visits(actor).select_related(None).filter(household_id__in=others, met=Met.AT_HOME)
    exact = written.filter(latitude__isnull=False, accuracy__lte=EXACT).exclude(datum=Datum.GCJ02.value)
    last = exact.order_by("household_id", "-visited_at").distinct("household_id")
    return own | {home: (x, y) for home, x, y in last.values_list("household_id", "longitude", "latitude")}

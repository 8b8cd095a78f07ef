"""Names on file that stand in a text or hold another name, for covering people in what is given and kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from django.db.models import F, TextField, Value

from minqing.core.characters import HAN
from minqing.households.models import Household, Resident
from minqing.households.queries.search import has_part
from minqing.org.queries import areas_called
from minqing.privacy.access import one_of

# what a name of a road or place ends with
_ENDINGS: Final = "路|街|巷|弄|村|桥|里|庄|湾|坞|小区|社区|新村|苑|网格"
_REST: Final = re.compile(f"[{HAN}]{{0,4}}?(?:{_ENDINGS})")


def names_in(text: str, areas: Collection[int]) -> frozenset[str]:
    """Names of people on file in these areas, also of those who left, that stand in ``text``."""
    said = Resident.objects.alias(said=Value(text, output_field=TextField())).filter(one_of("area_id", areas))
    return frozenset(said.exclude(name="").filter(said__contains=F("name")).values_list("name", flat=True))


def roads_from(name: str, address: str) -> list[str]:
    """The names of roads and places in ``address`` that begin with ``name``."""
    ends = [place for place in range(len(name), len(address) + 1) if address.endswith(name, 0, place)]
    return [name + rest[0] for place in ends if (rest := _REST.match(address, place))]


def longer_names(name: str, areas: Collection[int]) -> frozenset[str]:
    """Longer names on file there of which ``name`` is a part: of people, of areas, and of roads in addresses."""
    if len(name) < 2:
        return frozenset()
    people = Resident.objects.filter(one_of("area_id", areas), name__contains=name).exclude(name=name)
    places = [one.name for one in areas_called(areas) if name in one.name]
    homes = Household.objects.alias(written=F("address")).filter(one_of("area_id", areas), has_part(name))
    roads = [road for one in homes.values_list("address", flat=True).iterator() for road in roads_from(name, one)]
    return frozenset([*people.values_list("name", flat=True), *places, *roads]) - {name}

"""Areas (市 · 镇街 · 村社 · 网格) from a table, an upper area above those that lie in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import key_of
from minqing.core.errors import Invalid
from minqing.core.formats import normalise_text
from minqing.intake.kinds import Column, Row, TableKind
from minqing.intake.storage.seen_keys import Seen
from minqing.org.enums import Level, Role
from minqing.org.imports.base import OrgTable, Told, doubled, missing, name_of
from minqing.org.imports.places import Places
from minqing.org.imports.words import LEVELS, word_of
from minqing.org.models import Area
from minqing.org.queries.changes import merged_codes
from minqing.org.queries.upkeep import areas_for_table
from minqing.org.rules import may_lie_in
from minqing.org.services import KEEP, Outcome, save_area

# China and a little around it, WGS-84 degrees
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)

COLUMNS = (
    Column(
        "code",
        ("编码", "区划代码", "区划编码", "代码", "辖区编码", "村社编码"),
        True,
        _("Area code"),
        _("The county's own code. It never changes; a row with a known code changes that area."),
        "330683102205",
    ),
    Column("name", ("名称", "辖区名称", "区划名称", "村社名称"), True, _("Area name"), "", "棠溪村"),
    Column(
        "level",
        ("级别", "层级", "区划级别", "类型"),
        True,
        _("Level of the area"),
        format_lazy(_("One of: {allowed}."), allowed="、".join(names[0] for names in LEVELS.values())),
        "村社",
    ),
    Column(
        "parent",
        ("上级编码", "上级区划", "上级代码", "上级", "所属编码", "上级名称"),
        False,
        _("Area above"),
        _("Code or name of the area it lies in; that one stands in a row above, or is known already."),
        "330683102",
    ),
    Column("latitude", ("纬度",), False, _("Latitude"), _("Degrees, WGS-84, of the middle."), "29.5901"),
    Column("longitude", ("经度",), False, _("Longitude"), _("Degrees, WGS-84, of the middle."), "120.8305"),
)


@dataclass(frozen=True, slots=True)
class Data:
    code: str
    name: str
    level: Level
    parent: str
    latitude: float | None
    longitude: float | None


class Areas(OrgTable):
    def __init__(self, by: Actor, seen: Seen) -> None:
        super().__init__(by, seen)
        self.places = Places(by, everywhere=True)
        # areas of the rows above: code or name → code, and the levels by code
        self.above: dict[str, str] = {}
        # those that have become part of another one
        self.merged = merged_codes()
        self.levels = {place.code: place.level for place in self.places.all}

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        code = told.take("code", lambda: name_of(cell["code"], 20), "")
        name = told.take("name", lambda: name_of(cell["name"], 60), "")
        level = told.take("level", lambda: level_of(cell["level"]), None)
        latitude = told.take("latitude", lambda: degrees(cell["latitude"], LATITUDES), None)
        longitude = told.take("longitude", lambda: degrees(cell["longitude"], LONGITUDES), None)
        parent = told.take("parent", lambda: self.parent_of(cell["parent"], code, level), "")
        if code and (met := self.seen.first("area", code, row.number)):
            row.problems["code"] = doubled(met.row)
        if not row.problems and level:
            row.data = Data(code, name, level, parent, latitude, longitude)
            self.above.setdefault(key_of(name), code)
            self.above[key_of(code)] = code
            self.levels[code] = level

    def parent_of(self, text: str, code: str, level: Level | None) -> str:
        """Code of the area above, whose level must fit; a village without one keeps the one it has."""
        if level is None:
            return ""
        word = normalise_text(text)
        if into := self.merged.get(code):
            if not word or key_of(word) in {key_of(into.code), key_of(into.name)}:
                return ""
            sentence = _("It has become part of %(name)s. Undo that instead.")
            raise Invalid("area_merged", sentence % {"name": into.name})
        if not word:
            if level is Level.CITY or code in self.places.codes:
                return ""
            raise Invalid("empty", missing())
        found = self.above.get(key_of(word)) or self.places.find(word).code
        if into := self.merged.get(found):
            sentence = _("The area above has become part of %(name)s. Choose that one.")
            raise Invalid("area_merged", sentence % {"name": into.name})
        may_lie = may_lie_in(level, self.levels[found])
        if not may_lie:
            raise Invalid(may_lie.code, may_lie.reason)
        return found

    def understood(self, row: Row) -> Mapping[str, str]:
        data: Data = row.data
        parent = self.places.codes.get(data.parent)
        return {"level": str(data.level.label), "parent": parent.name if parent else data.parent}

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        parent = Area.objects.get(code=data.parent) if data.parent else self.stored_parent(data.code)
        _area, outcome = save_area(
            code=data.code,
            name=data.name,
            level=data.level,
            parent=parent,
            by=self.by,
            latitude=KEEP if data.latitude is None else data.latitude,
            longitude=KEEP if data.longitude is None else data.longitude,
        )
        return outcome

    def stored_parent(self, code: str) -> Area | None:
        known = Area.objects.select_related("parent").filter(code=code).first()
        return known.parent if known else None


def level_of(text: str) -> Level:
    if not text:
        raise Invalid("empty", missing())
    return word_of(text, LEVELS)


def degrees(text: str, limits: tuple[float, float]) -> float | None:
    if not text:
        return None
    try:
        value = float(normalise_text(text))
    except ValueError:
        value = float("nan")
    if not limits[0] <= value <= limits[1]:
        sentence = _("Write degrees between {low} and {high}, such as {example}.")
        raise Invalid(
            "degrees", format_lazy(sentence, low=int(limits[0]), high=int(limits[1]), example=sum(limits) / 2)
        )
    return value


def stored() -> Iterable[Mapping[str, object]]:
    for one in areas_for_table():
        yield {
            "code": one.code,
            "name": one.name,
            "level": one.get_level_display(),
            "parent": one.parent.code if one.parent else "",
            "latitude": "" if one.latitude is None else repr(one.latitude),
            "longitude": "" if one.longitude is None else repr(one.longitude),
        }


EXAMPLES: tuple[Mapping[str, Any], ...] = (
    {"code": "330683", "name": "嵊州市", "level": "市"},
    {"code": "330683102", "name": "石璜镇", "level": "镇街", "parent": "330683"},
)
KIND = TableKind(
    code="areas",
    label=_("Areas"),
    explanation=_("Townships, villages and grids with their codes, upper areas first."),
    columns=COLUMNS,
    roles=frozenset({Role.OPERATOR.value}),
    open=Areas,
    rows=stored,
    called="name",
    event="org.areas_import.loaded",
    taken=_("This row contradicts what is stored. Please check its code."),
    more_examples=EXAMPLES,
)

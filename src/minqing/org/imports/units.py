"""Units from a table: township offices, bureaus, village committees, services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.formats import check_office_phone
from minqing.intake.kinds import Column, Row, TableKind
from minqing.intake.storage.seen_keys import Seen
from minqing.org.enums import Role, UnitKind
from minqing.org.imports.base import OrgTable, Told, doubled, missing, name_of
from minqing.org.imports.places import AreaRow, Places
from minqing.org.imports.words import UNIT_KINDS, word_of, yes_or_no
from minqing.org.models import Area
from minqing.org.queries.upkeep import units_for_table
from minqing.org.services import KEEP, Outcome, save_unit

COLUMNS = (
    Column(
        "code",
        ("编码", "单位编码", "单位代码", "代码", "机构编码"),
        True,
        _("Unit code"),
        _("A row with a known code changes that unit."),
        "D102-01",
    ),
    Column("name", ("名称", "单位名称", "单位", "机构名称", "部门名称"), True, _("Unit name"), "", "石璜镇综合服务办"),
    Column(
        "kind",
        ("类别", "单位类别", "类型", "单位类型", "性质"),
        True,
        _("Kind of unit"),
        format_lazy(_("One of: {allowed}."), allowed="、".join(names[0] for names in UNIT_KINDS.values())),
        "镇街科室",
    ),
    Column(
        "area",
        ("辖区", "所在辖区", "所属辖区", "区划", "所属区划", "辖区编码", "所在地"),
        True,
        _("Area of work"),
        _("Name or code of the area."),
        "石璜镇",
    ),
    Column("phone", ("电话", "联系电话", "办公电话", "值班电话"), False, _("Telephone"), "", "0575-83012345"),
    Column("active", ("在用", "启用", "是否启用", "状态"), False, _("In use"), _("Yes or no. Empty: yes."), "是"),
)


@dataclass(frozen=True, slots=True)
class Data:
    code: str
    name: str
    kind: UnitKind
    area: AreaRow
    phone: str
    active: bool | None


class Units(OrgTable):
    def __init__(self, by: Actor, seen: Seen) -> None:
        super().__init__(by, seen)
        self.places = Places(by, everywhere=True)

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        code = told.take("code", lambda: name_of(cell["code"], 20), "")
        name = told.take("name", lambda: name_of(cell["name"], 80), "")
        kind = told.take("kind", lambda: word_of(filled(cell["kind"]), UNIT_KINDS), None)
        area = told.take("area", lambda: self.places.find(filled(cell["area"])), None)
        phone = told.take("phone", lambda: check_office_phone(cell["phone"]) if cell["phone"] else "", "")
        active = told.take("active", lambda: yes_or_no(cell["active"]) if cell["active"] else None, None)
        if code and (met := self.seen.first("unit", code, row.number)):
            row.problems["code"] = doubled(met.row)
        if not row.problems and kind and area:
            row.data = Data(code, name, kind, area, phone, active)

    def understood(self, row: Row) -> Mapping[str, str]:
        data: Data = row.data
        told = {"kind": str(data.kind.label), "area": data.area.name, "phone": data.phone}
        return told if data.active is None else told | {"active": str(_("yes") if data.active else _("no"))}

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        _unit, outcome = save_unit(
            code=data.code,
            name=data.name,
            kind=data.kind,
            area=Area.objects.get(id=data.area.id),
            by=self.by,
            phone=data.phone or KEEP,
            active=KEEP if data.active is None else data.active,
        )
        return outcome


def filled(text: str) -> str:
    if not text:
        raise Invalid("empty", missing())
    return text


def stored() -> Iterable[Mapping[str, object]]:
    for one in units_for_table():
        said = {"code": one.code, "name": one.name, "phone": one.phone, "active": one.active}
        yield said | {"kind": one.get_kind_display(), "area": one.area.code}


KIND = TableKind(
    code="units",
    label=_("Units"),
    explanation=_("Offices, bureaus and village committees that handle matters."),
    columns=COLUMNS,
    roles=frozenset({Role.OPERATOR.value}),
    open=Units,
    rows=stored,
    called="name",
    event="org.units_import.loaded",
    taken=_("This row contradicts what is stored. Please check its code."),
)

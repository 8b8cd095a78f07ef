"""Tags from a table: what the county calls needs and circumstances, who sees them, how long each holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Invalid
from minqing.households.queries import stored_tags
from minqing.households.rules import check_tag
from minqing.households.services import save_tag
from minqing.intake.kinds import Column, Row, TableKind
from minqing.org.enums import Role
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.imports.words import ROLES, word_of, yes_or_no
from minqing.org.services import Outcome

BETWEEN: Final = re.compile("[、,，;；/]+")
CODE: Final = re.compile("[a-z0-9][a-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class Data:
    code: str
    name: str
    group: str
    roles: tuple[str, ...]
    days_valid: int
    used: bool | None


class Tags(OrgTable):
    """One pass over one file."""

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        code = told.take("code", lambda: code_of(cell["code"]), "")
        name = told.take("name", lambda: name_of(cell["name"], 40), "")
        group = told.take("group", lambda: name_of(cell["group"], 40), "")
        none: tuple[str, ...] = ()
        roles = told.take("roles", lambda: roles_of(cell["roles"]), none)
        days = told.take("days_valid", lambda: days_of(cell["days_valid"]), 0)
        used = told.take("used", lambda: yes_or_no(cell["used"]) if cell["used"] else None, None)
        if code and (met := self.seen.first("tag", code, row.number)):
            row.problems["code"] = doubled(met.row)
        if not row.problems:
            told.take("name", lambda: check_tag(name=name, group=group, roles=roles, days_valid=days), None)
        if not row.problems:
            row.data = Data(code, name, group, roles, days, used)

    def understood(self, row: Row) -> Mapping[str, str]:
        data: Data = row.data
        return {"roles": "、".join(str(Role(one).label) for one in data.roles)}

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        return save_tag(
            code=data.code,
            name=data.name,
            group=data.group,
            roles=data.roles,
            days_valid=data.days_valid,
            used=data.used,
            by=self.by,
        )


def code_of(text: str) -> str:
    code = name_of(text, 40).casefold()
    if not CODE.fullmatch(code):
        raise Invalid("code_wrong", _("Write small letters, digits, hyphens and points only."))
    return code


def roles_of(text: str) -> tuple[str, ...]:
    """An empty cell: everybody who may see the household."""
    return tuple(word_of(word, ROLES).value for word in BETWEEN.split(text) if word.strip())


def days_of(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Invalid("days_wrong", _("Write a number of days, such as 365."))
    return int(text[:6])


def stored() -> Iterable[Mapping[str, object]]:
    for tag in stored_tags():
        roles = "、".join(str(Role(one).label) for one in tag.roles)
        own = {"code": tag.code, "name": tag.name, "group": tag.group, "roles": roles}
        yield own | {"days_valid": tag.days_valid, "used": not tag.retired}


KIND: Final = TableKind(
    code="tags",
    label=_("Tags"),
    explanation=_("Needs and circumstances that a household file may carry, who sees them and how long each holds."),
    columns=(
        Column("code", ("编码", "标签编码", "代码"), True, _("Tag code"), _("It never changes."), "lives-alone-old"),
        Column("name", ("名称", "标签", "标签名称"), True, _("Name of the tag"), "", "独居老人"),
        Column("group", ("分组", "类别", "标签类别"), True, _("Group"), "", "老年人"),
        Column(
            "roles",
            ("谁能看", "可见岗位", "可见角色"),
            False,
            _("Who may see it"),
            _("Posts, parted by commas. Empty: everybody who may see the household."),
            "村书记、镇街专员",
        ),
        Column("days_valid", ("有效天数", "天数", "复核天数"), True, _("Looked at again after (days)"), "", "365"),
        Column("used", ("启用", "在用", "是否启用"), False, _("In use"), _("Empty: as it is."), "是"),
    ),
    roles=frozenset({Role.OPERATOR.value}),
    open=Tags,
    event="households.tags_import.loaded",
    taken=_("This row contradicts what is stored. Please check its code."),
    rows=stored,
    called="name",
)

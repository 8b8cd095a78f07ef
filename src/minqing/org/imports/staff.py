"""Staff from a table: an account for each person, a post for each row. Nobody gets a password this way."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import key_of
from minqing.core.errors import Invalid
from minqing.core.formats import check_phone, mask_phone, normalise_text
from minqing.intake.kinds import Column, Row, TableKind
from minqing.intake.storage.seen_keys import Seen
from minqing.org.enums import Role
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.imports.places import SUGGESTED, AreaRow, Places
from minqing.org.imports.units import filled
from minqing.org.imports.words import ROLES, word_of
from minqing.org.models import Account, Area, Unit
from minqing.org.queries.upkeep import posts_for_table
from minqing.org.rules import clean_username
from minqing.org.services import KEEP, Outcome, save_account, save_post

AnyRow = TypeVar("AnyRow", bound=Model)
COLUMNS = (
    Column("name", ("姓名", "干部姓名", "人员姓名"), True, _("Name"), "", "王建国"),
    Column(
        "staff_number",
        ("工号", "人员编号", "干部编号", "编号", "员工号"),
        True,
        _("Staff number"),
        _("A row with a known number changes that person. Somebody with two posts has two rows."),
        "G0102",
    ),
    Column(
        "username",
        ("用户名", "登录名", "账号", "帐号"),
        False,
        _("User name"),
        _("Empty: the staff number."),
        "wangjianguo",
    ),
    Column(
        "phone",
        ("手机", "手机号", "手机号码", "联系电话", "电话"),
        False,
        _("Mobile number"),
        "",
        "13800000000",
        mask_phone,
    ),
    Column(
        "unit",
        ("单位", "所在单位", "工作单位", "部门", "单位编码"),
        True,
        _("Unit"),
        _("Name or code of the unit."),
        "石璜镇综合服务办",
    ),
    Column(
        "role",
        ("岗位", "角色", "岗位角色", "系统角色"),
        True,
        _("Role"),
        format_lazy(_("One of: {allowed}."), allowed="、".join(names[0] for names in ROLES.values())),
        "包户干部",
    ),
    Column(
        "area",
        ("辖区", "所辖区域", "负责辖区", "负责村社", "村社", "包联村"),
        True,
        _("Area of work"),
        _("Name or code of the area that the post is for."),
        "棠溪村",
    ),
    Column("title", ("职务", "职务名称", "头衔"), False, _("Title"), "", "驻村干部"),
)


@dataclass(frozen=True, slots=True)
class Data:
    """Of a cell that could not be read there is nothing; the rest is compared all the same."""

    name: str
    staff_number: str
    username: str
    phone: str
    unit: int
    role: Role | None
    area: AreaRow | None
    title: str


class Staff(OrgTable):
    def __init__(self, by: Actor, seen: Seen) -> None:
        super().__init__(by, seen)
        self.places = Places(by, everywhere=True)
        self.rows: dict[tuple[str, int], Model] = {}
        self.units: dict[str, list[int]] = defaultdict(list)
        self.names: list[str] = []
        self.unit_names: dict[int, str] = {}
        for unit in Unit.objects.filter(active=True):
            for key in {key_of(unit.code), key_of(unit.name)}:
                self.units[key].append(unit.id)
            self.names += [unit.code, unit.name]
            self.unit_names[unit.id] = unit.name

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        name = told.take("name", lambda: name_of(cell["name"], 60), "")
        number = told.take("staff_number", lambda: name_of(cell["staff_number"], 30), "")
        username = told.take(
            "username", lambda: clean_username(name_of(cell["username"], 60)) if cell["username"] else "", ""
        )
        phone = told.take("phone", lambda: check_phone(cell["phone"]) if cell["phone"] else "", "")
        unit = told.take("unit", lambda: self.unit_of(filled(cell["unit"])), 0)
        role = told.take("role", lambda: word_of(filled(cell["role"]), ROLES), None)
        area = told.take("area", lambda: self.places.find(filled(cell["area"])), None)
        title = told.take("title", lambda: name_of(cell["title"], 60) if cell["title"] else "", "")
        row.data = Data(name, number, username, phone, unit, role, area, title)
        if number:
            self.compare(row, row.data)

    def compare(self, row: Row, data: Data) -> None:
        """The same post twice, or one number with two names, or one user name for two numbers."""
        if data.unit and data.role and data.area:
            post = f"{data.staff_number}\x00{data.unit}\x00{data.role}\x00{data.area.id}"
            if met := self.seen.first("post", post, row.number):
                row.problems["staff_number"] = doubled(met.row)
                return
        if data.name:
            self.compare_names(row, data)
        if "username" not in row.problems:
            self.compare_user_names(row, data)

    def compare_names(self, row: Row, data: Data) -> None:
        name = self.seen.number_of(data.name)
        met = self.seen.first("staff", data.staff_number, row.number, name)
        if met and met.value != name:
            sentence = _("In row {row} this staff number belongs to somebody else. Please check both.")
            row.problems["staff_number"] = format_lazy(sentence, row=met.row)

    def compare_user_names(self, row: Row, data: Data) -> None:
        owner = self.seen.number_of(data.staff_number)
        met = self.seen.first("username", data.username or data.staff_number, row.number, owner)
        if met and met.value != owner:
            sentence = _("In row {row} somebody else has this user name. Choose another one.")
            row.problems["username" if data.username else "staff_number"] = format_lazy(sentence, row=met.row)

    def unit_of(self, text: str) -> int:
        word = normalise_text(text)
        found = self.units.get(key_of(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise Invalid("unit_ambiguous", _("Several units have this name. Write the code of the unit."))
        near = difflib.get_close_matches(word, self.names, n=SUGGESTED, cutoff=0.5)
        if near:
            sentence = _("No unit is called “{word}”. Do you mean {near}?")
            raise Invalid("unit_unknown", format_lazy(sentence, word=word, near="、".join(near)))
        sentence = _("No unit is called “{word}”. Import the units first, or check the name.")
        raise Invalid("unit_unknown", format_lazy(sentence, word=word))

    def look(self, rows: Sequence[Row]) -> None:
        """User names that belong to somebody with another staff number."""
        readable = [row for row in rows if row.data.staff_number and "username" not in row.problems]
        wanted = {row.data.username or row.data.staff_number for row in readable}
        taken = dict(Account.objects.filter(username__in=wanted).values_list("username", "staff_number"))
        for row in readable:
            number = row.data.staff_number
            if taken.get(row.data.username or number, number) != number:
                column = "username" if row.data.username else "staff_number"
                row.problems[column] = _("This user name belongs to another account. Choose another one.")

    def understood(self, row: Row) -> Mapping[str, str]:
        data: Data = row.data
        role, area = data.role and str(data.role.label), data.area.name if data.area else None
        told = {"role": role, "area": area, "unit": self.unit_names.get(data.unit), "phone": data.phone}
        return {column: word for column, word in told.items() if word is not None}

    def row_of(self, model: type[AnyRow], id: int) -> AnyRow:
        """Read once a pass: thousands work in the same few hundred places."""
        key = (model.__name__, id)
        if key not in self.rows:
            self.rows[key] = model._default_manager.get(pk=id)
        return cast("AnyRow", self.rows[key])

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        # a row with a problem is not stored
        assert data.role is not None  # noqa: S101
        assert data.area is not None  # noqa: S101
        account, first = save_account(
            name=data.name,
            staff_number=data.staff_number,
            username=data.username,
            phone=data.phone or KEEP,
            by=self.by,
        )
        unit, area = self.row_of(Unit, data.unit), self.row_of(Area, data.area.id)
        _post, second = save_post(
            account=account, unit=unit, area=area, role=data.role, title=data.title or KEEP, by=self.by
        )
        outcomes = {first, second}
        if first == "created":
            return "created"
        return "unchanged" if outcomes == {"unchanged"} else "updated"


def stored() -> Iterable[Mapping[str, object]]:
    """A row for each post. Telephone numbers stay here: a cell that is empty leaves them as they are."""
    for post in posts_for_table():
        account, unit, area = post.account, post.unit, post.area
        own = {"name": account.name, "staff_number": account.staff_number, "username": account.username}
        place = {"unit": unit.code if unit else "", "area": area.code if area else ""}
        yield own | place | {"role": post.get_role_display(), "title": post.title}


KIND = TableKind(
    code="staff",
    label=_("Staff"),
    explanation=_("People with their posts. They cannot sign in until the operator gives them a password."),
    columns=COLUMNS,
    roles=frozenset({Role.OPERATOR.value}),
    open=Staff,
    rows=stored,
    event="org.staff_import.loaded",
    taken=_("This row contradicts what is stored. Please check staff number and user name."),
)

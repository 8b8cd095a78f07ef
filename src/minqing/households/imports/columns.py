"""The columns of a household table 户情表: one person a row, with the number of the household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from django.utils.translation import gettext_lazy as _

from minqing.core.formats import mask_identity, mask_phone
from minqing.households.enums import Relation, Sex
from minqing.households.models import Resident
from minqing.intake.kinds import Column
from minqing.privacy.fields import BlindIndexField

COLUMNS = (
    Column(
        "township",
        ("乡镇", "镇街", "乡镇街道", "街道", "镇", "所属乡镇", "所在乡镇"),
        False,
        _("Township"),
        _("Needed only where two townships have a village of the same name."),
        "石璜镇",
    ),
    Column(
        "village",
        ("村社", "村", "村居", "社区", "行政村", "村社区", "所属村", "所在村", "村名", "村社名称"),
        True,
        _("Village"),
        _("Name or code of the village."),
        "棠溪村",
    ),
    Column("grid", ("网格", "网格名称", "所属网格", "微网格"), False, _("Grid"), "", ""),
    Column(
        "number",
        ("户号", "户编号", "家庭编号", "户籍号", "户口编号", "户序号"),
        True,
        _("Household number"),
        _("The same in all rows of a household. It never changes."),
        "TX-0001",
    ),
    Column(
        "head",
        ("户主", "户主姓名"),
        False,
        _("Name of the head"),
        _("May be used instead of the relation to the head."),
        "张国强",
    ),
    Column("name", ("姓名", "人员姓名", "家庭成员", "成员姓名", "家庭成员姓名"), True, _("Name"), "", "张国强"),
    Column("sex", ("性别",), False, _("Sex"), _("Male or female. Empty: taken from the identity number."), "男"),
    Column(
        "identity_number",
        ("身份证号", "身份证", "身份证号码", "公民身份号码", "证件号码", "证件号", "居民身份证号"),
        False,
        _("Identity number"),
        _("Format the column as text, else the spreadsheet rounds the last digits."),
        "33068319720315431X",
        mask_identity,
    ),
    Column(
        "born_on",
        ("出生日期", "出生年月日", "出生年月", "生日"),
        False,
        _("Date of birth"),
        _("Empty: taken from the identity number."),
        "1972-03-15",
        moment=True,
    ),
    Column(
        "relation",
        ("与户主关系", "关系", "与户主的关系", "户主关系", "家庭关系"),
        False,
        _("Relation to the head"),
        _("Head, spouse, son, daughter, parent, grandchild, brother or sister, other."),
        "户主",
    ),
    Column(
        "phone",
        ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式"),
        False,
        _("Telephone"),
        "",
        "13800000000",
        mask_phone,
    ),
    Column(
        "address",
        ("门牌地址", "地址", "住址", "门牌号", "家庭住址", "现住址", "详细地址", "家庭地址"),
        False,
        _("Address"),
        "",
        "棠溪村溪边路3号",
    ),
    Column(
        "tags",
        ("标签", "人员标签", "类别标签", "重点标签", "人员类别"),
        False,
        _("Tags"),
        _("Several are parted by commas; only tags of this system."),
        "退役军人",
    ),
    Column(
        "note", ("备注", "说明", "备注说明"), False, _("Note"), _("Added to the note of the household."), "", None, True
    ),
)
EXAMPLES: tuple[Mapping[str, str], ...] = (
    {"village": "棠溪村", "number": "TX-0001", "head": "张国强", "name": "李桂芳", "relation": "配偶"},
)


@dataclass(frozen=True)
class Person:
    """A checked row; what the table leaves empty is ``""`` or None and stays as it is stored."""

    number: str
    area: int
    name: str
    identity: str
    sex: Sex
    born_on: date | None
    relation: Relation | None
    phone: str
    address: str
    tags: tuple[str, ...]
    note: str

    @cached_property
    def identity_indexes(self) -> list[bytes]:
        """Of the identity number: under the key in use first; another one while it is changed."""
        return index_field("identity_index").digests(self.identity) if self.identity else []


@cache
def index_field(name: str) -> BlindIndexField:
    """A blind index of residents."""
    found = Resident._meta.get_field(name)
    assert isinstance(found, BlindIndexField)  # noqa: S101  # for the type checker
    return found

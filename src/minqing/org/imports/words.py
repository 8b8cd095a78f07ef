"""Words that clerks write in tables of the organisation, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, cast

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.characters import key_of
from minqing.core.errors import Invalid
from minqing.core.sheets.meanings import in_all_languages, meanings
from minqing.org.enums import Level, Role, UnitKind

Word = TypeVar("Word", bound=StrEnum)

LEVELS: Mapping[Level, tuple[str, ...]] = {
    Level.CITY: ("市", "县", "区", "县市区", "县级"),
    Level.TOWNSHIP: ("镇街", "乡镇", "镇", "乡", "街道", "乡镇街道", "镇街道"),
    Level.VILLAGE: ("村社", "村", "社区", "行政村", "村社区"),
    Level.GRID: ("网格", "微网格", "全科网格"),
}
UNIT_KINDS: Mapping[UnitKind, tuple[str, ...]] = {
    UnitKind.OFFICE: ("镇街科室", "乡镇科室", "镇街", "乡镇", "科室", "办公室"),
    UnitKind.BUREAU: ("市级部门", "县级部门", "部门", "局", "市直部门", "机关"),
    UnitKind.VILLAGE: ("村委会", "村社", "居委会", "村", "社区"),
    UnitKind.SERVICE: ("服务单位", "服务商", "企业", "社会组织"),
}
ROLES: Mapping[Role, tuple[str, ...]] = {
    Role.CADRE: ("包户干部", "联户干部", "网格员", "驻村干部", "村干部", "干部", "走访干部"),
    Role.VILLAGE_SECRETARY: ("村书记", "村社书记", "村支书", "社区书记", "书记"),
    Role.CLERK: ("镇街专员", "镇街经办", "乡镇专员", "受理员", "民情专员", "镇街受理员"),
    Role.HANDLER: ("承办人", "经办人", "办件员", "办理人"),
    Role.UNIT_HEAD: ("单位负责人", "部门负责人", "科室负责人", "负责人"),
    Role.LEADER: ("领导", "分管领导", "镇领导", "市领导"),
    Role.ANALYST: ("分析员", "研判员", "数据分析员"),
    Role.LIAISON: ("企业联络员", "联企干部", "联络员"),
    Role.VOLUNTEER: ("志愿者", "榧乡卫士"),
    Role.AUDITOR: ("审计员", "监督员"),
    Role.OPERATOR: ("系统管理员", "管理员", "运维"),
}
YES = frozenset({"是", "有", "在用", "启用", "Y", "YES", "1", "TRUE", "√"})
NO = frozenset({"否", "无", "停用", "撤销", "N", "NO", "0", "FALSE", "×"})
SAID = ((YES, _("yes")), (NO, _("no")))


@cache
def known(kind: type[StrEnum]) -> Mapping[str, StrEnum]:
    tables: Mapping[Any, Mapping[Any, Iterable[str]]] = {Level: LEVELS, UnitKind: UNIT_KINDS, Role: ROLES}
    return meanings({word: word.label for word in kind}, tables[kind])  # type: ignore[attr-defined]


LONGEST: Final = 200


def word_of(text: str, names: Mapping[Word, tuple[str, ...]]) -> Word:
    """The word that ``text`` stands for: its code, its label on the pages, or one that clerks use."""
    first = next(iter(names))
    # a text longer than any word is none, and need not be looked into
    if len(text) <= LONGEST and (word := known(type(first)).get(key_of(text))):
        return cast("Word", word)
    allowed = "、".join(one[0] for one in names.values())
    raise Invalid("word_unknown", format_lazy(_("Not understood. Write one of: {allowed}."), allowed=allowed))


def yes_or_no(text: str) -> bool:
    word = key_of(text)
    yes, no = ({key_of(one) for one in (*words, *in_all_languages(said))} for words, said in SAID)
    if word not in yes | no:
        raise Invalid("word_unknown", _("Write yes or no."))
    return word in yes

"""Budgets of points from a table: what each is called, how many points it has, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.characters import key_of, one_form
from minqing.core.errors import Invalid
from minqing.earning.enums import Period
from minqing.earning.queries.budgets import stored_budgets
from minqing.earning.rules import CODE, MOST_BUDGET, OPERATORS
from minqing.earning.services import BudgetTerms, save_budget
from minqing.intake.kinds import Column, Row, TableKind
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.imports.words import meanings
from minqing.org.services import Outcome

PERIODS: Final = {
    Period.MONTH: ("每月", "月", "按月"),
    Period.QUARTER: ("每季度", "季度", "按季"),
    Period.YEAR: ("每年", "年", "按年"),
}


@dataclass(frozen=True, slots=True)
class Data:
    code: str
    name: str
    points: int
    period: Period


class Budgets(OrgTable):
    """One pass over one file."""

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        code = told.take("code", lambda: code_of(cell["code"]), "")
        name = told.take("name", lambda: name_of(cell["name"], 40), "")
        points = told.take("points", lambda: points_of(cell["points"]), 0)
        period = told.take("period", lambda: period_of(cell["period"]), Period.MONTH)
        if code and (met := self.seen.first("budget", code, row.number)):
            row.problems["code"] = doubled(met.row)
        if not row.problems:
            row.data = Data(code, name, points, period)

    def understood(self, row: Row) -> Mapping[str, str]:
        data: Data = row.data
        return {"period": str(data.period.label), "points": str(data.points)}

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        wanted = BudgetTerms(name=data.name, points=data.points, period=data.period)
        return save_budget(code=data.code, wanted=wanted, by=self.by)


def code_of(text: str) -> str:
    code = name_of(text, 30).casefold()
    if not CODE.fullmatch(code):
        raise Invalid("budget_code", _("A code has small letters, digits and underscores, and begins with a letter."))
    return code


def points_of(text: str) -> int:
    digits = one_form(text).removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12 and 0 < int(digits) <= MOST_BUDGET):
        raise Invalid("budget_points", _("This number of points cannot be."))
    return int(digits)


def period_of(text: str) -> Period:
    found = meanings({one: one.label for one in Period}, PERIODS).get(key_of(text[:40]))
    if found is None:
        raise Invalid("period_unknown", _("Write each month, each quarter or each year."))
    return Period(found)


def stored() -> Iterable[Mapping[str, object]]:
    for one in stored_budgets():
        yield {"code": one.pk, "name": one.name, "points": one.points, "period": one.period_label}


KIND: Final = TableKind(
    code="point_budgets",
    label=_("Budgets of points"),
    explanation=_("How many points may be given in each period for the functions that are paid from a budget."),
    columns=(
        Column("code", ("编码", "预算编码"), True, _("Code"), _("It never changes."), "clean_villages"),
        Column("name", ("名称", "预算名称"), True, _("Name of the budget"), "", "环境整治专项"),
        Column("points", ("积分", "额度", "每期积分"), True, _("Points in each period"), "", "20000"),
        Column("period", ("周期", "期限"), True, _("Period"), _("Each month, each quarter or each year."), "每季度"),
    ),
    roles=frozenset({one.value for one in OPERATORS}),
    open=Budgets,
    event="earning.budgets_import.loaded",
    taken=_("This row contradicts what is stored. Please check its code."),
    rows=stored,
    called="name",
)

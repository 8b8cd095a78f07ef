"""Working days from a table: the yearly notice as an office types it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from minqing.core.formats import check_date
from minqing.intake.kinds import Column, Row, TableKind
from minqing.org.enums import Role
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.imports.units import filled
from minqing.org.imports.words import yes_or_no
from minqing.org.services import KEEP, Outcome, set_work_day

COLUMNS = (
    Column("date", ("日期", "日子"), True, _("Date"), _("A row with a known date changes that day."), "2026-10-01"),
    Column("working", ("上班", "是否上班", "工作日"), True, _("Worked"), _("Yes or no."), "否"),
    Column("name", ("名称", "节日", "说明"), False, _("Day name"), "", "国庆节"),
)


@dataclass(frozen=True, slots=True)
class Data:
    on: date
    working: bool
    name: str


class WorkDays(OrgTable):
    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        on = told.take("date", lambda: check_date(filled(cell["date"])), None)
        working = told.take("working", lambda: yes_or_no(filled(cell["working"])), None)
        name = told.take("name", lambda: name_of(cell["name"], 60) if cell["name"] else "", "")
        if on and (met := self.seen.first("work_day", on.isoformat(), row.number)):
            row.problems["date"] = doubled(met.row)
        if not row.problems and on and working is not None:
            row.data = Data(on, working, name)

    def understood(self, row: Row) -> Mapping[str, str]:
        data: Data = row.data
        return {"date": data.on.isoformat(), "working": str(_("yes") if data.working else _("no"))}

    def save(self, row: Row) -> Outcome:
        data: Data = row.data
        return set_work_day(on=data.on, working=data.working, name=data.name or KEEP, by=self.by)[1]


KIND = TableKind(
    code="work_days",
    label=_("Working days"),
    explanation=_("Holidays and weekend days worked, as the yearly notice has them; all other days follow the week."),
    columns=COLUMNS,
    roles=frozenset({Role.OPERATOR.value}),
    open=WorkDays,
    event="org.work_days_import.loaded",
    taken=_("This row contradicts what is stored."),
)

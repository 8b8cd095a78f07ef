"""Balances of the old paper books 生态存折, taken over once as opening balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import fold_name, one_form
from minqing.core.clock import today
from minqing.core.errors import DomainError, Invalid
from minqing.core.formats import check_date
from minqing.earning.rules import CLERKS, MOST_OPENING
from minqing.earning.services import open_balance
from minqing.households.queries import household_numbered, members_of
from minqing.intake.kinds import Column, Row, TableKind
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.services import Outcome


def points_in(text: str) -> int:
    digits = one_form(text).removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12 and 0 < int(digits) <= MOST_OPENING):
        raise Invalid("opening", _("Write a whole number of points above nothing, at most 100,000."))
    return int(digits)


def signed_in(text: str) -> Any:
    if (day := check_date(text)) > today():
        raise Invalid("day_to_come", _("This day is still to come."))
    return day


class Balances(OrgTable):
    """One pass over one file."""

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        number = told.take("household", lambda: name_of(cell["household"], 40), "")
        name = fold_name(cell["name"])
        points = told.take("points", lambda: points_in(cell["points"]), 0)
        signed = told.take("signed_on", lambda: signed_in(cell["signed_on"]), None)
        # whose book it is can be looked at whatever else is wrong
        row.data = (number, name, points, signed) if number else None
        if row.problems:
            return
        if met := self.seen.first("balance", f"{number}:{name}", row.number):
            row.problems["household"] = doubled(met.row)

    def look(self, rows: Sequence[Row]) -> None:
        """Whose book it is."""
        for row in rows:
            number, name, points, signed = row.data
            try:
                row.data = (*book_of(self.by, number, name), points, signed)
            except DomainError as error:
                row.problems["household"] = error.sentence

    def save(self, row: Row) -> Outcome:
        household, resident, points, signed = row.data
        new = open_balance(
            household_id=household.pk,
            area_id=household.area_id,
            resident_id=resident,
            points=points,
            signed_on=signed,
            by=self.by,
        )
        return "created" if new else "unchanged"


def book_of(by: Actor, number: str, name: str) -> tuple[object, object]:
    """The household, and who of it has the book; None for one of the household together."""
    household = household_numbered(by, number)
    if household is None:
        raise Invalid("household", _("There is no household of this number in your area."))
    named = [one.id for one in members_of(by, household.pk) if one.name == name] if name else [None]
    if len(named) != 1:
        raise Invalid("household", _("Nobody of this household, or more than one, has this name."))
    return household, named[0]


SIGNED: Final = Column(
    "signed_on", ("签字日期",), True, _("Signed on"), _("When the holder signed."), "2026-10-08", moment=True
)
KIND: Final = TableKind(
    code="opening_balances",
    label=_("Balances of paper books"),
    explanation=_(
        "What stood in the old paper books, each signed by its holder. It is taken over once. A second "
        "clerk brings the same file and loads it."
    ),
    columns=(
        Column("household", ("户号", "户编号"), True, _("Household number"), "", "H0001"),
        Column("name", ("姓名", "户主"), False, _("Name"), _("Empty: the book is the household's."), "何桂香"),
        Column("points", ("余额", "积分", "香榧币"), True, _("Points"), "", "120"),
        SIGNED,
    ),
    roles=CLERKS,
    open=Balances,
    event="earning.import.loaded",
    seconded=lambda row: int(row.data[2]),
    taken=_("The balance of this book was taken over already, with another number."),
)

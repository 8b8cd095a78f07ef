"""The papers that shops keep themselves 兑换点台账, to be laid beside the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import one_form
from minqing.core.clock import today
from minqing.core.errors import Invalid
from minqing.core.formats import check_date
from minqing.intake.kinds import Column, Row, TableKind
from minqing.intake.storage.seen_keys import Seen
from minqing.org.enums import Role
from minqing.org.imports.base import OrgTable, Told, doubled, name_of
from minqing.org.services import Outcome
from minqing.redeeming.models import Shop
from minqing.redeeming.queries.papers import Figures, shops_called
from minqing.redeeming.rules import DEAREST
from minqing.redeeming.services import note_paper


class Papers(OrgTable):
    """One pass over one file."""

    def __init__(self, by: Actor, seen: Seen) -> None:
        super().__init__(by, seen)
        self.shops = shops_called(by)

    def check(self, row: Row, cell: Mapping[str, str]) -> None:
        told = Told(row)
        shop = told.take("shop", lambda: self.shop_of(name_of(cell["shop"], 40), cell["village"].strip()), None)
        day = told.take("day", lambda: day_in(cell["day"]), None)
        what = told.take("what", lambda: name_of(cell["what"], 40), "")
        count = told.take("count", lambda: number_in(cell["count"]), 0)
        points = told.take("points", lambda: number_in(cell["points"]), 0)
        slip = told.take("slip", lambda: name_of(cell["slip"], 20) if cell["slip"].strip() else "", "")
        if row.problems or shop is None:
            return
        if met := self.seen.first("paper", f"{shop.pk}:{day}:{what}:{slip}", row.number):
            row.problems["what"] = doubled(met.row)
        row.data = (shop, day, what, slip, Figures(count, points))

    def shop_of(self, name: str, village: str) -> Shop:
        found = [one for one in self.shops.get(name, []) if village in {"", one.area.name}]
        if len(found) != 1:
            told = (
                _("Several shops are called this. Write the village too.")
                if found
                else _("There is no such shop here.")
            )
            raise Invalid("shop", told)
        return found[0]

    def understood(self, row: Row) -> Mapping[str, str]:
        shop, day, _what, _slip, _figures = row.data
        return {"shop": f"{shop.name} · {shop.area.name}", "day": day.isoformat()}

    def save(self, row: Row) -> Outcome:
        shop, day, what, slip, given = row.data
        return note_paper(shop=shop, day=day, what=what, slip=slip, given=given, by=self.by)


def day_in(text: str) -> Any:
    if (day := check_date(text)) > today():
        raise Invalid("day_to_come", _("This day is still to come."))
    return day


def number_in(text: str) -> int:
    """Less than nothing is what came back."""
    digits = one_form(text).removesuffix(".0")
    plain = digits.removeprefix("-")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 12 and int(plain) <= DEAREST):
        raise Invalid("paper_number", _("Write a whole number, with a minus for what came back."))
    return int(digits)


KIND: Final = TableKind(
    code="shop_papers",
    label=_("Papers of shops"),
    explanation=_(
        "What a shop has written down itself, one line for each day and thing. It is laid beside the ledger on the "
        "shop's page, and changes no points."
    ),
    columns=(
        Column("shop", ("兑换点", "店名", "超市"), True, _("Shop"), "", "村口超市"),
        Column("village", ("村社", "村"), False, _("Village"), _("Where several shops have one name."), "棠溪村"),
        Column("day", ("日期", "兑换日期"), True, _("Day"), "", "2026-11-08", moment=True),
        Column("what", ("商品", "品名", "物品"), True, _("What was had"), _("As in the catalogue."), "矿泉水"),
        Column("count", ("数量", "件数"), True, _("Pieces"), _("With a minus: came back."), "2"),
        Column("points", ("香榧币", "积分", "合计"), True, _("Points"), _("Of all pieces together."), "30"),
        Column(
            "slip", ("单号", "序号"), False, _("Number of the slip"), _("Where a day has several of one thing."), "0012"
        ),
    ),
    roles=frozenset({Role.CLERK}),
    open=Papers,
    event="redeeming.paper.loaded",
    taken=_("This row contradicts what is stored."),
)

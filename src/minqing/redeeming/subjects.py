"""What sales hold of a person: what somebody had in a shop for the points of an account that is theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.points.queries.people import held_by
from minqing.privacy.subjects import Found, Person, Section, Subjects
from minqing.redeeming.models import SaleLine

_LABELS: Final = {
    "day": _("Day"),
    "shop": _("Shop"),
    "what": _("What was had"),
    "count": _("How many"),
    "points": _("Points"),
    "returned": _("Given back on"),
}


def lines_of(person: Person) -> QuerySet[SaleLine]:
    held = held_by(person.residents, person.own_homes)
    rows = SaleLine.objects.filter(sale__payer__in=held.values("account")).select_related("sale__shop", "item")
    return rows.order_by("sale__sold_at", "pk")


def find(person: Person) -> Found:
    return Found(lines_of(person).count())


def give(person: Person) -> list[Section]:
    rows = [
        {
            "day": local_date(one.sale.sold_at).isoformat(),
            "shop": one.sale.shop.name,
            "what": one.item.name,
            "count": str(one.count),
            "points": str(one.price * one.count),
            "returned": local_date(one.returned_at).isoformat() if one.returned_at else "",
        }
        for one in lines_of(person)
    ]
    return [Section("sales", _("Had in shops for points"), _LABELS, rows)]


def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """A sale names the number of an account: once that is nobody's, it tells of nobody. Without an event."""
    return 0


SUBJECTS: Final = Subjects(room="redeeming", label=_("Had in shops for points"), find=find, give=give, erase=erase)

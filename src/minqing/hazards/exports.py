"""Hazards as a table, without what people wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.core.sheets.writing import Column
from minqing.exports.kinds import ExportKind
from minqing.hazards.forms.filters import HazardFilter
from minqing.hazards.models import Hazard
from minqing.hazards.queries import BY_DUE, QUEUES, TIMED, visible_hazards
from minqing.hazards.rules import CLERKS
from minqing.listing.kinds import Order
from minqing.org.enums import Role

ORDERS: Final = {"due": Order(BY_DUE), "found": Order(("-found_at", "-pk"), descending=True)}


def found(actor: Actor, form: HazardFilter) -> QuerySet[Hazard]:
    return form.narrow(visible_hazards(actor))


def columns() -> Sequence[Column]:
    labels = (
        _("Number"), _("Checklist"), _("What was seen"), _("Severity"), _("Place"), _("State"), _("Found"), _("Due"),
        _("Put right on"), _("Closed on"),
    )  # fmt: skip
    return [Column(label, 16) for label in labels]


def cells(rows: QuerySet[Hazard], actor: Actor) -> Iterable[Sequence[object]]:
    for one in rows:
        moments = (one.found_at, one.due_at if one.state in TIMED else None, one.righted_at, one.closed_at)
        yield (
            one.number,
            one.version.name if one.version else "",
            "；".join(one.looks),
            one.severity_label,
            one.area.name,
            one.state_label,
            *(local_date(moment) if moment else "" for moment in moments),
        )


HAZARDS: Final[ExportKind] = ExportKind(
    code="hazards",
    label=gettext_lazy("Hazards"),
    roles=CLERKS | {Role.LEADER},
    left_out=gettext_lazy("Households, places and what people wrote are not in the table."),
    list_url="hazards:list",
    ask_url="hazards:export",
    form=HazardFilter,
    found=found,
    orders=ORDERS,
    queues=QUEUES,
    columns=columns,
    cells=cells,
)

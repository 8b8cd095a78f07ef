"""Requests as a table: figures and days, nobody's name and nobody's words."""

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
from minqing.listing.kinds import Order
from minqing.rights.forms.filters import NOT_ANSWERED, RequestFilter
from minqing.rights.models import Request
from minqing.rights.queries import BY_DUE, OPEN, QUEUES, visible_requests
from minqing.rights.rules import DECIDERS

ORDERS: Final = {"due": Order(BY_DUE), "received": Order(("-received_at", "-pk"), descending=True)}


def found(actor: Actor, form: RequestFilter) -> QuerySet[Request]:
    return filtered(visible_requests(actor), form)


def filtered(rows: QuerySet[Request], form: RequestFilter) -> QuerySet[Request]:
    chosen = form.chosen
    if chosen.get("state") == NOT_ANSWERED:
        rows = rows.filter(state__in=OPEN)
        chosen.pop("state")
    return rows.filter(**chosen)


def columns() -> Sequence[Column]:
    labels = (
        _("Number"),
        _("What is asked"),
        _("Way in"),
        _("Place"),
        _("State"),
        _("Received"),
        _("Due"),
        _("Answered"),
    )
    return [Column(label, 16) for label in labels]


def due_day(one: Request) -> object:
    """As in the list: what was taken back or has lapsed is due no more."""
    counts = one.state in OPEN or one.answered_at is not None
    return local_date(one.due_at) if one.due_at and counts else ""


def cells(rows: QuerySet[Request], actor: Actor) -> Iterable[Sequence[object]]:
    for one in rows:
        answered = local_date(one.answered_at) if one.answered_at else ""
        yield (
            one.number,
            one.kind_label,
            one.way_label,
            one.area.name,
            one.state_label,
            local_date(one.received_at),
            due_day(one),
            answered,
        )


REQUESTS: Final[ExportKind] = ExportKind(
    code="rights",
    label=gettext_lazy("Requests about own data"),
    roles=DECIDERS,
    left_out=gettext_lazy("Names, numbers and words are not in the table."),
    list_url="rights:list",
    ask_url="rights:export",
    form=RequestFilter,
    found=found,
    orders=ORDERS,
    queues=QUEUES,
    columns=columns,
    cells=cells,
)

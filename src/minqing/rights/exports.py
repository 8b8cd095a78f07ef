"""Requests as a table: figures and days, nobody's name and nobody's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.core.sheets.writing import Column
from minqing.exports.kinds import ExportKind
from minqing.rights.forms.filters import NOT_ANSWERED, RequestFilter
from minqing.rights.models import Request
from minqing.rights.queries import BY_DUE, OPEN, QUEUES, visible_requests
from minqing.rights.rules import DECIDERS


def cleaned(query: str) -> str:
    """The filters of the list and the queue; the rest of an address is dropped."""
    given, kept = QueryDict(query), QueryDict(mutable=True)
    for name, value in RequestFilter(given).chosen.items():
        kept[name] = value
    if given.get("queue") in QUEUES:
        kept["queue"] = str(given["queue"])
    return kept.urlencode()


def found(actor: Actor, query: str) -> QuerySet[Request]:
    """As the list shows them."""
    asked = QueryDict(cleaned(query))
    rows = filtered(visible_requests(actor), RequestFilter(asked))
    return (QUEUES.within(rows, str(asked["queue"]), actor) if "queue" in asked else rows).order_by(*BY_DUE)


def filtered(rows: QuerySet[Request], form: RequestFilter) -> QuerySet[Request]:
    chosen = form.chosen
    if chosen.get("state") == NOT_ANSWERED:
        rows = rows.filter(state__in=OPEN)
        chosen.pop("state")
    return rows.filter(**chosen)


def worded(told: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    queue = QUEUES.get(told.get("queue", ""))
    words = [(_("What waits"), str(queue.label))] if queue else []
    return [*words, *RequestFilter(told).told_in_words()]


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
    cleaned=cleaned,
    found=found,
    worded=worded,
    columns=columns,
    cells=cells,
)

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
from minqing.exports.kinds import Kind
from minqing.rights.enums import Kind as Asked
from minqing.rights.models import Request
from minqing.rights.queries import OPEN, visible_requests
from minqing.rights.rules import DECIDERS


def cleaned(query: str) -> str:
    """``state=open`` and one kind; the rest of an address is dropped."""
    given, kept = QueryDict(query), QueryDict(mutable=True)
    if given.get("state") == "open":
        kept["state"] = "open"
    if given.get("kind") in {one.value for one in Asked}:
        kept["kind"] = str(given["kind"])
    return kept.urlencode()


def found(actor: Actor, query: str) -> QuerySet[Request]:
    rows, asked = visible_requests(actor), QueryDict(cleaned(query))
    if "state" in asked:
        rows = rows.filter(state__in=OPEN)
    return rows.filter(kind=asked["kind"]) if "kind" in asked else rows


def worded(told: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    words = [(_("State"), _("Not answered yet"))] if told.get("state") == "open" else []
    kind = next((one for one in Asked if one.value == told.get("kind")), None)
    return [*words, *([(_("What is asked"), str(kind.label))] if kind else [])]


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
            local_date(one.due_at) if one.due_at else "",
            answered,
        )


REQUESTS: Final[Kind] = Kind(
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

"""The list of requests: its queues, filters, columns and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import number_typed
from minqing.listing.kinds import Button, Column, Empty, List, Waiting, Way
from minqing.org.access import PageRequest
from minqing.org.enums import FIELD
from minqing.org.queries import in_place
from minqing.rights import queries
from minqing.rights.exports import ORDERS, filtered
from minqing.rights.exports import REQUESTS as TABLE
from minqing.rights.forms.filters import RequestFilter
from minqing.rights.models import Request
from minqing.rights.rules import DECIDERS, NAMES, SEES, waits_for
from minqing.web.pieces import Due, Row
from minqing.web.slots import drawn
from minqing.web.templatetags.mq import NOTHING, due, icon, nr, when


class RequestLine(NamedTuple):
    """A request, its deadline in words, whether it waits for the reader, and whether they know who asks."""

    row: Request
    due: Due | None
    waits: bool
    named: bool


def filters(_request: PageRequest, data: QueryDict) -> RequestFilter:
    return RequestFilter(data)


def rows(request: PageRequest, form: RequestFilter) -> QuerySet[Request]:
    return filtered(queries.visible_requests(request.actor), form)


def shown(request: PageRequest, rows: Sequence[Request]) -> list[RequestLine]:
    actor, told = request.actor, queries.dues(clock.now())
    named = actor.has(*NAMES)
    return [RequestLine(row, told(row), waits_for(actor, row.situation), named) for row in rows]


def title(line: RequestLine) -> str:
    """What is asked, by whom for those who know."""
    asks = _("Asked: %(kind)s") % {"kind": line.row.kind_label}
    return " · ".join(filter(None, [asks, line.row.name if line.named else ""]))


def head(line: RequestLine) -> SafeString:
    """What opens the request."""
    url = reverse("rights:detail", args=[line.row.pk])
    note = nr(line.row.number)
    return format_html('<a href="{}" data-open>{}</a><span class="row-note">{}</span>', url, title(line), note)


def found_for(actor: Actor, typed: str, area: int | None) -> QuerySet[Request]:
    """What somebody may see of all requests in that place; of words only a number is looked for."""
    found = queries.visible_requests(actor)
    if typed:
        found = found.filter(number=number_typed(typed))
    return in_place(found, area)


def waiting_rows(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What waits, as a line of the worklist."""
    known = queries.requests_of(request.actor, [row["pk"] for row in rows])
    lines = shown(request, [known[row["pk"]] for row in rows if row["pk"] in known])
    return [waiting_row(line) for line in lines]


def waiting_row(line: RequestLine) -> Row:
    row = line.row
    return Row(
        title(line),
        reverse("rights:detail", args=[row.pk]),
        row.due_at,
        line.due,
        (row.state_label, row.area.name, row.number),
        sign=str(_("Own data")),
        act=str(queries.QUEUES["turn"].act),
    )


def state(line: RequestLine) -> SafeString | str:
    if not line.waits:
        return line.row.state_label
    return format_html('{} <span class="tag">{} {}</span>', line.row.state_label, icon("person-check"), _("Your turn"))


def figures(request: PageRequest) -> str:
    """How many came in of each kind, and how many were answered late: for those in charge."""
    counts = queries.counts(request.actor) if request.actor.has(*DECIDERS) else []
    return drawn(request, "rights/parts/figures.html", {"counts": counts}) if counts else ""


def take_in(request: PageRequest) -> Way | None:
    return Way("rights:new", _("Take in a request")) if request.actor.has(*FIELD) else None


REQUESTS = List(
    name="rights",
    label=_("Requests about own data"),
    url="rights:list",
    roles=SEES,
    form=filters,
    first=("kind", "state"),
    rows=rows,
    shown=shown,
    orders=ORDERS,
    columns=(
        Column(_("Request"), head),
        Column(_("Deadline"), lambda line: due(line.due, none=NOTHING), order="due"),
        Column(_("State"), state),
        Column(_("Place"), lambda line: line.row.area.name),
        Column(_("Way in"), lambda line: line.row.way_label),
        Column(_("Received"), lambda line: when(line.row.received_at), order="received"),
    ),
    queues=queries.QUEUES,
    waiting=Waiting(queues=queries.QUEUES, found=found_for, due="due_at", values=("due_at",), rows=waiting_rows),
    below=figures,
    buttons=(Button(label=_("Take in a request"), url="rights:new", icon="plus-lg", roles=FIELD, main=True),),
    empty=Empty("shield-lock", _("No requests"), _("Whoever asks about their own data is taken in here."), take_in),
    nothing=Empty("search", _("No request fits"), _("Choose another tab, or take away a filter.")),
    exports=TABLE,
    keeps=True,
)

"""The list of claims: its queues, filters, columns and orders."""

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
from minqing.earning import queries
from minqing.earning.forms.claims import ClaimFilter
from minqing.earning.models import Claim
from minqing.earning.rules import waits_for
from minqing.listing.kinds import Button, Column, Empty, List, Order, Waiting, Way
from minqing.org.access import PageRequest
from minqing.org.enums import FIELD
from minqing.org.queries import in_place
from minqing.web.pieces import Due, Row
from minqing.web.templatetags.mq import NOTHING, due, icon, nr, shortday, when


class ClaimLine(NamedTuple):
    """A claim, until when an objection to it is to be decided, and whether it waits for the reader."""

    row: Claim
    due: Due | None
    waits: bool


def filters(_request: PageRequest, data: QueryDict) -> ClaimFilter:
    return ClaimFilter(data)


def rows(request: PageRequest, form: ClaimFilter) -> QuerySet[Claim]:
    chosen = form.chosen
    if "category" in chosen:
        chosen["version__function__category"] = chosen.pop("category")
    return queries.visible_claims(request.actor).filter(**chosen)


def shown(request: PageRequest, rows: Sequence[Claim]) -> list[ClaimLine]:
    told = queries.dues(clock.now())
    return [ClaimLine(row, told(row), waits_for(request.actor, row.situation)) for row in rows]


def title(row: Claim) -> str:
    return " · ".join(filter(None, [row.version.name, row.name]))


def head(line: ClaimLine) -> SafeString:
    """What opens the claim."""
    url = reverse("earning:detail", args=[line.row.pk])
    note = nr(line.row.number)
    return format_html('<a href="{}" data-open>{}</a><span class="row-note">{}</span>', url, title(line.row), note)


def state(line: ClaimLine) -> SafeString | str:
    if not line.waits:
        return line.row.state_label
    return format_html('{} <span class="tag">{} {}</span>', line.row.state_label, icon("person-check"), _("Your turn"))


def found_for(actor: Actor, typed: str, area: int | None) -> QuerySet[Claim]:
    """What somebody may see of all claims in that place; of words only a number is looked for."""
    found = queries.visible_claims(actor)
    if typed:
        found = found.filter(number=number_typed(typed))
    return in_place(found, area)


def waiting_rows(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What waits, as a line of the worklist."""
    known = queries.claims_of(request.actor, [row["pk"] for row in rows])
    lines = shown(request, [known[row["pk"]] for row in rows if row["pk"] in known])
    return [waiting_row(line.row, line.due) for line in lines]


def waiting_row(row: Claim, told: Due | None) -> Row:
    notes = (row.state_label, row.area.name, row.number)
    address = reverse("earning:detail", args=[row.pk])
    due_at = row.due_at if told else None
    return Row(title(row), address, due_at, told, notes, sign=str(_("Claim")), act=str(queries.QUEUES["turn"].act))


def take_in(_request: PageRequest) -> Way:
    return Way("earning:new", _("Key in a claim on paper"))


CLAIMS = List(
    name="claims",
    label=_("Claims for points"),
    url="earning:list",
    roles=FIELD,
    form=filters,
    first=("category", "state"),
    rows=rows,
    shown=shown,
    orders={
        "received": Order(("-received_at", "-pk"), descending=True),
        "oldest": Order(queries.OLDEST_FIRST),
        "due": Order(queries.BY_DUE),
    },
    columns=(
        Column(_("Claim"), head),
        Column(_("Deadline"), lambda line: due(line.due, none=NOTHING), order="due"),
        Column(_("State"), state),
        Column(_("Points"), lambda line: line.row.version.points),
        Column(_("Done on"), lambda line: shortday(line.row.happened_on)),
        Column(_("Place"), lambda line: line.row.area.name),
        Column(_("Way in"), lambda line: line.row.way_label),
        Column(_("Received"), lambda line: when(line.row.received_at), order="received"),
    ),
    queues=queries.QUEUES,
    waiting=Waiting(queues=queries.QUEUES, found=found_for, due="due_at", values=("due_at",), rows=waiting_rows),
    buttons=(
        Button(label=_("Key in a claim on paper"), url="earning:new", icon="plus-lg", roles=FIELD, main=True),
        Button(label=_("What people are thanked for"), url="earning:functions", icon="list-ul", roles=FIELD),
    ),
    empty=Empty(
        "hand-thumbs-up", _("No claims"), _("What somebody did and wants to be thanked for stands here."), take_in
    ),
    nothing=Empty("search", _("No claim fits"), _("Choose another tab, or take away a filter.")),
    keeps=True,
)

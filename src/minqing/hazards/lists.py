"""The list of hazards: its queues, filters, columns and orders."""

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
from minqing.hazards import queries
from minqing.hazards.enums import Move
from minqing.hazards.exports import HAZARDS as TABLE
from minqing.hazards.exports import ORDERS
from minqing.hazards.forms.filters import HazardFilter
from minqing.hazards.models import Hazard
from minqing.hazards.rules import MAKES, READS, SEES, waits_for
from minqing.listing.kinds import Button, Column, Empty, List, Waiting, Way
from minqing.org.access import PageRequest
from minqing.org.queries import in_place
from minqing.web.pieces import Due, Row
from minqing.web.templatetags.mq import NOTHING, due, icon, nr, when

FINDS = MAKES[Move.FIND]


class HazardLine(NamedTuple):
    """A hazard, its deadline in words, whether it waits for the reader, and what it is called for them."""

    row: Hazard
    due: Due | None
    waits: bool
    title: str


def filters(_request: PageRequest, data: QueryDict) -> HazardFilter:
    return HazardFilter(data)


def rows(request: PageRequest, form: HazardFilter) -> QuerySet[Hazard]:
    return form.narrow(queries.visible_hazards(request.actor))


def shown(request: PageRequest, rows: Sequence[Hazard]) -> list[HazardLine]:
    actor, told = request.actor, queries.dues(clock.now())
    return [HazardLine(row, told(row), waits_for(actor, row.situation), called(row, actor)) for row in rows]


def called(row: Hazard, actor: Actor) -> str:
    return row.title_in_words if actor.has(*READS) else row.title


def head(line: HazardLine) -> SafeString:
    """What opens the hazard."""
    url = reverse("hazards:detail", args=[line.row.pk])
    note = nr(line.row.number)
    return format_html('<a href="{}" data-open>{}</a><span class="row-note">{}</span>', url, line.title, note)


def state(line: HazardLine) -> SafeString | str:
    if not line.waits:
        return line.row.state_label
    return format_html('{} <span class="tag">{} {}</span>', line.row.state_label, icon("person-check"), _("Your turn"))


def found_for(actor: Actor, typed: str, area: int | None) -> QuerySet[Hazard]:
    """What somebody may see of all hazards in that place; of words only a number is looked for."""
    found = queries.visible_hazards(actor)
    if typed:
        found = found.filter(number=number_typed(typed))
    return in_place(found, area)


def waiting_rows(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What waits, as a line of the worklist."""
    known = queries.hazards_of(request.actor, [row["pk"] for row in rows])
    lines = shown(request, [known[row["pk"]] for row in rows if row["pk"] in known])
    return [waiting_row(line) for line in lines]


def waiting_row(line: HazardLine) -> Row:
    row = line.row
    return Row(
        line.title,
        reverse("hazards:detail", args=[row.pk]),
        row.due_at,
        line.due,
        (row.state_label, row.severity_label, row.area.name, row.number),
        sign=str(_("Hazard")),
        act=str(queries.ACT),
    )


def find(request: PageRequest) -> Way | None:
    return Way("hazards:new", _("Report a hazard")) if request.actor.has(*FINDS) else None


HAZARDS = List(
    name="hazards",
    label=_("Hazards"),
    url="hazards:list",
    roles=SEES,
    form=filters,
    first=("severity", "state"),
    rows=rows,
    shown=shown,
    orders=ORDERS,
    columns=(
        Column(_("Hazard"), head),
        Column(_("Severity"), lambda line: line.row.severity_label),
        Column(_("Deadline"), lambda line: due(line.due, none=NOTHING), order="due"),
        Column(_("State"), state),
        Column(_("Place"), lambda line: line.row.area.name),
        Column(_("Found"), lambda line: when(line.row.found_at), order="found"),
    ),
    queues=queries.QUEUES,
    waiting=Waiting(queues=queries.QUEUES, found=found_for, due="due_at", values=("due_at",), rows=waiting_rows),
    buttons=(Button(label=_("Report a hazard"), url="hazards:new", icon="plus-lg", roles=FINDS, main=True),),
    empty=Empty("exclamation-triangle", _("No hazards"), _("What is dangerous in the village stands here."), find),
    nothing=Empty("search", _("No hazard fits"), _("Choose another tab, or take away a filter.")),
    exports=TABLE,
    keeps=True,
)

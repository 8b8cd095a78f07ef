"""The list of matters: its filters, columns and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.listing.forms import area_choices
from minqing.listing.kinds import Button, Column, Empty, List, Queue, Waiting
from minqing.matters import queries
from minqing.matters.access import READERS
from minqing.matters.enums import LEFT_OVER, OPEN, Channel, State
from minqing.matters.exports import MATTERS as TABLE
from minqing.matters.exports import ORDERS
from minqing.matters.forms.filters import FilterForm
from minqing.matters.models import Matter
from minqing.matters.models.matter import outcome_word
from minqing.matters.models.naming import face_of
from minqing.matters.queries.worklist import QUEUES
from minqing.org.access import PageRequest
from minqing.org.enums import FIELD
from minqing.org.queries import areas_named, unit_names, units_ever
from minqing.web.pieces import Due, Row
from minqing.web.templatetags.mq import NOTHING, due, icon, light, nr, state, when

VALUES = (
    "id",
    "number",
    "title",
    "likes",
    "confidential",
    "channel",
    "state",
    "received_at",
    "assigned_at",
    "due_at",
    "due_provisional",
    "finished_at",
    "outcome",
    "reopened",
    "category_id",
    "area_id",
    "lead_unit_id",
    "handler_name",
    "contested",
    "changed_at",
)
HEAD = '<a href="%s" data-open>%s</a><span class="row-note">%s</span>'
# stands in an address for the matter of each row
ANY = UUID(int=0)


def filters(request: PageRequest, data: QueryDict) -> FilterForm:
    return FilterForm(data, areas=partial(area_choices, request), units=units_ever, categories=queries.categories)


def rows(request: PageRequest, form: FilterForm) -> QuerySet[Matter]:
    found = queries.filtered(queries.visible_matters(request.actor), form.filters(), actor=request.actor, lit=False)
    return queries.with_handlers(found)


class MatterLine(NamedTuple):
    """A row of the list with its deadline in words, and what the cells of all rows of the page look up."""

    row: Mapping[str, Any]
    due: Due | None
    page: Lookup


class Lookup(NamedTuple):
    """Names by their keys (three joins would be made for every row that may come onto the page), and marks."""

    reader: Actor
    address: str
    categories: Mapping[str, str]
    areas: Mapping[int, str]
    units: Mapping[int, str]
    marks: Marks


def shown(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[MatterLine]:
    """Plain values, since fifty rows of template logic cost more than all else."""
    timings = [queries.Timing(*(row[name] for name in queries.Timing._fields)) for row in rows]
    told = queries.dues(timings)
    page = Lookup(
        request.actor,
        f"{reverse('matters:detail', args=[ANY])}?{urlencode({'in': asked_for(request)})}",
        queries.category_names(),
        areas_named(),
        unit_names(),
        Marks.made(),
    )
    return [MatterLine(row, told(timing), page) for row, timing in zip(rows, timings, strict=True)]


def asked_for(request: PageRequest) -> str:
    """The filters of the list, which a matter opened from it keeps: one of them at least, so that it knows of it."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode() or "state="


class Marks(NamedTuple):
    """What stands before the number of an open call for help, behind a confidential matter's, and before its likes."""

    help: SafeString
    confidential: SafeString
    likes: SafeString

    @classmethod
    def made(cls) -> Marks:
        tag = format_html(' <span class="tag">{} {}</span>', icon("shield-lock"), _("Confidential"))
        help_ = light("red", Channel.SOS.label) + SafeString(" ")
        return cls(help_, tag, format_html(" · {} ", icon("hand-thumbs-up", str(_("Likes")))))


def head(line: MatterLine) -> SafeString:
    """The matter itself: its title, which opens it, and its number."""
    row, marks = line.row, line.page.marks
    title = queries.title_told(line.page.reader, row["title"], confidential=row["confidential"])
    number = nr(row["number"]) + (marks.confidential if row["confidential"] else "")
    if row["channel"] == Channel.SOS and row["state"] in OPEN:
        number = marks.help + number
    if row["likes"]:
        number += f"{marks.likes}{row['likes']}"
    url = line.page.address.replace(str(ANY), str(row["id"]))
    # a number of our own making, figures, and what is escaped here
    return mark_safe(HEAD % (url, escape(title), number))  # noqa: S308


def state_cell(line: MatterLine) -> SafeString:
    row = line.row
    face = state(face_of(row["state"], had_unit=row["lead_unit_id"] is not None, reopened=row["reopened"]))
    # what is solved is what one expects of an answer
    left = outcome_word(row["outcome"], row["state"]) if row["outcome"] in LEFT_OVER else ""
    return format_html('{}<span class="row-note">{}</span>', face, left) if left else face


def waiting_rows(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What waits, as a line: what it is and where, who has it, and what is done with it."""
    return [waiting_row(line, QUEUES[line.row["queue"]]) for line in shown(request, rows)]


def found_rows(request: PageRequest, typed: str, most: int) -> list[Row]:
    """The newest of the matters that ``typed`` finds, as lines: one more than ``most`` where there are more."""
    rows = queries.search(queries.visible_matters(request.actor), typed, reader=request.actor)
    cut = queries.with_handlers(rows).order_by("-received_at", "-id").values(*VALUES)[: most + 1]
    return [waiting_row(line, None) for line in shown(request, list(cut))]


def waiting_row(line: MatterLine, queue: Queue | None) -> Row:
    row, page = line.row, line.page
    # the matter's page keeps the place in the queue from which it was opened
    place = "?" + urlencode({"in": f"queue={queue.name}"}) if queue else ""
    face = face_of(row["state"], had_unit=bool(row["lead_unit_id"]), reopened=row["reopened"])
    has_it = unit_named(line)
    notes = (page.areas.get(row["area_id"], ""), page.categories.get(row["category_id"], ""), has_it, handler(line))
    return Row(
        queries.title_told(page.reader, row["title"], confidential=row["confidential"]),
        reverse("matters:detail", args=[row["id"]]) + place,
        row["due_at"],
        line.due if row["state"] in OPEN else None,
        (*filter(None, notes), row["number"]),
        sign=str(queue.label) if queue else face[1],
        act=str(queue.act) if queue else "",
    )


def found_for(actor: Actor, typed: str, area: int | None) -> QuerySet[Matter]:
    """What somebody may see of all matters in that place, and with those words: for the queues, which leave few."""
    found = queries.search(queries.in_area(queries.visible_matters(actor), area), typed, few=True)
    return queries.with_handlers(found)


def unit_named(line: MatterLine) -> str:
    """What was sent back is with nobody."""
    return "" if line.row["state"] == State.RECEIVED else line.page.units.get(line.row["lead_unit_id"], "")


def handler(line: MatterLine) -> str:
    """Who in the unit has it; said of what a unit has in hand."""
    row = line.row
    if row["state"] not in queries.HELD:
        return ""
    return row["handler_name"] or str(queries.NO_HANDLER)


def unit(line: MatterLine) -> SafeString | str:
    named, person = unit_named(line), handler(line)
    return format_html('{}<span class="row-note">{}</span>', named, person) if person else named or NOTHING


MATTERS = List(
    name="matters",
    label=_("Matters"),
    url="matters:list",
    roles=READERS,
    form=filters,
    first=("text", "state", "light"),
    rows=rows,
    values=VALUES,
    shown=shown,
    orders=ORDERS,
    columns=(
        Column(_("Matter"), head),
        Column(_("Deadline"), lambda line: due(line.due, none=NOTHING), order="due"),
        Column(_("State"), state_cell),
        Column(_("Category"), lambda line: line.page.categories.get(line.row["category_id"], NOTHING)),
        Column(_("Place"), lambda line: line.page.areas.get(line.row["area_id"], NOTHING)),
        Column(_("Unit"), unit),
        Column(_("Received"), lambda line: when(line.row["received_at"]), order="received"),
    ),
    buttons=(Button(label=_("Take in a matter"), url="matters:new", icon="plus-lg", roles=FIELD, main=True),),
    counted=_("%(n)s matters"),
    foot=(Button(label=_("Print the slips of these"), url="matters:slips", icon="printer", roles=FIELD),),
    empty=Empty(
        "inbox",
        _("No matters here"),
        _("Matters that residents report, and those written down on visits, appear here."),
    ),
    nothing=Empty(
        "search",
        _("No matters here"),
        _("Nothing fits this search. Take away a filter or use fewer words."),
    ),
    exports=TABLE,
    keeps=True,
    waiting=Waiting(queues=QUEUES, found=found_for, due="due_at", values=VALUES, rows=waiting_rows),
)

"""The list of matters with its filters, and taking one in at the counter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.exports.kinds import kind_of
from minqing.matters import hooks, queries, rules
from minqing.matters.access import READERS
from minqing.matters.enums import OPEN, Channel, Light, State
from minqing.matters.forms import FilterForm
from minqing.matters.keeping_forms import KeepForm
from minqing.matters.models.matter import deadline_word, light_word
from minqing.matters.models.naming import state_word
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD, Level
from minqing.org.queries import AREAS, areas_named, areas_seen, few_of, unit_names, units_ever
from minqing.web.asked import whole_number
from minqing.web.htmx import partial as page_or_part
from minqing.web.paging import Page, page_of
from minqing.web.renderer import escaped
from minqing.web.slots import parts
from minqing.web.templatetags.mq import NOTHING, icon, light, localday, when

# those that stand in the open; the others come when they are asked for
FIRST_FILTERS = frozenset({"text", "state", "light"})
# of the cells beside the matter itself
HEADINGS = (
    _lazy("Deadline"), _lazy("State"), _lazy("Category"), _lazy("Place"), _lazy("Unit"), _lazy("Received"),
    _lazy("Due"),
)  # fmt: skip
COLUMNS = (
    "id", "number", "title", "likes", "confidential", "channel", "state", "received_at", "assigned_at", "due_at",
    "category_id", "area_id", "lead_unit_id", "contested", "changed_at",
)  # fmt: skip


HEAD = '<a href="%s" data-open>%s</a><span class="row-note">%s</span>'

# stands in an address for the matter of each row
ANY = UUID(int=0)


def area_choices(request: PageRequest, *, few: bool = True) -> list[tuple[int, str]]:
    """The actor's areas, those below others set in; for a unit that works in many, the county and its townships.

    Of a whole county's areas, ``few`` leaves the townships and what lies in the one that is asked for.
    """
    rows = areas_seen(request.actor) or wide_areas(request)
    if few:
        rows = few_of(rows, whole_number(request.GET, "area"))
    top = min((row.path.count(".") for row in rows), default=0)
    return [(row.id, "\u3000" * (row.path.count(".") - top) + row.name) for row in rows]


def wide_areas(request: PageRequest) -> list[Any]:
    path = request.post.area.path if request.post and request.post.area else "-"
    return [one for one in AREAS.now().areas if one.path.startswith(path) and one.level in {Level.CITY, Level.TOWNSHIP}]


def listed(request: PageRequest) -> tuple[FilterForm, Page]:
    """The filters of the list's address, and the page of rows that they leave, each a dict of :data:`COLUMNS`."""
    areas = partial(area_choices, request)
    form = FilterForm(request.GET, areas=areas, units=units_ever, categories=queries.categories)
    found = queries.filtered(queries.visible_matters(request.actor), form.filters(), actor=request.actor, lit=False)
    by_due = request.GET.get("order") == "due"
    ordered = found.order_by(*(("due_at", "id") if by_due else ("-received_at", "-id")))
    return form, page_of(ordered.values(*COLUMNS), request)


@page(roles=READERS)
def listing(request: PageRequest) -> HttpResponse:
    """Newest first; ``?order=due`` shows what is due first."""
    form, found_page = listed(request)
    context: dict[str, Any] = {
        "form": form,
        "headings": [str(heading) for heading in HEADINGS],
        "page": replace(found_page, rows=rows_shown(found_page.rows, reader=request.actor)),
        "order": "due" if request.GET.get("order") == "due" else "received",
        "query": request.GET.urlencode(),
        "keep": KeepForm(auto_id="keep-%s"),
        "may_export": request.actor.has(*kind_of("matters").roles),
        "may_take_in": request.actor.has(*FIELD),
        "narrowed": any(value for name, value in request.GET.items() if name != "more"),
        "further": any(request.GET.get(name) for name in ("more", *form.fields) if name not in FIRST_FILTERS),
    }
    if any(row["pick"] for row in context["page"]):
        context["ticked"] = parts("matters.list", request, found_page.rows)
    return page_or_part(request, "matters/list.html", "rows", context)


def rows_shown(rows: Iterable[dict[str, Any]], *, reader: Actor | None = None) -> list[dict[str, Any]]:
    """What the table shows of each row: plain values, since fifty rows of template logic cost more than all else.

    With ``reader`` it is told what this actor may read, with the tick boxes of rooms above.
    """
    address = reverse("matters:detail", args=[ANY])
    words = {state.value: state_word(state) for state in State}
    rows = list(rows)
    marks, light_of = Marks.made(), lights(rows)
    boxes = {id: box for made in hooks.ticks(reader, rows) for id, box in made.items()} if reader else {}
    # names by their ids: three joins would be made for every row that may come onto the page
    names = Names(queries.category_names(), areas_named(), unit_names())
    return [
        {
            "head": head_of(row, address.replace(str(ANY), str(row["id"])), marks, reader),
            "cells": cells_of(row, light_of(row), words, names),
            "pick": boxes.get(row["id"], ""),
        }
        for row in rows
    ]


class Marks(NamedTuple):
    """What stands before the number of an open call for help, behind a confidential matter's, and before its likes."""

    help: SafeString
    confidential: SafeString
    likes: SafeString

    @classmethod
    def made(cls) -> Marks:
        tag = format_html(' <span class="tag">{} {}</span>', icon("shield-lock"), _("Confidential"))
        help_ = light(Light.RED.value, Channel.SOS.label) + SafeString(" ")
        return cls(help_, tag, format_html(" · {} ", icon("hand-thumbs-up", _("Likes"))))


def head_of(row: Mapping[str, Any], url: str, marks: Marks, reader: Actor | None) -> SafeString:
    """The matter itself: its title, which opens it, and its number."""
    title = queries.title_told(reader, row["title"], confidential=row["confidential"])
    number = row["number"] + (marks.confidential if row["confidential"] else "")
    if row["channel"] == Channel.SOS and row["state"] in OPEN:
        number = marks.help + number
    if row["likes"]:
        number += f"{marks.likes}{row['likes']}"
    # a number of our own making, figures, and what is escaped here
    return mark_safe(HEAD % (url, escaped(title), number))  # noqa: S308


class Names(NamedTuple):
    """Of categories, areas and units by their keys."""

    categories: Mapping[str, str]
    areas: Mapping[int, str]
    units: Mapping[int, str]


def lights(rows: Iterable[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], Light]:
    """What tells the colour of a row's deadline, at this moment for all rows."""
    now = clock.now()
    limit = queries.soon(now)
    runs = queries.running_of((row["id"], row["state"], row["due_at"]) for row in rows)
    return lambda row: rules.light(
        runs=runs(row["id"], row["state"]),
        due_at=row["due_at"],
        started_at=row["assigned_at"] or row["received_at"],
        now=now,
        soon=limit,
    )


def deadline(row: dict[str, Any], colour: Light) -> str:
    """Its colour and word; nothing of what is settled or stands still, since its state stands beside it."""
    if not deadline_word(row["state"], colour):
        return NOTHING
    return light(colour.value, light_word(row["state"], colour))


def cells_of(row: dict[str, Any], colour: Light, words: Mapping[str, str], names: Names) -> tuple[Any, ...]:
    """One for each of :data:`HEADINGS`."""
    state = words[row["state"]]
    return (
        deadline(row, colour),
        state,
        names.categories.get(row["category_id"], NOTHING),
        names.areas.get(row["area_id"], NOTHING),
        # what was sent back is with nobody
        NOTHING if row["state"] == State.RECEIVED else names.units.get(row["lead_unit_id"], NOTHING),
        when(row["received_at"]),
        localday(row["due_at"]) or NOTHING,
    )

"""The list of activities: what waits, its columns and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minqing.activities.models import Activity
from minqing.activities.queries import activities as queries
from minqing.activities.queries.activities import QUEUES, Seats, held_activities, seats_of_all
from minqing.activities.rules import READERS
from minqing.core.actor import Actor
from minqing.listing.kinds import Button, Column, Empty, List, Order, Waiting, Way
from minqing.org.access import PageRequest
from minqing.org.enums import FIELD
from minqing.org.queries import in_place
from minqing.web.pieces import Row
from minqing.web.templatetags.mq import when


class ActivityLine(NamedTuple):
    """An activity, and how many come."""

    row: Activity
    room: Seats


def rows(request: PageRequest, _form: Any) -> QuerySet[Activity]:
    return queries.visible_activities(request.actor)


def shown(_request: PageRequest, rows: Sequence[Activity]) -> list[ActivityLine]:
    rooms = seats_of_all(rows)
    return [ActivityLine(row, rooms[row.pk]) for row in rows]


def head(line: ActivityLine) -> SafeString:
    url = reverse("activities:detail", args=[line.row.pk])
    return format_html('<a href="{}">{}</a><span class="row-note">{}</span>', url, line.row.title, line.row.place)


def people(line: ActivityLine) -> str:
    """How many came; before that how many have a place, of how many."""
    room, capacity = line.room, line.row.capacity
    counted = str(room.came or room.taken) if not capacity else f"{room.came or room.taken}/{capacity}"
    return f"{counted} +{room.waiting}" if room.waiting else counted


def found_for(actor: Actor, typed: str, area: int | None) -> QuerySet[Activity]:
    """What somebody may see of them in that place."""
    found = held_activities(actor)
    if typed:
        found = found.filter(title__contains=typed.strip())
    return in_place(found, area)


def waiting_rows(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What waits, as a line of the worklist."""
    known = queries.activities_of(request.actor, [row["pk"] for row in rows])
    acts = {one.name: str(one.act) for one in QUEUES.of(request.actor)}
    return [waiting_row(known[row["pk"]], acts.get(row["queue"], "")) for row in rows if row["pk"] in known]


def waiting_row(row: Activity, act: str) -> Row:
    address = reverse("activities:detail", args=[row.pk])
    notes = (row.state_label, row.area.name, str(when(row.starts_at)))
    return Row(row.title, address, None, None, notes, sign=str(_("Activity")), act=act)


def write(request: PageRequest) -> Way | None:
    return Way("activities:new", _("Write an activity")) if request.actor.has(*FIELD) else None


ACTIVITIES = List(
    name="activities",
    label=_("Activities"),
    url="activities:list",
    roles=READERS,
    rows=rows,
    shown=shown,
    orders={"latest": Order(("-starts_at", "-pk"), descending=True), "oldest": Order(queries.OLDEST_FIRST)},
    columns=(
        Column(_("Activity"), head),
        Column(_("Begins"), lambda line: when(line.row.starts_at), order="latest"),
        Column(_("State"), lambda line: line.row.state_label),
        Column(_("People"), people),
        Column(_("Thanked for as"), lambda line: f"{line.row.version.name} · {line.row.version.points}"),
        Column(_("For the people of"), lambda line: line.row.area.name),
    ),
    queues=QUEUES,
    waiting=Waiting(queues=QUEUES, found=found_for, due="starts_at", values=("starts_at",), rows=waiting_rows),
    buttons=(Button(label=_("Write an activity"), url="activities:new", icon="plus-lg", roles=FIELD, main=True),),
    empty=Empty(
        "calendar",
        _("No activities yet"),
        _("What the village does together stands here, and on the pages of its people."),
        write,
    ),
    nothing=Empty("search", _("No activity fits"), _("Choose another tab, or take away a filter.")),
)

"""The list of bookings: its queues, filters, columns and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minqing.bookings import queries
from minqing.bookings.forms.bookings import BookingFilter
from minqing.bookings.models import Booking
from minqing.bookings.queries.providers import visible_providers
from minqing.core.actor import Actor
from minqing.core.ids import number_typed
from minqing.listing.kinds import Button, Column, Empty, List, Order, Waiting, Way
from minqing.org.access import PageRequest
from minqing.org.enums import FIELD
from minqing.org.queries import in_place
from minqing.web.pieces import Row
from minqing.web.templatetags.mq import nr, when


def filters(request: PageRequest, data: QueryDict) -> BookingFilter:
    return BookingFilter(data, providers=[(one.pk, one.name) for one in visible_providers(request.actor)])


def rows(request: PageRequest, form: BookingFilter) -> QuerySet[Booking]:
    return queries.visible_bookings(request.actor).filter(**form.chosen)


def title(row: Booking) -> str:
    return " · ".join(filter(None, [row.service.name, row.name]))


def head(row: Booking) -> SafeString:
    """What opens the booking."""
    url = reverse("bookings:detail", args=[row.pk])
    return format_html('<a href="{}" data-open>{}</a><span class="row-note">{}</span>', url, title(row), nr(row.number))


def found_for(actor: Actor, typed: str, area: int | None) -> QuerySet[Booking]:
    """What somebody may see of all bookings in that place; of words only a number is looked for."""
    found = queries.visible_bookings(actor)
    if typed:
        found = found.filter(number=number_typed(typed))
    return in_place(found, area)


def waiting_rows(request: PageRequest, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """What waits, as a line of the worklist."""
    known = queries.bookings_of(request.actor, [row["pk"] for row in rows])
    return [waiting_row(known[row["pk"]]) for row in rows if row["pk"] in known]


def waiting_row(row: Booking) -> Row:
    notes = (row.state_label, row.provider.name, row.number)
    address = reverse("bookings:detail", args=[row.pk])
    return Row(title(row), address, None, None, notes, sign=str(_("Booking")), act=str(queries.QUEUES["turn"].act))


def book_one(_request: PageRequest) -> Way:
    return Way("bookings:new", _("Book for a household"))


BOOKINGS = List(
    name="bookings",
    label=_("Services booked for points"),
    url="bookings:list",
    roles=FIELD,
    form=filters,
    first=("state", "provider"),
    rows=rows,
    orders={
        "latest": Order(("-begins_at", "-pk"), descending=True),
        "next": Order(queries.NEXT_FIRST),
    },
    columns=(
        Column(_("Booking"), head),
        Column(_("State"), lambda row: row.state_label),
        Column(_("When"), lambda row: when(row.begins_at), order="latest"),
        Column(_("Provider"), lambda row: row.provider.name),
        Column(_("Points"), lambda row: row.price),
        Column(_("Place"), lambda row: row.area.name),
    ),
    queues=queries.QUEUES,
    waiting=Waiting(queues=queries.QUEUES, found=found_for, due="begins_at", values=("begins_at",), rows=waiting_rows),
    buttons=(
        Button(label=_("Book for a household"), url="bookings:new", icon="plus-lg", roles=FIELD, main=True),
        Button(label=_("Providers of services"), url="bookings:providers", icon="people", roles=FIELD),
    ),
    empty=Empty("calendar3", _("Nothing is booked"), _("What people book for their points stands here."), book_one),
    nothing=Empty("search", _("No booking fits"), _("Choose another tab, or take away a filter.")),
    keeps=True,
)

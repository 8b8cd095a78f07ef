"""The list of matters as a table that may leave the system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.actor import Actor
from minqing.core.sheets.writing import Column
from minqing.deadlines.enums import Light
from minqing.exports.kinds import ExportKind
from minqing.exports.rules import EXPORTERS
from minqing.listing.kinds import Order
from minqing.matters import queries
from minqing.matters.enums import Channel, State
from minqing.matters.forms.filters import FilterForm
from minqing.matters.forms.phrases import form_of
from minqing.matters.models import Matter
from minqing.matters.models.matter import deadline_word, outcome_word
from minqing.matters.models.naming import mechanism_word, state_word

ORDERS = {"received": Order(("-received_at", "-id"), descending=True), "due": Order(("due_at", "id"))}
# of the matter alone: who reported it is nobody's table
FIELDS = (
    "number",
    "title",
    "state",
    "light",
    "category_id",
    "area__name",
    "lead_unit__name",
    "handler_name",
    "channel",
    "mechanism",
    "received_at",
    "due_at",
    "finished_at",
    "outcome",
    "reopened",
)


def columns() -> list[Column]:
    return [
        Column(_("Number"), 18),
        Column(_("Matter"), 44),
        Column(_("State")),
        Column(_("Deadline")),
        Column(_("Category"), 18),
        Column(_("Place"), 18),
        Column(_("Unit"), 24),
        Column(_("Handler"), 12),
        Column(_("Way in")),
        Column(_("Way of handling")),
        Column(_("Received"), 18),
        Column(_("Due"), 18),
        Column(_("Answered"), 18),
        Column(_("How it went"), 14),
        Column(_("Reopened"), 10),
    ]


def found(actor: Actor, form: FilterForm) -> QuerySet[Matter]:
    return queries.with_handlers(queries.filtered(queries.visible_matters(actor), form.filters(), actor=actor))


def cells(rows: QuerySet[Matter], reader: Actor) -> Iterator[list[Any]]:
    kinds = queries.category_names()
    for row in rows.values(*FIELDS, "confidential").iterator(chunk_size=1000):
        told = {
            "title": queries.title_told(reader, row["title"], confidential=row["confidential"]),
            "category_id": kinds.get(row["category_id"]),
            "state": state_word(row["state"]),
            "outcome": outcome_word(row["outcome"], row["state"]),
            "lead_unit__name": "" if row["state"] == State.RECEIVED else row["lead_unit__name"],
            "light": deadline_word(row["state"], Light(row["light"])),
            "channel": Channel(row["channel"]).label,
            "mechanism": mechanism_word(row["mechanism"]),
        }
        yield [told.get(name, row[name]) for name in FIELDS]


MATTERS = ExportKind(
    code="matters",
    label=gettext_lazy("Matters"),
    left_out=gettext_lazy("Names and phone numbers of reporters are not in the table."),
    roles=EXPORTERS,
    list_url="matters:list",
    ask_url="matters:export",
    form=form_of,
    found=found,
    orders=ORDERS,
    columns=columns,
    cells=cells,
)

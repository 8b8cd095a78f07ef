"""Figures by kind as a table: counts alone, no matter and nobody's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.sheets.writing import Column
from minqing.exports.kinds import ExportKind
from minqing.org.enums import Role
from minqing.org.queries import areas_named, areas_seen
from minqing.oversight.queries.kinds import kinds
from minqing.web.forms import DayField
from minqing.web.overview import Scope

ANALYSTS: Final = frozenset({Role.ANALYST})
USUAL: Final = timedelta(days=29)
COUNTS: Final = (
    "received",
    "before",
    "finished",
    "open",
    "overdue",
    "timed",
    "in_time",
    "asked_solved",
    "solved",
    "rated",
    "satisfied",
    "reopened",
)


class FiguresFilter(forms.Form):
    """Days and area of the page."""

    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)
    area = forms.TypedChoiceField(
        label=gettext_lazy("Place"), required=False, coerce=int, choices=lambda: [("", ""), *areas_named().items()]
    )


def scope_of(actor: Actor, form: FiguresFilter) -> Scope:
    """An area that is not the actor's has nothing in it."""
    form.is_valid()
    asked = form.cleaned_data
    until = asked.get("until") or clock.today()
    since = min(asked.get("since") or until - USUAL, until)
    return Scope(actor, since, until, clock.now(), areas=areas_seen(actor), area_id=asked.get("area") or None)


def found(actor: Actor, form: FiguresFilter) -> QuerySet[Any]:
    return kinds(scope_of(actor, form))


def columns() -> Sequence[Column]:
    labels = (
        _("Kind"),
        _("Received"),
        _("In the period before"),
        _("Finished"),
        _("Open now"),
        _("Overdue"),
        _("With a deadline"),
        _("Answered in time"),
        _("Said whether it is solved"),
        _("Solved"),
        _("Said how satisfied"),
        _("Satisfied"),
        _("Taken up again"),
    )
    return [Column(label, 14) for label in labels]


def cells(rows: QuerySet[Any], _actor: Actor) -> Iterable[Sequence[object]]:
    for one in rows:
        yield (one["name"] or _("Not sorted yet"), *(one[f"n_{name}"] for name in COUNTS))


FIGURES: Final = ExportKind(
    code="figures",
    label=gettext_lazy("Figures by kind"),
    left_out=gettext_lazy("Counts alone: no matter, no name and no words."),
    roles=ANALYSTS,
    list_url="desk:leader",
    ask_url="oversight:export",
    form=FiguresFilter,
    found=found,
    columns=columns,
    cells=cells,
)

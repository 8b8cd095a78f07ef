"""The supervision wall 督办墙: what is overdue and where it hangs; the figures of each unit with their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Unpack
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core import clock
from minqing.deadlines.enums import Rung, carried_to
from minqing.listing.forms import area_choices
from minqing.matters import queries
from minqing.matters.access import WATCHERS
from minqing.matters.enums import State
from minqing.matters.queries.measures import MEASURES
from minqing.matters.queries.performance import Asked, Cell, UnitRow, by_unit, red_now, units_of, voices
from minqing.matters.queries.stages import stages
from minqing.org.access import PageRequest, page
from minqing.web.forms import BootstrapFormMixin, Data, DayField, FormOptions
from minqing.web.paging import page_of
from minqing.web.slots import parts

USUAL = timedelta(days=89)
RED = 30
# a county has some five hundred, each with thirty links
UNITS = 10
# of fewer no share is told
FEW = 5


class WallForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """Days of receipt and a place; what cannot be read counts as not asked."""

    since = DayField(
        label=gettext_lazy("Received from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = DayField(label=gettext_lazy("Received to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    area = forms.TypedChoiceField(label=gettext_lazy("Place"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Data = None, *, areas: list[tuple[int, str]], **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["area"].choices = [("", _("All")), *areas]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Shown:
    """A figure as the table shows it; ``text`` is the share, ``of`` the two numbers behind it, each with its rows."""

    cell: Cell
    text: str
    url: str
    part: str
    whole: str
    whole_url: str

    @property
    def few(self) -> bool:
        """Whether so few are behind a share that it says more than there is: 100 % of one."""
        return self.cell.whole is not None and 0 < self.cell.whole < FEW

    @property
    def nothing(self) -> bool:
        """Whether there are no rows to look at: a link to none is only something more to read."""
        return not (self.cell.part if self.cell.whole is None else self.cell.whole)


@page(roles=WATCHERS)
def wall(request: PageRequest) -> HttpResponse:
    """As many statements for one unit as for fifty."""
    form, asked = read(request)
    red = page_of(red_now(asked), request, RED)
    for one in queries.with_dues(red.rows, asked.now):
        one.title = queries.title_told(request.actor, one.title, confidential=one.confidential)
        climbed, waiting = one.rung != Rung.OFFICER, one.state == State.RECEIVED
        one.carried_to = carried_to(Rung(one.rung), waiting=waiting) if climbed else ""
    heard = voices(asked)
    page_of_units = page_of(units_of(asked), request, UNITS, parameter="units")
    rows = by_unit(asked, page_of_units.rows)
    units = [{"name": row.name, "cells": [linked_cell(asked, row, cell) for cell in row.cells]} for row in rows]
    context = {
        "form": form,
        "asked": asked,
        "red": red,
        "hanging": [
            (one, link(asked, days=False, **one.filter)) for one in stages(asked.everything, asked.now) if one.number
        ],
        "units": units,
        "units_page": page_of_units,
        "measures": MEASURES,
        "voices": heard,
        "ways": [(way.label, number, link(asked, figure=name)) for name, way, number in heard.by_way],
        "silent_url": link(asked, figure="silent"),
        "declined_url": link(asked, figure="declined"),
        "added": parts("matters.wall", request, None),
        "whole": "whole" in request.GET,
        "whole_url": f"?{urlencode(request.GET.dict() | {'whole': 'on'})}#units-title",
    }
    return render(request, "matters/wall.html", context)


def read(request: PageRequest) -> tuple[WallForm, Asked]:
    today = clock.today()
    usual: dict[str, date] = {"since": today - USUAL, "until": today}
    given = {name: value for name, value in request.GET.dict().items() if value}
    form = WallForm({name: day.isoformat() for name, day in usual.items()} | given, areas=area_choices(request))
    form.is_valid()
    data = form.cleaned_data
    since, until = (data.get(name) or usual[name] for name in ("since", "until"))
    return form, Asked(actor=request.actor, since=since, until=until, now=clock.now(), area=data.get("area"))


def link(asked: Asked, *, days: bool = True, **query: object) -> str:
    """The list with the filters of a figure: the same days, place and definition."""
    told: dict[str, object] = {"since": asked.since, "until": asked.until} if days else {}
    told |= {"area": asked.area} | query
    return f"{reverse('matters:list')}?{urlencode({name: value for name, value in told.items() if value})}"


def linked_cell(asked: Asked, row: UnitRow, cell: Cell) -> Shown:
    measure = cell.measure
    plain = cell.whole is None
    return Shown(
        cell=cell,
        text=str(cell.part) if plain else "–" if cell.share is None else f"{cell.share}%",
        url=link(asked, unit=row.unit_id, figure=measure.part),
        part="" if plain else str(cell.part),
        whole="" if plain else str(cell.whole),
        whole_url="" if plain else link(asked, unit=row.unit_id, figure=measure.whole),
    )

"""The lists of units and of people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from minqing.administration.forms.hours import hours_text
from minqing.administration.forms.units import UnitFilter
from minqing.administration.rules import OPERATORS
from minqing.listing.kinds import Button, Column, Empty, List, Order
from minqing.org.access import PageRequest
from minqing.org.queries.upkeep import units_found


def unit_filters(_request: PageRequest, data: QueryDict) -> UnitFilter:
    return UnitFilter(data)


def unit_rows(_request: PageRequest, form: UnitFilter) -> QuerySet[Any]:
    data = form.cleaned_data
    return units_found(
        words=data.get("q", ""), kind=data.get("kind", ""), area=data.get("area"), closed=bool(data.get("closed"))
    )


def unit_link(unit: Any) -> str:
    return format_html('<a href="{}">{}</a>', reverse("administration:unit", args=[unit.pk]), unit.name)


UNITS = List(
    name="units",
    label=_("Units"),
    url="administration:units",
    roles=OPERATORS,
    form=unit_filters,
    first=("q", "area", "kind", "closed"),
    rows=unit_rows,
    orders={"code": Order(("code", "pk")), "name": Order(("name", "pk"))},
    columns=(
        Column(_("Unit name"), unit_link, "name"),
        Column(_("Code"), lambda unit: unit.code, "code"),
        Column(_("Kind"), lambda unit: unit.get_kind_display()),
        Column(_("Area"), lambda unit: unit.area.name),
        Column(_("Telephone"), lambda unit: unit.phone or "–"),
        Column(_("Working hours"), lambda unit: hours_text(unit.hours) or _("usual")),
    ),
    buttons=(
        Button(label=_("New unit"), url="administration:add_unit", icon="plus-lg", roles=OPERATORS, main=True),
        Button(label=_("Import from a table"), url="intake:new", icon="file-earmark-arrow-up", roles=OPERATORS),
    ),
    empty=Empty("building", _("No units yet"), _("Add them one by one, or import them from a table.")),
    nothing=Empty("search", _("No unit fits"), _("Take a filter away, or look among those out of use.")),
)

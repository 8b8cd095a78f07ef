"""Units: their list, one unit, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.administration.forms.units import ChangeUnitForm, UnitForm, unit_press
from minqing.administration.lists import UNITS
from minqing.administration.rules import OPERATORS
from minqing.administration.views.forms import applied, asked, both
from minqing.core.errors import NotFound
from minqing.listing.views import list_page
from minqing.org import services
from minqing.org.access import PageRequest, page
from minqing.org.hooks import held_of_unit
from minqing.org.queries.upkeep import keepers_of_unit, unit_of_id
from minqing.org.rules import may_go

units = list_page(UNITS)


def found(unit_id: int) -> Any:
    if (unit := unit_of_id(unit_id)) is None:
        raise NotFound("unit")
    return unit


@page(roles=OPERATORS)
@both
def add(request: PageRequest) -> HttpResponse:
    form = UnitForm(request.POST or None)
    if form.is_valid() and (made := applied(request, form)):
        messages.success(request, _("“%(name)s” is added.") % {"name": made.name})
        return redirect("administration:units")
    return asked(request, form, title=_("New unit"), back=reverse("administration:units"))


@page(roles=OPERATORS)
@both
def unit(request: PageRequest, unit_id: int) -> HttpResponse:
    """All of it in a form, and what it has in hand."""
    here = found(unit_id)
    form = ChangeUnitForm(request.POST or None, unit=here)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("Saved."))
        return redirect("administration:unit", here.pk)
    held = [one for one in [*keepers_of_unit(here), *held_of_unit(here.pk)] if one.count]
    context = {"form": form, "unit": here, "held": held, "decision": may_go(held), "press": unit_press(here)}
    return render(request, "administration/unit.html", context, status=422 if form.is_bound else 200)


@page(roles=OPERATORS)
@require_POST
def close(request: PageRequest, unit_id: int) -> HttpResponse:
    here = found(unit_id)
    if unit_press(here, request.POST).is_new():
        services.close_unit(unit=here, by=request.actor)
        messages.success(request, _("%(name)s is out of use. It can be taken into use again.") % {"name": here.name})
    return redirect("administration:unit", here.pk)


@page(roles=OPERATORS)
@require_POST
def reopen(request: PageRequest, unit_id: int) -> HttpResponse:
    here = found(unit_id)
    if unit_press(here, request.POST).is_new():
        services.reopen_unit(unit=here, by=request.actor)
        messages.success(request, _("%(name)s is in use again.") % {"name": here.name})
    return redirect("administration:unit", here.pk)

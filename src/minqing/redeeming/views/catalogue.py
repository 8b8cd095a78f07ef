"""The catalogue: what there is for points, something more, and one thing of it."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minqing.core.errors import NotFound
from minqing.files.responses import picture_response
from minqing.listing.views import list_page
from minqing.org.access import PageRequest, page
from minqing.org.enums import Level
from minqing.org.queries import areas_seen, who_changed
from minqing.redeeming import queries
from minqing.redeeming.forms.catalogue import AddItemForm, ChangeItemForm
from minqing.redeeming.lists import ITEMS
from minqing.redeeming.models import Item
from minqing.redeeming.rules import KEEPERS, READERS, may_keep

items = list_page(ITEMS)


@page(roles=KEEPERS)
def add(request: PageRequest) -> HttpResponse:
    """One more thing for points."""
    actor = request.actor
    places = [(one.id, one.name) for one in areas_seen(actor) if one.level in {Level.TOWNSHIP, Level.VILLAGE}]
    form = AddItemForm(request.POST or None, request.FILES or None, places=places)
    if form.is_valid():
        item = form.apply(by=actor)
        messages.success(request, _("Added. People see it from now on."))
        return redirect("redeeming:item", item.pk)
    if form.is_bound:
        form.keep(by=actor)
    return render(request, "redeeming/add.html", {"form": form}, status=422 if form.is_bound else 200)


@page(roles=READERS)
def item(request: PageRequest, item_id: UUID) -> HttpResponse:
    """One thing; for who keeps it with the form that changes it."""
    actor, row = request.actor, queries.item_for(request.actor, item_id)
    form = None
    if may_keep(actor, row.area_id):
        form = form_of(row, request.POST or None, request.FILES or None)
        if form.is_valid():
            form.apply(item=row, by=actor)
            messages.success(request, _("Changed."))
            return redirect("redeeming:items")
        if form.is_bound:
            form.keep(by=actor)
    elif request.method == "POST":
        may_keep(actor, row.area_id).require()
    status = 422 if form and form.is_bound else 200
    return render(request, "redeeming/item.html", {"item": row, "form": form}, status=status)


def form_of(row: Item, data: Any, files: Any) -> ChangeItemForm:
    names = ("kind", "name", "price", "monthly_limit", "active")
    form = ChangeItemForm(data, files, initial={name: getattr(row, name) for name in names})
    subject = f"item:{row.pk}"
    form.stands_at(subject, row.changed_at, told=partial(who_changed, subject))
    return form


@page(roles=READERS)
@require_safe
def picture(request: PageRequest, item_id: UUID) -> HttpResponse:
    """What it looks like."""
    row = queries.item_for(request.actor, item_id)
    if row.picture_id is None:
        raise NotFound("no_picture")
    return picture_response(attachment_id=row.picture_id, thumbnail=True)

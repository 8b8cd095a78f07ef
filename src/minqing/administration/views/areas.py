"""Areas: the tree, one area with its facts, and what may be done with it after a look at what that touches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minqing.administration.forms.areas import AreaForm, IntoForm, ParentForm, RenameForm, area_press
from minqing.administration.rules import OPERATORS
from minqing.administration.views.changes import told_of
from minqing.administration.views.forms import applied, asked, both
from minqing.core.errors import NotFound
from minqing.org import services
from minqing.org.access import PageRequest, page
from minqing.org.hooks import held_of_area
from minqing.org.queries import top_area
from minqing.org.queries.changes import changes_of, posts_going
from minqing.org.queries.upkeep import (
    area_of_id,
    borders_in,
    branches,
    keepers_of_area,
    people_of_area,
    secretary_of,
    whose_sight_changes,
)
from minqing.org.rules import Holding, may_go, may_hang, may_merge
from minqing.org.tasks import ask_to_carry
from minqing.web.area_map import MapArea, area_map

MOST_PEOPLE = 50
MOST_CHANGES = 20


def found(area_id: int) -> Any:
    if (area := area_of_id(area_id)) is None:
        raise NotFound("area")
    return area


@page(roles=OPERATORS)
@require_safe
def areas(request: PageRequest) -> HttpResponse:
    return tree_page(request, top_area())


@page(roles=OPERATORS)
@require_safe
def area(request: PageRequest, area_id: int) -> HttpResponse:
    return tree_page(request, found(area_id))


def tree_page(request: PageRequest, chosen: Any) -> HttpResponse:
    """The tree, and of the chosen area its facts, its border and its people."""
    context: dict[str, object] = {"chosen": chosen, "branches": branches(chosen)}
    if chosen is not None:
        posts = people_of_area(chosen, most=MOST_PEOPLE + 1)
        borders = [MapArea(one.area.name, 0, geometry=one.geometry) for one in borders_in(chosen)]
        context |= {
            "held": [one for one in all_in(chosen) if one.count],
            "secretary": secretary_of(chosen),
            "map": area_map(borders),
            "press": area_press(chosen),
            "posts": posts[:MOST_PEOPLE],
            "more": len(posts) > MOST_PEOPLE,
            "changes": told_of(chosen, changes_of(chosen.pk, most=MOST_CHANGES)),
        }
    return render(request, "administration/areas.html", context)


@page(roles=OPERATORS)
@both
def add(request: PageRequest, area_id: int | None = None) -> HttpResponse:
    parent = None if area_id is None else found(area_id)
    form = AreaForm(request.POST or None, parent=parent)
    if form.is_valid() and (made := applied(request, form)):
        messages.success(request, _("“%(name)s” is added.") % {"name": made.name})
        return redirect("administration:area", made.pk)
    title = _("New area below %(name)s") % {"name": parent.name} if parent else _("New city")
    return asked(request, form, title=title, back=back_to(parent))


@page(roles=OPERATORS)
@both
def rename(request: PageRequest, area_id: int) -> HttpResponse:
    here = found(area_id)
    form = RenameForm(request.POST or None, area=here)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("Saved."))
        return redirect("administration:area", here.pk)
    return asked(request, form, title=_("Rename %(name)s") % {"name": here.name}, back=back_to(here))


def back_to(here: Any) -> str:
    return reverse("administration:area", args=[here.pk]) if here else reverse("administration:areas")


@page(roles=OPERATORS)
@both
def move(request: PageRequest, area_id: int) -> HttpResponse:
    """First where to, then what it touches, then it is done."""
    here = found(area_id)
    form = ParentForm(request.POST or request.GET or None, area=here)
    parent = form.chosen
    if parent is None:
        title = _("Hang %(name)s below another area") % {"name": here.name}
        return asked(request, form, title=title, back=back_to(here), asks=True)
    if request.method == "POST":
        if area_press(here, request.POST).is_new():
            services.move_area(area=here, parent=parent, by=request.actor)
            messages.success(
                request, _("%(name)s lies in %(parent)s now.") % {"name": here.name, "parent": parent.name}
            )
        return redirect("administration:area", here.pk)
    lost, gained = whose_sight_changes(here, parent)
    context = {"decision": may_hang(here, parent), "parent": parent, "lost": lost, "gained": gained}
    return preview(request, here, all_in(here), "administration/move_area.html", **context)


@page(roles=OPERATORS)
@both
def merge(request: PageRequest, area_id: int) -> HttpResponse:
    """First into which area, then what it touches, then it is begun; its page says how far it is."""
    here = found(area_id)
    form = IntoForm(request.POST or request.GET or None, area=here)
    into = form.chosen
    if into is None:
        title = _("Make %(name)s part of another area") % {"name": here.name}
        return asked(request, form, title=title, back=back_to(here), asks=True)
    if request.method == "POST":
        if not area_press(here, request.POST).is_new():
            return redirect("administration:area", here.pk)
        begun = services.merge_areas(area=here, into=into, by=request.actor)
        ask_to_carry()
        return redirect("administration:change", begun.pk)
    lost, gained = whose_sight_changes(here, into)
    held = [*posts_going(here.pk), *all_in(here)]
    context = {"decision": may_merge(here, into), "into": into, "lost": lost, "gained": gained}
    return preview(request, here, held, "administration/merge_area.html", **context)


@page(roles=OPERATORS)
@both
def close(request: PageRequest, area_id: int) -> HttpResponse:
    """What is still in it, and why it may not be closed as yet; else the button."""
    here = found(area_id)
    if request.method == "POST":
        if area_press(here, request.POST).is_new():
            services.close_area(area=here, by=request.actor)
            messages.success(request, _("%(name)s is closed. It can be opened again.") % {"name": here.name})
        return redirect("administration:area", here.pk)
    held = all_in(here)
    return preview(request, here, held, "administration/close_area.html", decision=may_go(held))


def all_in(here: Any) -> list[Holding]:
    return [*keepers_of_area(here), *held_of_area(here.pk)]


def preview(request: PageRequest, here: object, held: list[Holding], template: str, **context: object) -> HttpResponse:
    context |= {"area": here, "held": [one for one in held if one.count], "press": area_press(here)}
    return render(request, template, context)


@page(roles=OPERATORS)
@require_http_methods(["POST"])
def reopen(request: PageRequest, area_id: int) -> HttpResponse:
    here = found(area_id)
    if area_press(here, request.POST).is_new():
        services.reopen_area(area=here, by=request.actor)
        messages.success(request, _("%(name)s is open again.") % {"name": here.name})
    return redirect("administration:area", here.pk)

"""Which tags there are: the operator's list, one tag, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.administration.rules import OPERATORS
from minqing.administration.views.forms import applied, asked, both
from minqing.core.errors import NotFound
from minqing.households import services
from minqing.households.forms import ChangeTagForm, NewTagForm, tag_press
from minqing.households.queries import tags_for_upkeep
from minqing.org.access import PageRequest, page


def found(code: str) -> Any:
    for tag in tags_for_upkeep():
        if tag.code == code:
            return tag
    raise NotFound("tag")


@page(roles=OPERATORS)
@require_safe
def kept(request: PageRequest) -> HttpResponse:
    return render(request, "households/kept_tags.html", {"tags": tags_for_upkeep()})


@page(roles=OPERATORS)
@both
def add(request: PageRequest) -> HttpResponse:
    form = NewTagForm(request.POST or None)
    if form.is_valid() and (made := applied(request, form)):
        messages.success(request, _("“%(name)s” is added.") % {"name": made.name})
        return redirect("households:kept_tags")
    return asked(request, form, title=_("New tag"), back=reverse("households:kept_tags"))


@page(roles=OPERATORS)
@both
def kept_tag(request: PageRequest, code: str) -> HttpResponse:
    """All of it in a form, and how many files carry it."""
    tag = found(code)
    form = ChangeTagForm(request.POST or None, tag=tag)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("Saved."))
        return redirect("households:kept_tags")
    context = {"form": form, "tag": tag, "press": tag_press(tag)}
    return render(request, "households/kept_tag.html", context, status=422 if form.is_bound else 200)


@page(roles=OPERATORS)
@require_POST
def put_aside(request: PageRequest, code: str) -> HttpResponse:
    tag = found(code)
    if tag_press(tag, request.POST).is_new():
        services.put_tag_aside(tag=tag, by=request.actor)
        messages.success(
            request, _("“%(name)s” is not given any more. Files that carry it keep it.") % {"name": tag.name}
        )
    return redirect("households:kept_tag", tag.code)


@page(roles=OPERATORS)
@require_POST
def take_up(request: PageRequest, code: str) -> HttpResponse:
    tag = found(code)
    if tag_press(tag, request.POST).is_new():
        services.take_tag_up(tag=tag, by=request.actor)
        messages.success(request, _("“%(name)s” may be given again.") % {"name": tag.name})
    return redirect("households:kept_tag", tag.code)

"""People: their list, one person with their posts, and what may be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.administration.forms.people import (
    ChangePersonForm,
    EndForm,
    PersonForm,
    PostForm,
    person_press,
)
from minqing.administration.lists import PEOPLE
from minqing.administration.rules import OPERATORS
from minqing.administration.views.forms import applied, asked, both
from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.core.formats import mask_phone
from minqing.listing.views import list_page
from minqing.org import services
from minqing.org.access import PageRequest, page
from minqing.org.queries.upkeep import person_of_id, post_of_id, posts_ever
from minqing.org.rules import may_go, may_switch_off

people = list_page(PEOPLE)


def found(account_id: UUID) -> Any:
    if (account := person_of_id(account_id)) is None:
        raise NotFound("account")
    return account


def page_of(person: Any) -> str:
    return reverse("administration:person", args=[person.pk])


@page(roles=OPERATORS)
@both
def add(request: PageRequest) -> HttpResponse:
    """Somebody new; then the way to a start password."""
    form = PersonForm(request.POST or None)
    if form.is_valid() and (made := applied(request, form)):
        messages.success(request, _("“%(name)s” is added. Give a start password now.") % {"name": made.name})
        return redirect(page_of(made))
    return asked(request, form, title=_("New person"), back=reverse("administration:people"))


@page(roles=OPERATORS)
@require_safe
def person(request: PageRequest, account_id: UUID) -> HttpResponse:
    """Who it is, the posts, what is theirs, and why they may not be switched off as yet."""
    here = found(account_id)
    held, today = services.left_behind(here), clock.today()
    posts = posts_ever(here)
    context = {
        "person": here,
        "phone": mask_phone(here.phone) if here.phone else "",
        "posts": [one for one in posts if one.until is None or one.until >= today],
        "former": [one for one in posts if one.until is not None and one.until < today],
        "held": held,
        "decision": may_switch_off(request.actor, here.pk) & may_go(held),
        "press": person_press(here),
    }
    return render(request, "administration/person.html", context)


@page(roles=OPERATORS)
@both
def change(request: PageRequest, account_id: UUID) -> HttpResponse:
    here = found(account_id)
    form = ChangePersonForm(request.POST or None, person=here)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("Saved."))
        return redirect(page_of(here))
    return asked(request, form, title=here.name, back=page_of(here))


@page(roles=OPERATORS)
@both
def give_post(request: PageRequest, account_id: UUID) -> HttpResponse:
    here = found(account_id)
    form = PostForm(request.POST or None, person=here)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("The post is given."))
        return redirect(page_of(here))
    return asked(request, form, title=_("A post for %(name)s") % {"name": here.name}, back=page_of(here))


@page(roles=OPERATORS)
@both
def end_post(request: PageRequest, post_id: UUID) -> HttpResponse:
    """With its last day; refused where something would be left without anybody."""
    post = post_of_id(post_id)
    if post is None:
        raise NotFound("post")
    form = EndForm(request.POST or None, post=post)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("The post ends with that day."))
        return redirect(page_of(post.account))
    title = _("End the post %(post)s of %(name)s") % {"post": post, "name": post.account.name}
    return asked(request, form, title=title, back=page_of(post.account))


@page(roles=OPERATORS)
@require_POST
def switch_off(request: PageRequest, account_id: UUID) -> HttpResponse:
    here = found(account_id)
    if person_press(here, request.POST).is_new():
        services.switch_off_account(account=here, by=request.actor)
        messages.success(request, _("%(name)s cannot sign in any more.") % {"name": here.name})
    return redirect(page_of(here))


@page(roles=OPERATORS)
@require_POST
def switch_on(request: PageRequest, account_id: UUID) -> HttpResponse:
    here = found(account_id)
    if person_press(here, request.POST).is_new():
        services.switch_on_account(account=here, by=request.actor)
        messages.success(request, _("%(name)s may sign in again.") % {"name": here.name})
    return redirect(page_of(here))

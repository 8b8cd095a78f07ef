"""Which categories there are and what they ask: the operator's list, one category, one question."""

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
from minqing.matters import services
from minqing.matters.forms.categories import ANSWERS, TELLS, CategoryForm, NewCategoryForm, QuestionForm, category_press
from minqing.matters.hooks import of_category
from minqing.matters.protocols import CategoryLike
from minqing.matters.queries.category_upkeep import categories_for_upkeep
from minqing.org.access import PageRequest, page
from minqing.org.hooks import some
from minqing.org.queries import system_actor
from minqing.org.rules import may_go
from minqing.privacy.access import acting_as


def found(code: str) -> Any:
    for one in categories_for_upkeep():
        if one.code == code:
            return one
    raise NotFound("category")


def held_of(category: CategoryLike) -> list[Any]:
    with acting_as(system_actor("what has a category")):
        return some(of_category(category.code))


@page(roles=OPERATORS)
@require_safe
def categories(request: PageRequest) -> HttpResponse:
    return render(request, "matters/categories.html", {"categories": categories_for_upkeep()})


@page(roles=OPERATORS)
@both
def add_category(request: PageRequest) -> HttpResponse:
    form = NewCategoryForm(request.POST or None, initial={"parent": request.GET.get("below", "")})
    if form.is_valid() and (made := applied(request, form)):
        messages.success(request, _("“%(name)s” is added.") % {"name": made.called})
        return redirect("matters:category", made.code)
    return asked(request, form, title=_("New category"), back=reverse("matters:categories"))


@page(roles=OPERATORS)
@both
def category(request: PageRequest, code: str) -> HttpResponse:
    """All of it in a form; beside it what it asks, and what a change touches."""
    here = found(code)
    form = CategoryForm(request.POST or None, category=here)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("Saved. What runs keeps the term that it has."))
        return redirect("matters:category", here.code)
    held = held_of(here)
    words = dict(ANSWERS)
    context = {
        "form": form,
        "category": here,
        "questions": [(one, words[one["kind"] if one.get("variable", True) else TELLS]) for one in here.asks],
        "held": held,
        "decision": may_go(held),
        "press": category_press(here),
    }
    return render(request, "matters/category.html", context, status=422 if form.is_bound else 200)


@page(roles=OPERATORS)
@require_POST
def put_category_aside(request: PageRequest, code: str) -> HttpResponse:
    here = found(code)
    if category_press(here, request.POST).is_new():
        services.put_category_aside(category=here, by=request.actor)
        told = _("“%(name)s” is not given any more. Matters that have it keep it.")
        messages.success(request, told % {"name": here.called})
    return redirect("matters:category", here.code)


@page(roles=OPERATORS)
@require_POST
def take_category_up(request: PageRequest, code: str) -> HttpResponse:
    here = found(code)
    if category_press(here, request.POST).is_new():
        services.take_category_up(category=here, by=request.actor)
        messages.success(request, _("“%(name)s” may be given again.") % {"name": here.called})
    return redirect("matters:category", here.code)


@page(roles=OPERATORS)
@both
def question(request: PageRequest, code: str, question_code: str = "") -> HttpResponse:
    """One question in a form: a new one, or one that is asked already."""
    here = found(code)
    kept = question_of(here, question_code) if question_code else None
    form = QuestionForm(request.POST or None, category=here, question=kept)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("Saved. It is asked so from now on; answers that were given stay."))
        return redirect("matters:category", here.code)
    title = _("A question with %(name)s") % {"name": here.called}
    return asked(request, form, title=title, back=reverse("matters:category", args=[here.code]))


def question_of(here: Any, code: str) -> Any:
    for one in here.questions:
        if one["code"] == code:
            return one
    raise NotFound("question")


@page(roles=OPERATORS)
@require_POST
def drop_question(request: PageRequest, code: str, question_code: str) -> HttpResponse:
    here = found(code)
    question_of(here, question_code)
    if category_press(here, request.POST).is_new():
        services.drop_question(category=here, code=question_code, by=request.actor)
        messages.success(request, _("It is not asked any more. Answers that were given stay."))
    return redirect("matters:category", here.code)

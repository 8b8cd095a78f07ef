"""Budgets that functions are paid from: read by the township, kept by the operator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minqing.earning.forms.budgets import BudgetForm, NewBudgetForm
from minqing.earning.queries.budgets import budget_named, standings
from minqing.earning.rules import BUDGETS, OPERATORS, may_keep_budgets
from minqing.org.access import PageRequest, page

both = require_http_methods(["GET", "HEAD", "POST"])


@page(roles=BUDGETS)
@require_safe
def budgets(request: PageRequest) -> HttpResponse:
    context = {"rows": standings(), "may_keep": may_keep_budgets(request.actor)}
    return render(request, "earning/budgets.html", context)


@page(roles=OPERATORS)
@both
def budget(request: PageRequest, code: str) -> HttpResponse:
    return kept(request, BudgetForm(request.POST or None, row=budget_named(code)))


@page(roles=OPERATORS)
@both
def add(request: PageRequest) -> HttpResponse:
    return kept(request, NewBudgetForm(request.POST or None))


def kept(request: PageRequest, form: BudgetForm) -> HttpResponse:
    if form.is_valid() and form.tried(lambda: bool(form.apply(by=request.actor))):
        messages.success(request, _("Saved."))
        return redirect("earning:budgets")
    context = {"form": form, "row": form.row}
    return render(request, "earning/budget.html", context, status=422 if form.is_bound else 200)

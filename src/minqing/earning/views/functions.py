"""What people are thanked for: read by those who confirm it, changed by the operator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minqing.earning import queries
from minqing.earning.forms.functions import FunctionForm, NewFunctionForm
from minqing.earning.rules import BUDGETS, OPERATORS, READERS, may_change_functions
from minqing.org.access import PageRequest, page

both = require_http_methods(["GET", "HEAD", "POST"])


def applied(request: PageRequest, form: Any) -> Any:
    """What the form's service made; None where it refused, with its sentence in the form."""
    return form.tried(lambda: form.apply(by=request.actor))


@page(roles=READERS)
@require_safe
def functions(request: PageRequest) -> HttpResponse:
    rows = queries.current_versions()
    context = {"groups": queries.by_category(rows), "may_change": may_change_functions(request.actor)}
    context["sees_budgets"] = request.actor.has(*BUDGETS)
    return render(request, "earning/functions.html", context)


@page(roles=READERS)
@both
def function(request: PageRequest, code: str) -> HttpResponse:
    """All of it, its versions, and the operator's form."""
    row = queries.current_version(code)
    may_change = may_change_functions(request.actor)
    form = None
    if may_change or request.method == "POST":
        may_change.require()
        form = FunctionForm(request.POST or None, row=row)
        if form.is_valid() and applied(request, form):
            messages.success(request, _("Saved. It is in force from now on."))
            return redirect("earning:function", code)
    context = {"row": row, "form": form, "limits": queries.limits_in_words(row), "versions": queries.versions_of(code)}
    return render(request, "earning/function.html", context, status=422 if form and form.is_bound else 200)


@page(roles=OPERATORS)
@both
def add(request: PageRequest) -> HttpResponse:
    form = NewFunctionForm(request.POST or None)
    if form.is_valid() and (made := applied(request, form)):
        messages.success(request, _("“%(name)s” is added.") % {"name": made.name})
        return redirect("earning:function", made.function_id)
    return render(request, "earning/new_function.html", {"form": form}, status=422 if form.is_bound else 200)

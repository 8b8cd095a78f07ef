"""How long something may take, for the operator to see and change."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from minqing.core.errors import NotFound
from minqing.deadlines import Target
from minqing.matters.enums import ClockKind, Mechanism
from minqing.matters.keeping_forms import NormForm
from minqing.matters.models import Norm
from minqing.matters.models.naming import word_of
from minqing.matters.queries import keeping
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role
from minqing.org.queries import who_changed

SAVED = {
    False: gettext_lazy("Saved. What is running keeps its term; what begins now gets the new one."),
    True: gettext_lazy("Saved. What runs by this norm gets the new term; its deadlines are reckoned anew shortly."),
}
OPERATORS = frozenset({Role.OPERATOR})


@page(roles=OPERATORS)
def norms(request: PageRequest) -> HttpResponse:
    """All norms, each with a form of its own; POST changes the one that it names."""
    rows = keeping.norms_in_force()
    forms = {row.pk: form_of(row) for row in rows}
    status = 200
    if request.method == "POST":
        row = next((row for row in rows if str(row.pk) == request.POST.get("norm")), None)
        if row is None:
            raise NotFound("norm")
        forms[row.pk] = form = form_of(row, request.POST)
        if form.is_valid() and form.apply(norm=row, by=request.actor):
            messages.success(request, SAVED[form.cleaned_data["running"]])
            return redirect("matters:norms")
        status = 422
    return render(request, "matters/norms.html", {"groups": grouped(rows, forms)}, status=status)


def form_of(row: Norm, data: Any = None) -> NormForm:
    target = Target.parse(row.target)
    form = NormForm(data, auto_id=f"norm-{row.pk}-%s", initial={"amount": target.amount, "unit": target.unit.value})
    form.stands_at(subject := f"norm:{row.pk}", told=partial(who_changed, subject))
    return form


def grouped(rows: list[Norm], forms: dict[int, NormForm]) -> list[dict[str, Any]]:
    return [
        {
            "mechanism": word_of(mechanism),
            "rows": [
                {"row": row, "kind": ClockKind(row.kind).label, "form": forms[row.pk]}
                for row in rows
                if row.mechanism == mechanism.value
            ],
        }
        for mechanism in Mechanism
    ]

"""By which checklists hazards are looked for: the operator's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minqing.administration.views.forms import applied, both
from minqing.hazards.forms.checklists import ChecklistForm, NewChecklistForm
from minqing.hazards.queries import checklists as stored
from minqing.hazards.rules import OPERATORS
from minqing.org.access import PageRequest, page


@page(roles=OPERATORS)
@require_safe
def checklists(request: PageRequest) -> HttpResponse:
    return render(request, "hazards/checklists.html", {"rows": stored.current_checklists(withdrawn=True)})


@page(roles=OPERATORS)
@both
def checklist(request: PageRequest, code: str) -> HttpResponse:
    """All of it in a form, and its versions."""
    row = stored.current_checklist(code)
    form = ChecklistForm(request.POST or None, row=row)
    if form.is_valid() and applied(request, form):
        messages.success(request, _("Saved. It is in force from now on."))
        return redirect("hazards:checklist", code)
    context = {"row": row, "form": form, "versions": stored.versions_of(code)}
    return render(request, "hazards/checklist.html", context, status=422 if form.is_bound else 200)


@page(roles=OPERATORS)
@both
def add(request: PageRequest) -> HttpResponse:
    form = NewChecklistForm(request.POST or None)
    if form.is_valid() and (made := applied(request, form)):
        messages.success(request, _("“%(name)s” is added.") % {"name": made.name})
        return redirect("hazards:checklist", made.code)
    return render(request, "hazards/checklist.html", {"form": form}, status=422 if form.is_bound else 200)

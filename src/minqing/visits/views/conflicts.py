"""One field of a file that two have changed: both values, and which of them is right."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from minqing.core.errors import Invalid
from minqing.org.access import PageRequest, looked, page
from minqing.visits.forms.conflicts import decide_press
from minqing.visits.queries.files import NO, YES, field_label, in_words, on_file, visible_conflict
from minqing.visits.rules import WRITERS, may_decide
from minqing.visits.services import decide_conflict


@page(roles=WRITERS)
def conflict(request: PageRequest, conflict_id: UUID) -> HttpResponse:
    row = visible_conflict(request.actor, conflict_id)
    stands = on_file(row)
    if request.method == "POST":
        choice = request.POST.get("take", "")
        if choice not in (YES, NO):
            raise Invalid("choose", _("Choose which of both is right."))
        if decide_press(row, stands, request.POST).is_new():
            decide_conflict(conflict_id=row.pk, take=choice == YES, by=request.actor)
            messages.success(request, _("Decided. What the other one said stays written here."))
        return redirect("visits:conflict", row.pk)
    looked(request, "visits.conflict.viewed", f"household:{row.household_id}", conflict=str(row.pk))
    context = {
        "row": row,
        "field": field_label(row),
        "value": in_words(row, row.value),
        "then": in_words(row, row.stands),
        "now": in_words(row, stands),
        "moved": stands is None,
        "press": decide_press(row, stands) if not row.decided_at and may_decide(request.actor, row.area_id) else None,
    }
    return render(request, "visits/conflict.html", context)

"""One promise: what, to whom, by when; and whether it was kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.errors import Invalid
from minqing.deadlines.due_words import of_day
from minqing.org.access import PageRequest, looked, page
from minqing.visits.forms.conflicts import settle_press
from minqing.visits.queries.files import NO, YES
from minqing.visits.queries.promises import visible_promise
from minqing.visits.rules import WRITERS, may_settle
from minqing.visits.services import settle_promise


@page(roles=WRITERS)
def promise(request: PageRequest, promise_id: UUID) -> HttpResponse:
    row = visible_promise(request.actor, promise_id)
    if request.method == "POST":
        choice = request.POST.get("kept", "")
        if choice not in (YES, NO):
            raise Invalid("choose", _("Choose whether it was kept."))
        if settle_press(row, request.POST).is_new():
            settle_promise(promise_id=row.pk, kept=choice == YES, by=request.actor)
            messages.success(request, _("Settled: it comes back no more."))
        return redirect("visits:promise", row.pk)
    looked(request, "visits.visit.viewed", f"household:{row.household_id}", visit=str(row.visit_id))
    may = row.settled_at is None and may_settle(request.actor, owner=row.account_id, area_id=row.area_id)
    context = {
        "row": row,
        "due": of_day(row.due_on, today=clock.today(), every=30),
        "press": settle_press(row) if may else None,
    }
    return render(request, "visits/promise.html", context)

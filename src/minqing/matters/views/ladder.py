"""Who hears of what is late, and what waiting means: for the operator to try and to change."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from minqing.core.errors import NotFound
from minqing.matters.enums import PauseReason
from minqing.matters.ladder_forms import LadderForm, PauseForm
from minqing.matters.views.norms import OPERATORS
from minqing.org.access import PageRequest, page


@page(roles=OPERATORS)
def ladder(request: PageRequest) -> HttpResponse:
    """The ladder and each reason with a form of its own; POST changes the one that it names, ``look`` only tries it."""
    climbing: LadderForm = LadderForm()
    pauses = {reason: PauseForm(reason=reason) for reason in PauseReason}
    status = 200
    if request.method == "POST":
        form: LadderForm | PauseForm
        which = request.POST.get("form", "")
        if which == "ladder":
            form = climbing = LadderForm(request.POST)
        else:
            reason = next((one for one in PauseReason if one.value == which), None)
            if reason is None:
                raise NotFound("form")
            form = pauses[reason] = PauseForm(request.POST, reason=reason)
        look = "look" in request.POST
        if form.is_valid() and not look and form.apply(by=request.actor):
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("matters:ladder")
        status = 200 if look and form.is_valid() else 422
    return render(request, "matters/ladder.html", {"ladder": climbing, "pauses": pauses.values()}, status=status)

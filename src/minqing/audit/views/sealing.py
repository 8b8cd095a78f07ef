"""The seals of the record: how far they are looked at, and looking at a day now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.audit.forms import DayForm
from minqing.audit.queries.seals import SEAL_DAYS, days_until, finding_worded, sealed
from minqing.audit.rules import AUDITORS
from minqing.audit.tasks import ask_to_check
from minqing.core import clock
from minqing.core.errors import Invalid
from minqing.org.access import PageRequest, page


@page(roles=AUDITORS)
@require_safe
def seals(request: PageRequest) -> HttpResponse:
    """The newest seal, what was found of each day, and what to do where something does not fit."""
    days = days_until(clock.today())
    rows = [(one, [finding_worded(each) for each in one.check.findings] if one.check else []) for one in days]
    return render(request, "audit/seals.html", {"sealed": sealed(), "rows": rows})


@page(roles=AUDITORS)
@require_POST
def check(request: PageRequest) -> HttpResponse:
    """Have the seals of a day looked at now, or of all days that the page shows."""
    forms = [DayForm({"day": day}) for day in request.POST.getlist("day")[:SEAL_DAYS]]
    if not forms or not all(form.is_valid() for form in forms):
        raise Invalid("no_day", _("This is no day."))
    asked = [ask_to_check(day=day, by=request.actor) for day in sorted({form.cleaned_data["day"] for form in forms})]
    if len(asked) > 1:
        messages.success(request, _("The seals of these days are being checked. Open this page again in a minute."))
    elif asked[0]:
        messages.success(request, _("The seals of this day are being checked. Open this page again in a few seconds."))
    else:
        messages.info(request, _("The seals of this day are being checked already."))
    return redirect("audit:seals")

"""How it was: written by the staff of the place, with pictures."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minqing.activities.forms.reports import HowItWasForm
from minqing.activities.queries import activity_for
from minqing.activities.queries.activities import pictures_of
from minqing.activities.rules import READERS, may_report
from minqing.core.errors import NotFound
from minqing.files.responses import picture_response
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD


@page(roles=FIELD)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PageRequest, activity_id: UUID) -> HttpResponse:
    """Once for each activity."""
    row = activity_for(request.actor, activity_id)
    may_report(request.actor, row.situation()).require()
    form = HowItWasForm(request.POST or None, request.FILES or None)
    if form.is_valid() and form.apply(activity=row, by=request.actor):
        messages.success(request, _("Written. The people of the place see it at their door."))
        return redirect("activities:detail", row.pk)
    if form.is_bound:
        form.keep(by=request.actor)
    context = {"row": row, "form": form}
    return render(request, "activities/report.html", context, status=422 if form.is_bound else 200)


@page(roles=READERS)
@require_safe
def photo(request: PageRequest, activity_id: UUID, photo_id: UUID) -> HttpResponse:
    row = activity_for(request.actor, activity_id)
    if photo_id not in pictures_of(row):
        raise NotFound("photo")
    return picture_response(attachment_id=photo_id, thumbnail="small" in request.GET)

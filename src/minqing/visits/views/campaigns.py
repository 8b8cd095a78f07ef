"""Rounds of visits: begun, looked at by place, ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.households.queries import open_tags
from minqing.org.access import PageRequest, page
from minqing.org.enums import Level, Role
from minqing.org.queries import areas_seen
from minqing.visits.forms.campaigns import CampaignForm, close_press
from minqing.visits.queries.campaigns import left_of, looked_out_for, places_of, progress_of, visible_campaign
from minqing.visits.rules import ASSIGNERS, LISTERS, may_lead, reads_diaries
from minqing.visits.services import close_campaign
from minqing.web.paging import page_of

PAGE = 50


@page(roles=ASSIGNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    places = [(one.id, one.name) for one in areas_seen(request.actor) if one.level != Level.GRID and not one.valid_to]
    tags = [(one.code, one.name) for one in open_tags()]
    form = CampaignForm(request.POST or None, places=places, tags=tags)
    if form.is_valid() and (made := form.apply(by=request.actor)):
        messages.success(request, _("The round has begun. Everybody who visits there sees it."))
        return redirect("visits:campaign", made.pk)
    return render(request, "visits/new_campaign.html", {"form": form}, status=422 if form.is_bound else 200)


@page(roles=LISTERS)
@require_safe
def campaign(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """How far it is, by place, and the households that are still to be visited; leaders see numbers alone."""
    row, actor = visible_campaign(request.actor, campaign_id), request.actor
    mine = actor.has(Role.CADRE) and "all" not in request.GET
    leads = may_lead(actor, row.area_id) and row.closed_at is None
    context = {
        "row": row,
        "progress": progress_of(actor, row),
        "places": places_of(actor, row),
        "hazards": looked_out_for(row),
        "tags": [one.name for one in open_tags() if one.code in row.tags],
        "page": page_of(left_of(actor, row, mine=mine), request, size=PAGE) if reads_diaries(actor) else None,
        "mine": mine,
        "press": close_press(row) if leads else None,
    }
    return render(request, "visits/campaign.html", context)


@page(roles=ASSIGNERS)
@require_POST
def close(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    row = visible_campaign(request.actor, campaign_id)
    if close_press(row, request.POST).is_new():
        close_campaign(campaign_id=row.pk, by=request.actor)
        messages.success(request, _("The round is over."))
    return redirect("visits:campaign", row.pk)

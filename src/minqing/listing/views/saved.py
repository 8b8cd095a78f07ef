"""Saved lists: those that somebody comes back to."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core.errors import NotFound
from minqing.listing import queries, services
from minqing.listing.forms import KeepForm
from minqing.listing.kinds import LISTS
from minqing.org.access import PageRequest
from minqing.web.htmx import partial
from minqing.web.undo import done


@require_POST
def keep(request: PageRequest) -> HttpResponse:
    """Keep the list as it stands, and go back to it."""
    form = KeepForm(request.POST)
    saved = form.apply(request) if form.is_valid() else None
    if saved is None:
        return render(request, "listing/keep.html", {"form": form}, status=422)
    messages.success(request, _("Kept as “%(name)s”.") % {"name": saved.name})
    return redirect(f"{reverse(LISTS.of(saved.list).url)}?{saved.query}")


@require_POST
def drop(request: PageRequest, filter_id: UUID) -> HttpResponse:
    saved = queries.saved_filter(request.actor, filter_id)
    if saved is None:
        raise NotFound("filter")
    services.drop_filter(saved=saved, by=request.actor)
    sentence = _("“%(name)s” is deleted.") % {"name": saved.name}
    done(request, sentence, undo=reverse("listing:keep"), name=saved.name, list=saved.list, query=saved.query)
    return redirect("listing:kept")


@require_safe
def kept(request: PageRequest) -> HttpResponse:
    """The lists that the actor keeps and may open in this post, to open or delete them."""
    rows = [(one, LISTS.get(one.list)) for one in queries.saved_filters(request.actor)]
    mine = [(one, listed) for one, listed in rows if listed and request.actor.has(*listed.roles)]
    return partial(request, "listing/kept.html", "rows", {"rows": mine})

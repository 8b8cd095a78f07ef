"""The operator's page of other systems: who they are, what they were sent, what is laid aside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from minqing.core.errors import NotFound
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role
from minqing.partners import queries, services, words
from minqing.partners.enums import DeliveryState
from minqing.privacy.access import acting_as
from minqing.web.paging import page_of

OPERATOR = frozenset({Role.OPERATOR})
LATEST = 20
DONE_WITH = _("It is done with. For thirty days it can still be sent or read again on the command line.")
LIGHTS = {
    DeliveryState.DELIVERED.value: "green",
    DeliveryState.QUEUED.value: "blue",
    DeliveryState.RETRYING.value: "yellow",
    DeliveryState.DEAD.value: "red",
    DeliveryState.SETTLED.value: "grey",
}


@page(roles=OPERATOR)
def list_partners(request: HttpRequest) -> HttpResponse:
    """Partners, their endpoints, the latest deliveries; what could not be delivered or taken over."""
    with acting_as(queries.inbox_actor()):
        aside = page_of(queries.laid_aside(), request, parameter="received")
    dead = page_of(queries.deliveries(DeliveryState.DEAD), request)
    whose = {one.endpoint.partner for one in dead} | {one.partner for one in aside}
    context = {
        "partners": list(queries.partners()),
        "endpoints": list(queries.endpoints()),
        "latest": [(one, LIGHTS[one.state]) for one in queries.deliveries()[:LATEST]],
        "dead": dead,
        "received": aside,
        "whose": sorted(whose, key=lambda one: one.code),
        "unsent": [(one, words.why_sent(one.status, one.error)) for one in dead],
        "aside": [(one, words.why_taken(one.code)) for one in aside],
    }
    return render(request, "partners/list.html", context)


def delivery_or_404(delivery_id: UUID) -> Any:
    found = queries.deliveries().filter(pk=delivery_id).first()
    if found is None:
        raise NotFound("delivery")
    return found


@page(roles=OPERATOR)
@require_POST
def replay_delivery(request: PageRequest, delivery_id: UUID) -> HttpResponse:
    """Send a dead delivery again."""
    services.replay_delivery(delivery=delivery_or_404(delivery_id), by=request.actor)
    messages.success(request, _("It is sent again within a few seconds."))
    return redirect("partners:list")


@page(roles=OPERATOR)
@require_POST
def settle_delivery(request: PageRequest, delivery_id: UUID) -> HttpResponse:
    """Take a dead delivery off the page: nobody needs it any more."""
    services.settle_delivery(delivery=delivery_or_404(delivery_id), by=request.actor)
    messages.success(request, DONE_WITH)
    return redirect("partners:list")


@page(roles=OPERATOR)
@require_POST
def settle_event(request: PageRequest, event_id: UUID) -> HttpResponse:
    """Take what was laid aside off the page; it is kept for a while."""
    services.settle_event(event_id=event_id, by=request.actor)
    messages.success(request, DONE_WITH)
    return redirect("partners:list")


@page(roles=OPERATOR)
@require_POST
def replay_all(request: PageRequest, code: str) -> HttpResponse:
    """Send and read again all that was laid aside of one partner, in its order."""
    partner = queries.partner_by_code(code)
    if partner is None:
        raise NotFound("partner")
    sent, read = services.replay_all(partner=partner, by=request.actor)
    told = _("%(sent)d events are sent again and %(read)d read again, within a minute, in their order.")
    messages.success(request, told % {"sent": sent, "read": read})
    return redirect("partners:list")


@page(roles=OPERATOR)
@require_POST
def replay_event(request: PageRequest, event_id: UUID) -> HttpResponse:
    """Take over anew what was laid aside."""
    services.replay_event(event_id=event_id, by=request.actor)
    messages.success(request, _("It is read again within a minute."))
    return redirect("partners:list")

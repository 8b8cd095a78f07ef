"""Addresses for other systems: events come in, events are fetched. No session, no form token; answers are JSON."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.matters.queries import matter_for
from minqing.org.signin import client_address
from minqing.partners import services
from minqing.partners.access import identify, identify_sender, require_scope, shown_token
from minqing.partners.enums import EVENTS_RECEIVE, InboundState
from minqing.partners.formats.decoding import Unreadable
from minqing.partners.formats.events import (
    ANY_JSON,
    BATCH,
    JSON,
    MOST_BYTES,
    STRUCTURED,
    Envelope,
    attributes_of,
    unbatched,
)
from minqing.partners.models import Inbound, Partner
from minqing.partners.queries.hooks import bodies_after
from minqing.partners.rules import RATE
from minqing.partners.words import why_taken
from minqing.privacy.access import transaction_as
from minqing.web.problem import refusal

View = Callable[..., HttpResponse]
MOST_FETCHED = 200
MOST_AT_ONCE = 100


def machine(*methods: str) -> Callable[[View], View]:
    """Open a view to other systems. It names its own transactions: who calls is counted in one before the work."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @transaction.non_atomic_requests
        @functools.wraps(view)
        def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            # the charset of a body is read by us; Django would read the query by it too
            request.encoding = "utf-8"
            if request.method == "OPTIONS" and "WebHook-Request-Origin" in request.headers:
                return welcome(request, methods)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                response = view(request, **kwargs)
            except DomainError as error:
                response = refusal(error)
            # the web hooks' word for answers to an address that holds a token
            response["Cache-Control"] = "private, no-store" if "access_token" in request.GET else "no-store"
            return response

        return answered

    return decorate


def welcome(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """The question that senders ask first, so that nobody is flooded against their will.

    Token and signature decide later; https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
    """
    response = HttpResponse(status=200, headers={"Allow": ", ".join(methods), "Cache-Control": "no-store"})
    response["WebHook-Allowed-Origin"] = request.headers["WebHook-Request-Origin"]
    response["WebHook-Allowed-Rate"] = str(RATE)
    return response


@machine("GET", "POST")
def events(request: HttpRequest) -> HttpResponse:
    """POST: take one CloudEvent. GET: events that were for this partner, behind ``after``, for who missed some."""
    return fetch(request) if request.method == "GET" else take_in(request, code=request.GET.get("partner", ""))


@machine("POST")
def inbox(request: HttpRequest, code: str) -> HttpResponse:
    """Take a partner's own JSON, read by its mapping."""
    return take_in(request, code=code, flat=True)


def take_in(request: HttpRequest, *, code: str, flat: bool = False) -> HttpResponse:
    """Store the event, then take it over; "taken" is answered only once it is stored."""
    body = body_of(request)
    partner, actor = identify_sender(request, body, code=code)
    charset = (request.content_params or {}).get("charset", "")
    media = media_of(request, flat=flat)
    # the media type says which mode it is, whatever else came along
    envelope = Envelope(body, media, charset, {} if flat or media != JSON else attributes_in(request))
    if media == BATCH:
        return take_batch(envelope, partner=partner, actor=actor)
    row = services.store_event(partner=partner, envelope=envelope, by=actor, flat=flat)
    if unreadable(row):
        raise DomainError(row.code, _("This could not be read. It is kept for the operator."), http_status=400)
    told, status = receipt(services.take_over(row.pk), actor)
    return JsonResponse(told, status=status)


def attributes_in(request: HttpRequest) -> dict[str, str]:
    try:
        return attributes_of(request.headers)
    except Unreadable as failed:
        raise DomainError(
            failed.code, _("A ce- header could not be read. Nothing was kept."), http_status=400
        ) from None


def unreadable(row: Inbound) -> bool:
    """It may have been cut on its way: the sender shall try again. What could be read has a type."""
    return row.state == InboundState.DEAD and not row.type


def take_batch(envelope: Envelope, *, partner: Partner, actor: Actor) -> HttpResponse:
    """Store all events of a batch before the first is taken over; a receipt for each, in their order.

    200 when all are done. 202 else, also where one cannot be read: it is kept, and the others are not sent again
    for its sake.
    """
    try:
        each = unbatched(envelope)
    except Unreadable as failed:
        sentence = _("This is no JSON array of events. Nothing of it was kept.")
        raise DomainError(failed.code, sentence, http_status=400) from None
    if len(each) > MOST_AT_ONCE:
        raise DomainError("too_large", _("A batch is at most 100 events."), http_status=413)
    with transaction.atomic():
        rows = [services.store_event(partner=partner, envelope=one, by=actor) for one in each]
    receipts = [receipt(row if unreadable(row) else services.take_over(row.pk), actor) for row in rows]
    status = max((status for _told, status in receipts), default=200)
    return JsonResponse([told for told, _status in receipts], safe=False, status=status)


def body_of(request: HttpRequest) -> bytes:
    """The body, as long as it is short enough; it is read no further than that."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise DomainError("media_type", _("Send JSON as it is, not compressed."), http_status=415)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise DomainError("too_large", _("An event is at most 256 KB."), http_status=413)
    return body


def media_of(request: HttpRequest, *, flat: bool) -> str:
    """The media type, with ``application/json`` for all of JSON that says no more."""
    media = request.content_type or JSON
    if (
        media not in {STRUCTURED, BATCH}
        and not media.startswith("application/cloudevents")
        and ANY_JSON.fullmatch(media)
    ):
        return JSON
    if (flat and media == BATCH) or (not flat and media not in {STRUCTURED, JSON, BATCH}):
        raise DomainError("media_type", _("Send CloudEvents as JSON."), http_status=415)
    return media


def receipt(row: Inbound, actor: Actor) -> tuple[dict[str, object], int]:
    """What is told of it; 200 when it is done, 202 when it is stored and waits or was laid aside, with the code."""
    told: dict[str, object] = {"id": str(row.pk), "state": row.state}
    if row.code:
        told["code"] = row.code
    if row.unusable:
        told["unusable"] = [
            {"field": field, "code": code, "sentence": str(why_taken(code))} for field, code in row.unusable
        ]
    if row.matter_id:
        told["matter"] = matter_reference(row.matter_id, actor)
    return told, 200 if row.state == InboundState.APPLIED else 202


def matter_reference(matter_id: UUID, actor: Actor) -> dict[str, str]:
    with transaction_as(actor):
        found = matter_for(actor, matter_id)
    return {"id": str(matter_id)} | ({"number": found.number, "state": found.state} if found else {})


def fetch(request: HttpRequest) -> HttpResponse:
    actor = identify(shown_token(request), address=client_address(request))
    require_scope(actor, EVENTS_RECEIVE)
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= 20):
        raise DomainError("after", _("“after” is the sequence of the last event that you have."), http_status=400)
    assert actor.id is not None  # noqa: S101  # a partner has one
    found = bodies_after(actor.id, int(after), most=MOST_FETCHED)
    return JsonResponse({"events": found, "more": len(found) == MOST_FETCHED})

"""The addresses that devices exchange with, and the page of devices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.core.errors import DomainError, NotFound
from minqing.org.access import PageRequest, page
from minqing.sync import queries, serializers, services
from minqing.sync.enums import Arrival
from minqing.sync.forms import revoke_press
from minqing.sync.rules import MOST_BYTES, MOST_PIECE, OWNERS, READERS, may_revoke
from minqing.sync.schemas import MessageBody, RegisterBody, read
from minqing.sync.services.exchange import Outbox
from minqing.web.paging import page_of


def body_of(request: PageRequest, schema: Any) -> Any:
    """Raises DomainError ``too_large`` (413), Invalid for what is not as the schema has it."""
    # of a form that was sent with files no body is left to be read
    body = request.body if request.content_type == "application/json" else b""
    if len(body) > MOST_BYTES:
        raise DomainError("too_large", _("A message is at most 1 MB. Send less at once."), http_status=413)
    return read(schema, body)


@page(roles=OWNERS)
@require_POST
def exchange(request: PageRequest) -> HttpResponse:
    """What a device hands in, and what it is told."""
    message: MessageBody = body_of(request, MessageBody)
    told = message.outbox
    answer = services.exchange(
        device_id=message.device,
        outbox=Outbox(told.last, told.waiting, told.oldest),
        operations=serializers.operations(message),
        holds=message.shelf,
        sent_at=message.clock,
        lost=message.lost,
        knows=message.knows,
        by=request.actor,
    )
    return JsonResponse(serializers.answered(answer, message.device))


@page(roles=OWNERS)
@require_POST
def photo(request: PageRequest, operation: UUID, sha256: str) -> HttpResponse:
    """The next piece of a photo, as it is; 409 with how far it really is, where it goes on from elsewhere."""
    data = request.body if request.content_type == "application/octet-stream" else b""
    told = request.GET.get("offset", "")
    # one that cannot be read is no place where it goes on
    offset = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else -1
    if len(data) > MOST_PIECE:
        raise DomainError("too_large", _("A piece is at most 128 KB. Send less at once."), http_status=413)
    found = services.take_piece(operation=operation, sha256=sha256, offset=offset, data=data, by=request.actor)
    answer = serializers.piece_taken(found)
    is_elsewhere = answer["state"] == Arrival.OWED and (offset < 0 or answer["offset"] != offset + len(data))
    return JsonResponse(answer, status=409 if is_elsewhere else 200)


@page(roles=OWNERS)
@require_POST
def register(request: PageRequest) -> HttpResponse:
    """A device becomes the signed-in person's own, or is opened again: the key goes to its owner alone."""
    wanted: RegisterBody = body_of(request, RegisterBody)
    if wanted.owner is not None and wanted.owner != request.actor.id:
        raise NotFound("no_device")
    unit = request.post.unit_id if request.post else None
    device = services.register_device(id=wanted.id, name=wanted.name, unit_id=unit, by=request.actor)
    return JsonResponse(serializers.registered(device))


@page(roles=READERS)
@require_safe
def devices(request: PageRequest) -> HttpResponse:
    """Phones with diaries: what has not arrived, when they were heard of, and a button that closes one."""
    listed = queries.listed_devices(request.actor)
    found = page_of(listed, request)
    photos = queries.photos_owed_by([one.pk for one in found])
    rows = [
        {
            "shown": queries.status_of(one, photos.get(one.pk, 0)),
            "own": one.account_id == request.actor.id,
            "press": revoke_press(one) if may_close(request, one) else None,
        }
        for one in found
    ]
    areas = queries.incomplete_areas(request.actor)
    context = {"page": found, "rows": rows, "owed": queries.owed(listed), "areas": areas}
    return render(request, "sync/devices.html", context)


def may_close(request: PageRequest, device: Any) -> bool:
    return not device.revoked_at and bool(may_revoke(request.actor, owner=device.account_id, unit=device.unit_id))


@page(roles=READERS)
@require_POST
def revoke(request: PageRequest, device_id: UUID) -> HttpResponse:
    device = queries.visible_device(request.actor, device_id)
    if revoke_press(device, request.POST).is_new():
        services.revoke_device(device_id=device.pk, by=request.actor)
        messages.success(request, _("The phone is closed. It empties itself at its next contact."))
    return redirect("sync:devices")

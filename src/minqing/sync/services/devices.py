"""Devices: made somebody's own, opened again after signing in, closed."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, NotFound, Refused
from minqing.core.retry import one_at_a_time
from minqing.journal.services import Json, record
from minqing.sync.models import Device
from minqing.sync.queries import own_devices
from minqing.sync.rules import MOST_DEVICES, may_have, may_revoke

CLOSED = _("This phone was closed for diaries. What has not arrived is taken in once more; then it is emptied.")


@transaction.atomic
def register_device(
    *, id: UUID, name: str, by: Actor, unit_id: int | None = None, at: datetime | None = None
) -> Device:
    """The actor's own device of that id, with the key that opens what it holds; new where there was none.

    Each time the key is handed out stands in the journal. Events: ``sync.device.registered``, ``sync.device.unlocked``.
    """
    may_have(by).require()
    at = at or clock.now()
    one_at_a_time(f"sync.devices:{by.person}")
    device = Device.objects.filter(pk=id).first()
    if device is not None and device.account_id != by.person:
        raise NotFound("no_device")
    if device is not None and device.revoked_at:
        raise Refused("device_revoked", CLOSED)
    if device is None:
        if own_devices(by.person).count() >= MOST_DEVICES:
            raise Conflict("too_many_devices", _("You have five phones already. Close one that you do not use."))
        device = Device.objects.create(
            id=id,
            account_id=by.person,
            unit_id=unit_id,
            name=clean(name) or "?",
            key=secrets.token_urlsafe(32),
            registered_at=at,
            seen_at=at,
        )
        record(type="sync.device.registered", subject=f"device:{id}", by=by, at=at)
    else:
        record(type="sync.device.unlocked", subject=f"device:{id}", by=by, at=at)
    return device


@transaction.atomic
def revoke_device(*, device_id: UUID, by: Actor, at: datetime | None = None) -> Device:
    """Close it for good: its key is deleted here, and at its next contact it hands in what waits and empties itself.

    Event: ``sync.device.revoked``, with how many entries were told to wait on it.
    """
    device = Device.objects.select_for_update().filter(pk=device_id).first()
    if device is None:
        raise NotFound("no_device")
    may_revoke(by, owner=device.account_id, unit=device.unit_id).require()
    if device.revoked_at is None:
        device.revoked_at, device.key = at or clock.now(), ""
        device.save(update_fields=["revoked_at", "key"])
        data: dict[str, Json] = {"account": str(device.account_id), "waiting": device.waiting_told}
        record(type="sync.device.revoked", subject=f"device:{device_id}", by=by, at=device.revoked_at, data=data)
    return device

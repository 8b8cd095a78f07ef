"""One message of a device: what it says of its outbox, what it hands in, what it holds; one answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.incarnation import incarnation
from minqing.sync.enums import Wait
from minqing.sync.models import Device, Entry, Photo
from minqing.sync.queries import entries_like, photos_to_come
from minqing.sync.rules import may_have
from minqing.sync.services.photos import give_up
from minqing.sync.services.shelves import Pulled, pull
from minqing.sync.services.taking import Given, Taking


@dataclass(frozen=True, slots=True)
class Outbox:
    """What a device says of itself before it sends: its highest number, how many wait, when the oldest was written."""

    last: int
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """``pulled`` is None for a device that was closed: it is emptied once nothing waits on it any more."""

    generation: str
    receipts: Sequence[Entry]
    waits: Mapping[UUID, Wait]
    pulled: Pulled | None
    photos: Sequence[Photo]


@transaction.atomic
def exchange(
    *,
    device_id: UUID,
    outbox: Outbox,
    operations: Sequence[Given],
    holds: int,
    sent_at: datetime,
    by: Actor,
    lost: Collection[UUID] = (),
    knows: Collection[str] = (),
    at: datetime | None = None,
) -> Answer:
    """Take what the device hands in and tell it what changed. The same again has the same receipts.

    Of two messages of one device at once the second waits for the first. Its operations are journalled by the rooms
    that apply them; of each photo that it says is ``lost`` there is an event ``sync.photo.lost``. ``knows`` are feeds
    that it can keep besides those of every phone.
    """
    may_have(by).require()
    at = at or clock.now()
    device = held_device(device_id, by)
    known = entries_like(
        device.pk,
        [*(one.id for one in operations), *(one.after for one in operations if one.after)],
        [one.number for one in operations],
    )
    taking = Taking(
        device=device,
        by=by,
        at=at,
        sent_at=sent_at,
        known={one.pk: one for one in known},
        numbers={one.number: one.pk for one in known if one.device_id == device.pk},
    )
    receipts = taking.all(operations)
    note_contact(device, outbox, taking, operations)
    give_up(device, lost, by=by, at=at)
    pulled = None if device.revoked_at else pull(device=device, holds=holds, by=by, knows=knows)
    return Answer(incarnation(), receipts, taking.waits, pulled, photos_to_come(device.pk))


def held_device(device_id: UUID, by: Actor) -> Device:
    """The actor's own device, held until the end; a closed one still hands in what waits on it."""
    found = Device.objects.select_for_update().filter(pk=device_id, account_id=by.person).first()
    if found is None:
        raise NotFound("no_device")
    return found


def note_contact(device: Device, outbox: Outbox, taking: Taking, sent: Sequence[Given]) -> None:
    device.seen_at = taking.at
    device.last_told = max(device.last_told, outbox.last)
    device.waiting_told = max(0, outbox.waiting - sum(one.id not in taking.waits for one in sent))
    device.oldest_told = oldest_left(outbox, sent, taking)
    device.arrived += len(taking.taken)
    device.highest = max([device.highest, *(one.number for one in taking.taken)])
    device.save(update_fields=["seen_at", "last_told", "waiting_told", "oldest_told", "arrived", "highest"])


def oldest_left(outbox: Outbox, sent: Sequence[Given], taking: Taking) -> date | None:
    """The day of the oldest that still waits; None where all that this message tells of has its receipt now."""
    left = [one.written_at for one in sent if one.id in taking.waits]
    if outbox.oldest and outbox.oldest not in {one.written_at for one in sent}:
        left.append(outbox.oldest)
    return clock.local_date(min(left)) if left else None

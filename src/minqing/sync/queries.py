"""Reading devices and what came of them. Nothing else decides which devices an actor sees."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Greatest

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.org.enums import Role
from minqing.org.queries import people_in
from minqing.privacy.access import one_of
from minqing.sync.enums import Arrival
from minqing.sync.models import Device, Entry, Photo
from minqing.sync.rules import LEADERS, MOST_PHOTOS, OWNERS, missing


def visible_devices(actor: Actor) -> QuerySet[Device]:
    """One's own; the head's of those of the unit; the operator's all."""
    return seen_by(actor, Q(account_id=actor.id))


def listed_devices(actor: Actor) -> QuerySet[Device]:
    """For who leads a village or a township also those of the people at work there: what they owe is told, no more."""
    own = Q(account_id=actor.id)
    return seen_by(actor, own | Q(account__in=people_in(actor, OWNERS)) if actor.has(*LEADERS) else own)


def seen_by(actor: Actor, reached: Q) -> QuerySet[Device]:
    found = Device.objects.select_related("account").order_by("-seen_at", "-id")
    if actor.has(Role.OPERATOR):
        return found
    of_unit = Q(unit_id__in=actor.units) if actor.has(Role.UNIT_HEAD) else Q(pk__in=[])
    return found.filter(reached | of_unit)


def owed(devices: QuerySet[Device]) -> Owed:
    """What has not arrived from them all."""
    left = Greatest("last_told", "highest") - F("arrived")
    found = devices.order_by().annotate(left=left).filter(left__gt=0).aggregate(phones=Count("pk"), entries=Sum("left"))
    return Owed(found["phones"], found["entries"] or 0)


def visible_device(actor: Actor, device_id: UUID) -> Device:
    found = visible_devices(actor).filter(pk=device_id).first()
    if found is None:
        raise NotFound("no_device")
    return found


def own_devices(account_id: UUID) -> QuerySet[Device]:
    return Device.objects.filter(account_id=account_id, revoked_at=None)


def phones_of(accounts: QuerySet[Any]) -> int:
    """How many phones are in use of those people, whose ids the subquery finds."""
    return Device.objects.filter(account_id__in=accounts, revoked_at=None).count()


def entries_like(device_id: UUID, ids: Collection[UUID], numbers: Collection[int]) -> list[Entry]:
    """What is written down under these ids, or these numbers of the device."""
    return list(Entry.objects.filter(Q(pk__in=ids) | Q(device_id=device_id, number__in=numbers)))


@dataclass(frozen=True, slots=True)
class Owed:
    """From how many ``phones`` how many ``entries`` have not arrived."""

    phones: int
    entries: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A device in a list, with how many of its entries and photos have not arrived."""

    device: Device
    missing: int
    photos: int


def status_of(device: Device, photos: int) -> Shown:
    return Shown(device, missing(told=device.last_told, highest=device.highest, arrived=device.arrived), photos)


def photos_to_come(device_id: UUID) -> list[Photo]:
    """What a device still owes, what was begun first."""
    owed = Photo.objects.filter(device_id=device_id, arrival=Arrival.OWED)
    return list(owed.order_by("-received", "id")[:MOST_PHOTOS])


def photos_begun(device_id: UUID) -> QuerySet[Photo]:
    return Photo.objects.filter(device_id=device_id, arrival=Arrival.OWED, received__gt=0)


def photos_missing(thing: str) -> dict[Arrival, int]:
    """How many photos of a record have not arrived, by what is known of them; nothing where all have."""
    found = Photo.objects.filter(thing=thing).exclude(arrival=Arrival.RECEIVED).order_by()
    rows = found.values_list("arrival").annotate(n=Count("pk"))
    return {Arrival(state): number for state, number in sorted(rows)}


def photos_owed_by(device_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many photos are still to come from each device; none for those from which all have."""
    owed = Photo.objects.filter(device_id__in=device_ids, arrival=Arrival.OWED).order_by()
    return dict(owed.values_list("device_id").annotate(n=Count("pk")))


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A village with photos that diaries name and that have not arrived: still to come, and lost or not taken."""

    area: str
    owed: int
    lacking: int


def incomplete_areas(actor: Actor) -> list[Incomplete]:
    """Of the actor's villages those of which photos are missing, in the order of their names."""
    missing = Photo.objects.filter(one_of("area_id", actor.areas)).exclude(arrival=Arrival.RECEIVED).order_by()
    owed = Count("pk", filter=Q(arrival=Arrival.OWED))
    rows = missing.values_list("area__name").annotate(owed=owed, all=Count("pk")).order_by("area__name")
    return [Incomplete(name, owed, number - owed) for name, owed, number in rows]

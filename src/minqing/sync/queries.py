"""Reading devices and what came of them. Nothing else decides which devices an actor sees."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Greatest

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.org.enums import Role
from minqing.org.queries import people_in
from minqing.privacy.access import one_of
from minqing.sync.enums import Arrival, Outcome
from minqing.sync.models import Device, Entry, Letter, Photo
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


def device_of(device_id: UUID) -> Device | None:
    """Whoever asks: for a file that was saved on it, which says nothing of anybody."""
    return Device.objects.filter(pk=device_id).first()


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


def visible_letters(actor: Actor) -> QuerySet[Letter]:
    """What waits for a decision: see :func:`letters_for`."""
    return letters_for(actor).filter(decided_at=None)


def letters_for(actor: Actor) -> QuerySet[Letter]:
    """One's own, and for who leads a village or a township what belongs there, decided or not."""
    own = Q(device__account_id=actor.id) if actor.has(*OWNERS) else Q(pk__in=[])
    there = one_of("area_id", actor.areas) if actor.has(*LEADERS) else Q(pk__in=[])
    return Letter.objects.filter(own | there)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Letters of one device that wait: how many entries and photos, whose, and since when."""

    device: Device
    words: int
    photos: int
    since: datetime


def bundles(actor: Actor) -> list[Bundle]:
    """By device, what waits longest first."""
    found = (
        visible_letters(actor)
        .order_by()
        .values("device")
        .annotate(words=Count("pk", filter=Q(sha256="")), all=Count("pk"), since=Min("received_at"))
    )
    rows = {row["device"]: row for row in found.order_by("since", "device")}
    devices = Device.objects.select_related("account", "unit").in_bulk(rows.keys())
    return [Bundle(devices[id], row["words"], row["all"] - row["words"], row["since"]) for id, row in rows.items()]


def letters_of(actor: Actor, device_id: UUID) -> list[Letter]:
    """Those of one device that wait, in the order in which they were written; photos behind. Raises NotFound."""
    rows = visible_letters(actor).filter(device_id=device_id).select_related("device__account", "area", "handed_by")
    found = list(rows.order_by("sha256", "written_at", "pk"))
    if not found:
        raise NotFound("no_letters")
    return found


def came_of(device_id: UUID, ids: Collection[UUID]) -> tuple[dict[UUID, Entry], set[UUID]]:
    """Of these operations the receipts that there are, and those that somebody decided not to take."""
    entries = {one.pk: one for one in entries_like(device_id, ids, ()) if one.device_id == device_id}
    decided = Letter.objects.filter(device_id=device_id, operation__in=ids, sha256="").exclude(decided_at=None)
    taken = {id for id, one in entries.items() if one.outcome != Outcome.REFUSED}
    return entries, set(decided.values_list("operation", flat=True)) - taken

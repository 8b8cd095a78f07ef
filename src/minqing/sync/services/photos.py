"""Photos that come after the words that name them: piece by piece, from where they really are, whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, DomainError, NotFound
from minqing.core.timekeeping import lived_now
from minqing.files.services import store_picture
from minqing.journal.services import record
from minqing.sync.enums import ENDED, Arrival, Outcome
from minqing.sync.kinds import OPERATIONS
from minqing.sync.models import Device, Entry, Photo, PhotoPiece
from minqing.sync.queries import photos_begun
from minqing.sync.rules import AWAITED, MOST_BEGUN, PIECES_KEPT, may_have

NAME = "photo.jpg"
DAMAGED = _("It was damaged on its way and is sent once more.")
BEGUN = _("Many photos of this phone are begun. They are finished before others begin.")


@transaction.atomic
def take_piece(
    *, operation: UUID, sha256: str, offset: int, data: bytes, by: Actor, at: datetime | None = None
) -> Photo | None:
    """Take the bytes from ``offset`` on, if that is as far as the photo has come; the photo says how far it is now.

    With the last of them it is checked against what was named, made anew as every picture is, and given to the record
    that it belongs to. What has arrived is never written over. None: nobody asks for it, or not any more.
    Event: what the room writes that takes it, or ``sync.photo.refused``.
    """
    may_have(by).require()
    at = at or clock.now()
    entry = own_entry(operation, by)
    # of a diary that was handed in twice the photo was named by the first
    mine = Photo.objects.filter(device__account_id=by.person)
    seen = mine.filter(thing=entry.thing, sha256=sha256).order_by("pk").first()
    if seen is None:
        return None
    named_by = OPERATIONS.get(entry.kind)
    kind = named_by.photos if named_by else None
    # with the last piece what the room locks comes first, as it does for whoever else writes there
    held = kind.hold(seen.thing, by) if kind and offset + len(data) >= seen.size else None
    photo = Photo.objects.select_for_update().filter(pk=seen.pk).first()
    if photo is None or photo.arrival in ENDED or offset != photo.received or not data:
        return photo
    if not offset and photos_begun(photo.device_id).count() >= MOST_BEGUN:
        raise Conflict("too_many_begun", BEGUN)
    PhotoPiece.objects.create(photo=photo, offset=offset, data=base64.b64encode(data).decode())
    photo.arrival, photo.received, photo.moved_at, photo.told = Arrival.OWED, offset + len(data), at, ""
    if photo.received >= photo.size:
        finish(photo, kind=kind, held=held, by=by, at=at)
    photo.save(update_fields=["arrival", "received", "moved_at", "told"])
    return photo


def own_entry(operation: UUID, by: Actor) -> Entry:
    """Raises NotFound: the phone keeps the photo until its words are known again by a server that was restored, or
    are handed in anew where they were refused.
    """
    found = Entry.objects.filter(pk=operation, device__account_id=by.person).first()
    if found is None or found.outcome == Outcome.REFUSED:
        raise NotFound("no_operation")
    return found


def finish(photo: Photo, *, kind: Any, held: Any, by: Actor, at: datetime) -> None:
    """Whole and a picture, it is received; of other bytes than were named nothing is kept."""
    pieces = photo.pieces.order_by("offset")
    whole = b"".join(base64.b64decode(one.data) for one in pieces)
    pieces.delete()
    if len(whole) != photo.size or hashlib.sha256(whole).hexdigest() != photo.sha256:
        photo.received, photo.told = 0, str(DAMAGED)
        return
    try:
        with transaction.atomic():
            kept = store_picture(id=photo.pk, upload=io.BytesIO(whole), name=NAME, by=by, at=at)
            kind.attach(held=held, attachment_id=kept.pk, by=by, at=at)
    except DomainError as error:
        photo.arrival, photo.told = Arrival.REFUSED, str(error.sentence)[:300]
        record(type="sync.photo.refused", subject=photo.thing, by=by, at=at, data={"code": error.code})
    else:
        photo.arrival = Arrival.RECEIVED


def give_up(device: Device, ids: Collection[UUID], *, by: Actor, at: datetime) -> None:
    """The phone has them no more: it is said where they were to stand, and what came of them so far is dropped."""
    if not ids:
        return
    owed = Photo.objects.select_for_update().filter(device=device, pk__in=set(ids), arrival=Arrival.OWED)
    for photo in owed.order_by("pk"):
        lose(photo, told="sync.photo.lost", by=by, at=at)


@transaction.atomic
def give_up_old_photos(*, by: Actor, at: datetime | None = None) -> int:
    """What has not moved for as long as a phone knows its entries is not waited for any more; it may still come.

    Returns how many; with a thousand at once the rest has time. Event of each: ``sync.photo.given_up``.
    """
    lived, at = at or lived_now(), at or clock.now()
    owed = Photo.objects.select_for_update(skip_locked=True).filter(arrival=Arrival.OWED, moved_at__lt=lived - AWAITED)
    photos = list(owed.order_by("pk")[:1000])
    for photo in photos:
        lose(photo, told="sync.photo.given_up", by=by, at=at)
    return len(photos)


def lose(photo: Photo, *, told: str, by: Actor, at: datetime) -> None:
    photo.pieces.all().delete()
    photo.arrival, photo.received, photo.moved_at = Arrival.LOST, 0, at
    photo.save(update_fields=["arrival", "received", "moved_at"])
    record(type=told, subject=photo.thing, by=by, at=at)


@transaction.atomic
def forget_photos(*, things: Collection[str], by: Actor) -> int:
    """Nobody asks for photos of these records any more; what has come of them goes. Told by whoever erases them."""
    ids = [one.pk for one in Photo.objects.select_for_update().filter(thing__in=things).order_by("pk")]
    PhotoPiece.objects.filter(photo__in=ids).delete()
    return Photo.objects.filter(pk__in=ids).delete()[0]


@transaction.atomic
def move_photos(*, things: Collection[str], area_id: int) -> int:
    """The records have gone to another area; returns how many photos are counted there now."""
    ids = [one.pk for one in Photo.objects.select_for_update().filter(thing__in=things).order_by("pk")]
    return Photo.objects.filter(pk__in=ids).exclude(area_id=area_id).update(area_id=area_id)


def drop_old_pieces(*, now: datetime | None = None) -> int:
    """Of photos that have stood still for long the pieces go; they begin anew. Returns of how many."""
    before = (now or lived_now()) - PIECES_KEPT
    with transaction.atomic():
        still = Photo.objects.select_for_update(skip_locked=True).filter(moved_at__lt=before, received__gt=0)
        ids = [one.pk for one in still.filter(arrival=Arrival.OWED).order_by("pk")[:1000]]
        PhotoPiece.objects.filter(photo__in=ids).delete()
        return Photo.objects.filter(pk__in=ids).update(received=0)

"""Writes of attachments."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, SentBefore, StoredValue
from minqing.core.timekeeping import lived_now
from minqing.files.images import Picture, make_picture
from minqing.files.models import Attachment
from minqing.journal.services import record

SAME_WITHIN = timedelta(days=1)


@transaction.atomic
def store_picture(
    *,
    id: UUID,
    upload: UploadedFile | BinaryIO | Picture,
    name: str,
    by: Actor,
    by_content: bool = True,
    at: datetime | None = None,
) -> Attachment:
    """Keep a picture, made anew, under random names; :class:`~minqing.core.errors.Invalid` if it is none.

    The same ``id`` again returns what is there; SentBefore for another picture.
    With ``by_content`` the same bytes from the same known sender within
    a day do so too (whose id then differs from ``id``: use the returned one). The files are written before the row;
    when the row is not made after all, :func:`sweep_orphans` finds them.
    """
    at = at or clock.now()
    found = sent_before(id, by=by)
    picture = upload if isinstance(upload, Picture) else make_picture(upload, name=name)
    if found:
        return same_picture(found, picture)
    if by_content and (found := sent_already(picture.sha256, by=by, at=at)):
        return found
    try:
        with transaction.atomic():
            return keep(picture, id=id, by=by, at=at)
    except IntegrityError:
        # the same id sent twice at the same moment: the other one was first
        if found := sent_before(id, by=by):
            return same_picture(found, picture)
        raise


def same_picture(found: Attachment, picture: Picture) -> Attachment:
    """What was sent before under the same id; SentBefore where it was another picture."""
    if found.sha256 != picture.sha256:
        raise SentBefore(kept=[StoredValue(_("Photo"), found.name)])
    return found


def store_pictures(*, request_id: UUID, pictures: Iterable[Picture], by: Actor) -> list[UUID]:
    """Keep all pictures of one form (:class:`~minqing.files.forms.PicturesField`); sent twice, they are kept once."""
    if not (given := list(pictures)):
        return []
    with transaction.atomic():
        return [
            store_picture(id=uuid5(request_id, picture.sha256), upload=picture, name=picture.name, by=by).id
            for picture in given
        ]


def sent_before(id: UUID, *, by: Actor) -> Attachment | None:
    """What ``by`` sent under this id; Conflict where somebody else did."""
    found = Attachment.objects.filter(pk=id).first()
    if found is not None and found.sent_by != by.ref:
        raise Conflict("picture_id_taken", _("This photo was already sent by somebody else. Choose it again."))
    return found


def sent_already(sha256: str, *, by: Actor, at: datetime) -> Attachment | None:
    if by.id is None and by.household is None:
        # all unknown senders share one name: they must not share pictures
        return None
    return Attachment.objects.filter(sent_by=by.ref, sha256=sha256, stored_at__gt=at - SAME_WITHIN).first()


def keep(picture: Picture, *, id: UUID, by: Actor, at: datetime) -> Attachment:
    token = secrets.token_hex(16)
    base = f"{token[:2]}/{token[2:4]}/{token}"
    names = [f"{base}.jpg", f"{base}.s.jpg"]
    try:
        for stored, content in zip(names, (picture.full, picture.thumbnail), strict=True):
            default_storage.save(stored, ContentFile(content))
        attachment = Attachment.objects.create(
            id=id,
            name=picture.name,
            stored=names[0],
            thumbnail=names[1],
            size=len(picture.full),
            width=picture.width,
            height=picture.height,
            sha256=picture.sha256,
            sent_by=by.ref,
            stored_at=at,
        )
    except BaseException:
        remove_files(names)
        raise
    record(type="files.picture.stored", subject=f"picture:{id}", by=by, data={"size": attachment.size}, at=at)
    return attachment


def hold_pictures(*, ids: Collection[UUID]) -> bool:
    """Whether all are there; none of them is then deleted before the caller's transaction ends, which names them."""
    held = Attachment.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return len(held.values_list("pk")) == len(ids)


@transaction.atomic
def delete_pictures(*, ids: Collection[UUID], by: Actor) -> int:
    """Delete rows and files, as erasure asks for; returns how many there were. Files go once this is committed."""
    gone = list(Attachment.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    for attachment in gone:
        record(type="files.picture.deleted", subject=f"picture:{attachment.pk}", by=by)
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in gone]).delete()
    names = [name for attachment in gone for name in (attachment.stored, attachment.thumbnail)]
    transaction.on_commit(lambda: remove_files(names))
    return len(gone)


def lock_pictures(ids: Collection[UUID]) -> None:
    """Wait for whoever names one of them at this moment; in the order of their ids."""
    list(Attachment.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))


def remove_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def sweep_orphans(*, older_than: timedelta = timedelta(days=1), now: datetime | None = None) -> int:
    """Remove files without a row, as a rolled back request leaves them; returns how many.

    Files younger than ``older_than`` may belong to a transaction that is still open. One folder of the 65,536 at
    a time, so that memory stays small whatever the county has.
    """
    before = (now or lived_now()) - older_than
    removed = 0
    for folder in folders():
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        kept = set(Attachment.objects.filter(stored__startswith=f"{folder}/").values_list("stored", "thumbnail"))
        known = {name for pair in kept for name in pair}
        old = [name for name in names if name not in known and is_older(name, before)]
        remove_files(old)
        removed += len(old)
    return removed


def is_older(name: str, before: datetime) -> bool:
    """False for one that is gone: somebody deletes a picture, or another sweeps, at the same moment."""
    with suppress(FileNotFoundError):
        return default_storage.get_modified_time(name) < before
    return False


def folders() -> Iterable[str]:
    if not default_storage.exists(""):
        return
    for first in default_storage.listdir("")[0]:
        if len(first) == 2:
            yield from (f"{first}/{second}" for second in default_storage.listdir(first)[0] if len(second) == 2)

"""Notices that were read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.journal.services import record
from minqing.notify.models import Notice
from minqing.notify.queries import notices_of


@transaction.atomic
def mark_read(*, id: UUID, by: Actor, at: datetime | None = None) -> Notice:
    """Mark one of one's own notices as read. The first reading counts; a second changes nothing."""
    notice = notices_of(by).select_for_update().filter(pk=id).first()
    if notice is None:
        raise NotFound("notice")
    if notice.read_at is None:
        notice.read_at = at or clock.now()
        notice.save(update_fields=["read_at"])
        record(type="notify.notice.read", subject=f"notice:{id}", by=by, at=notice.read_at)
    return notice


@transaction.atomic
def mark_all_read(*, by: Actor, at: datetime | None = None) -> int:
    """Mark all of one's own notices as read that are there by ``at``; returns how many were not."""
    at = at or clock.now()
    unread = notices_of(by).filter(read_at__isnull=True, made_at__lte=at)
    # in one order: two windows that press at once would wait for each other
    ids = list(unread.order_by("pk").select_for_update().values_list("pk", flat=True))
    count = Notice.objects.filter(pk__in=ids).update(read_at=at)
    if count:
        record(type="notify.notices.read", subject=f"account:{by.id}", by=by, data={"count": count}, at=at)
    return count

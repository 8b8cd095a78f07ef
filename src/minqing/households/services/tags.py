"""Tags given and taken back: a need with a reason, a source and a day on which it runs out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid, NotFound, StoredValue
from minqing.core.formats import check_length
from minqing.households.enums import TagSource
from minqing.households.models import Tag, TagGrant
from minqing.households.queries.visibility import visible_grants
from minqing.households.rules import LONGEST_REASON, may_grant_tag
from minqing.households.services.rows import locked_household
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record


def granted_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    found = visible_grants(by).filter(pk=id).first()
    if found is None:
        return ()
    return [
        StoredValue(_("Tag"), found.tag.name),
        StoredValue(_("Why"), found.reason),
        StoredValue(_("How it is known"), TagSource(found.source).label),
    ]


@sent_once(granted_before)
def grant_tag(
    *,
    id: UUID,
    household_id: UUID,
    tag_code: str,
    reason: str,
    source: TagSource,
    by: Actor,
    resident_id: UUID | None = None,
    expires_on: date | None = None,
    at: datetime | None = None,
) -> TagGrant:
    """Give a household, or one of its people, a tag; the same ``id`` again returns what is there.

    It runs out on ``expires_on``, at the latest and by default after the tag's own number of days. Raises Conflict
    when the tag is already there. Event: ``households.tag.granted``.
    """
    at = at or clock.now()
    household = locked_household(household_id, by)
    tag = Tag.objects.filter(pk=tag_code, retired=False).first()
    if tag is None:
        raise NotFound("no_tag")
    may_grant_tag(by, household.area_id, tag.roles).require()
    found = TagGrant.objects.filter(pk=id, household=household).first()
    if found is not None:
        return found
    # locked: somebody may move away or leave at this moment, and takes the tags along
    if resident_id is not None:
        theirs = household.residents.select_for_update().filter(pk=resident_id, left_at=None)
        if theirs.first() is None:
            raise NotFound("no_resident")
    reason = normalise_reason(reason)
    until = valid_until(tag, expires_on, today=clock.local_date(at))
    make_room(household.pk, resident_id, tag, at=at)
    grant = TagGrant.objects.create(
        id=id,
        household=household,
        resident_id=resident_id,
        area_id=household.area_id,
        tag=tag,
        reason=reason,
        source=source.value,
        granted_by=by.ref,
        granted_at=at,
        expires_on=until,
    )
    record(
        type="households.tag.granted",
        subject=f"household:{household.pk}",
        by=by,
        at=at,
        data={"grant": str(grant.pk), "expires_on": until.isoformat()},
    )
    return grant


def normalise_reason(reason: str) -> str:
    if not (reason := clean(reason)):
        raise Invalid("reason_empty", _("Write down why, in a few words."))
    return check_length(reason, LONGEST_REASON)


def valid_until(tag: Tag, asked: date | None, *, today: date) -> date:
    """A tag is looked at anew when it runs out, so it cannot be given for longer than its kind allows."""
    latest = today + timedelta(days=tag.days_valid)
    if asked is not None and asked < today:
        raise Invalid("expiry_past", _("The last day of a tag cannot be in the past."))
    return min(asked or latest, latest)


def make_room(household_id: UUID, resident_id: UUID | None, tag: Tag, *, at: datetime) -> None:
    """A grant that ran out gives way to the new one; one in force does not."""
    held = TagGrant.objects.select_for_update().filter(household_id=household_id, tag=tag, revoked_at=None)
    held = held.filter(resident=None) if resident_id is None else held.filter(resident_id=resident_id)
    for grant in held:
        if grant.expires_on >= clock.local_date(at):
            raise Conflict("tag_there", _("This tag is already there. Take it back first to change it."))
        grant.revoked_at = at
        grant.save(update_fields=["revoked_at"])


@transaction.atomic
def revoke_tag(*, grant_id: UUID, by: Actor, at: datetime | None = None) -> TagGrant:
    """Take a tag back; again, it changes nothing. Event: ``households.tag.revoked``."""
    at = at or clock.now()
    grant = visible_grants(by).select_for_update(of=("self",)).filter(pk=grant_id).first()
    if grant is None:
        raise NotFound("no_tag")
    may_grant_tag(by, grant.area_id, grant.tag.roles).require()
    if grant.revoked_at is None:
        grant.revoked_at = at
        grant.save(update_fields=["revoked_at"])
        record(
            type="households.tag.revoked",
            subject=f"household:{grant.household_id}",
            by=by,
            at=at,
            data={"grant": str(grant.pk)},
        )
    return grant

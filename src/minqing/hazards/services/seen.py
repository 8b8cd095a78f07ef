"""What somebody saw while on a visit, told late perhaps and by another version of a checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from minqing.core.actor import Actor
from minqing.hazards.models import Hazard
from minqing.hazards.queries import hazard_for
from minqing.hazards.queries.checklists import checklist_if_there
from minqing.hazards.services.hazards import HAZARDS, event_data, find_hazard
from minqing.journal.services import record


@dataclass(frozen=True, slots=True)
class Seen:
    """``looks`` are the codes that were ticked, each in the words that stood there; ``name`` is that of the checklist.

    ``version_id`` is None where it is on no checklist. The words come along because a phone may hold a version of which
    this server knows nothing: one restored from a backup, or one that lacks an item.
    """

    id: UUID
    version_id: int | None = None
    name: str = ""
    looks: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


def find_seen(
    *,
    seen: Seen,
    area_id: int,
    household_id: UUID,
    found_at: datetime,
    picture_ids: Sequence[UUID],
    by: Actor,
    at: datetime,
) -> Hazard:
    """Report it (:func:`find_hazard`). What the checklist here does not know is kept in the words it was ticked in."""
    version = checklist_if_there(seen.version_id) if seen.version_id else None
    known = {one["code"] for one in version.items} if version else set()
    ticked = [code for code in seen.looks if code in known]
    strange = "；".join(look for code, look in seen.looks.items() if code not in known)
    return find_hazard(
        id=seen.id,
        area_id=area_id,
        household_id=household_id,
        version_id=version.pk if version else None,
        items=ticked,
        words=seen.words,
        besides="：".join(filter(None, [seen.name, strange])) if strange else "",
        picture_ids=picture_ids,
        found_at=min(found_at, at),
        by=by,
        at=at,
    )


@transaction.atomic
def add_found_picture(*, hazard_id: UUID, attachment_id: UUID, by: Actor, at: datetime) -> Hazard:
    """A photo of how it was found that comes after its words; the same again changes nothing.

    Raises NotFound for a hazard that the actor may not know of. Event: ``hazards.picture.added``.
    """
    row = HAZARDS.lock(hazard_for(by, hazard_id).pk)
    _photo, made = row.photos.get_or_create(attachment_id=attachment_id, after=False)
    if made:
        record(type="hazards.picture.added", subject=f"hazard:{row.pk}", by=by, at=at, data=event_data(row))
    return row

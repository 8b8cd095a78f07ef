"""Rounds of visits 专项走访: begun for a place and some days, and ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean, one_form
from minqing.core.errors import Invalid
from minqing.core.formats import check_length
from minqing.hazards.queries.checklists import names_of_checklists
from minqing.households.queries import open_tags
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.visits.models import Campaign
from minqing.visits.queries.campaigns import visible_campaign, visible_campaigns
from minqing.visits.rules import checklists_are_known, days_are_right, may_lead
from minqing.visits.services.diary import require_valid

LONGEST_NAME, LONGEST_WORDS = 60, 500


@sent_once(made=lambda given: visible_campaigns(given["by"]).filter(pk=given["id"]).first())
def open_campaign(
    *,
    id: UUID,
    name: str,
    area_id: int,
    since: date,
    until: date,
    by: Actor,
    words: str = "",
    tags: Collection[str] = (),
    hazards: Collection[str] = (),
    at: datetime | None = None,
) -> Campaign:
    """Call for a visit to each household of an area, or to those with one of ``tags``, which must be open to everybody.

    ``hazards`` are the codes of checklists by which it is looked around.

    Event: ``visits.campaign.opened``.
    """
    may_lead(by, area_id).require()
    at = at or clock.now()
    require_valid(days_are_right(since, until, clock.local_date(at)))
    require_valid(checklists_are_known(hazards, names_of_checklists()))
    if set(tags) - {one.code for one in open_tags()}:
        raise Invalid("tag_not_open", _("Choose tags that everybody may see who sees the household."))
    if not (name := check_length(one_form(name), LONGEST_NAME)):
        raise Invalid("name_empty", _("The name is missing."))
    made = Campaign.objects.create(
        id=id,
        name=name,
        words=check_length(clean(words), LONGEST_WORDS),
        area_id=area_id,
        tags=sorted(set(tags)),
        hazards=sorted(set(hazards)),
        since=since,
        until=until,
        made_by_id=by.person,
        made_at=at,
    )
    note("opened", made, by=by, at=at)
    return made


@transaction.atomic
def close_campaign(*, campaign_id: UUID, by: Actor, at: datetime | None = None) -> Campaign:
    """End a round before its last day; ending it twice ends it once. Event: ``visits.campaign.closed``."""
    at = at or clock.now()
    found = visible_campaign(by, campaign_id)
    may_lead(by, found.area_id).require()
    row = Campaign.objects.select_for_update().get(pk=found.pk)
    if row.closed_at is None:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        note("closed", row, by=by, at=at)
    return row


def note(what: str, row: Campaign, *, by: Actor, at: datetime) -> None:
    data: dict[str, Json] = {"area": row.area_id, "since": row.since.isoformat(), "until": row.until.isoformat()}
    record(type=f"visits.campaign.{what}", subject=f"campaign:{row.pk}", by=by, at=at, data=data)

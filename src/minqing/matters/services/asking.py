"""The three questions asked in a household on the next visit: answered, solved, satisfied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.matters import rules
from minqing.matters.enums import Source, State
from minqing.matters.models import Matter
from minqing.matters.queries.asking import word_id
from minqing.matters.queries.visibility import visible_matters
from minqing.matters.services.closing import confirm_matter, hear_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorWord:
    """What was said at the door of one answered matter; None is what was not asked, or not said.

    ``declined``: asked, and would not say.
    """

    matter_id: UUID
    answered: bool | None = None
    solved: bool | None = None
    satisfaction: int | None = None
    declined: bool = False


@transaction.atomic
def hear_at_door(
    *,
    visit_id: UUID,
    household_id: UUID,
    word: DoorWord,
    visited_at: datetime,
    by: Actor,
    at: datetime | None = None,
) -> Matter | None:
    """Take a word given on the visit ``visit_id``, once; None where nobody waits for one any more.

    A diary may arrive long after the visit, when the reporter has answered by link: it must not fail for that.
    Raises Refused for one's own unit's work and for a confidential matter, Invalid for what was answered after the
    visit.
    """
    seen = visible_matters(by).filter(pk=word.matter_id, household_id=household_id)
    matter = seen.select_for_update(of=("self",)).first()
    if matter is None or matter.state != State.FINISHED:
        return None
    rules.may_ask_at_door(by, matter.situation).require()
    if matter.finished_at and clock.local_date(visited_at) < clock.local_date(matter.finished_at):
        raise Invalid("answered_later", _("One of the matters was answered only after this visit. Check the day."))
    if word.declined:
        if (word.answered, word.solved, word.satisfaction) != (None, None, None):
            raise Invalid("declined", _("Either something was said, or the reporter would not say."))
        return hear_nothing(id=word_id(visit_id, matter.pk), matter=matter, source=Source.VISIT, by=by, at=at)
    return confirm_matter(
        id=word_id(visit_id, matter.pk),
        matter=matter,
        answered=word.answered,
        solved=word.solved,
        satisfaction=word.satisfaction,
        source=Source.VISIT,
        by=by,
        at=at,
    )

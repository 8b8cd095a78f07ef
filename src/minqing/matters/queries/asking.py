"""What may be asked about in a household, and what was said there."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid5

from django.db.models import OuterRef, Q, QuerySet, Subquery

from minqing.core.actor import Actor
from minqing.matters.enums import Move, State
from minqing.matters.models import Confirmation, Matter, Step
from minqing.matters.queries.visibility import looked_after, visible_matters
from minqing.org.enums import FIELD

# more than a visit has patience for
MOST_ASKED = 5


def word_id(visit_id: UUID, matter_id: UUID) -> UUID:
    """The id of what was said of a matter on a visit: the same diary sent twice says it once."""
    return uuid5(visit_id, str(matter_id))


def to_ask_at_door(actor: Actor, household_id: UUID) -> QuerySet[Matter]:
    """Answered matters of a household that wait for a word, with the last ``reply``, the longest waiting first.

    Twin of ``rules.may_ask_at_door``: none that is confidential, none that the actor's own unit has handled.
    """
    if not actor.has(*FIELD):
        return Matter.objects.none()
    waiting = Matter.objects.filter(
        looked_after(actor), household_id=household_id, state=State.FINISHED.value, confidential=False
    )
    if own := sorted(actor.own_units):
        waiting = waiting.exclude(lead_unit_id__in=own).exclude(supporting__overlap=own)
    replies = Step.objects.filter(matter=OuterRef("pk"), move=Move.FINISH.value, public=True).order_by("-at", "-id")
    found = waiting.annotate(reply=Subquery(replies.values("text")[:1]))
    return found.defer("text", "search", "ticket").order_by("finished_at", "id")


def words_said(ids: Collection[UUID]) -> dict[UUID, Confirmation]:
    """The words with those ids, which are those of their steps."""
    return Confirmation.objects.in_bulk(ids)


def said_at_door(actor: Actor, visit_id: UUID, household_id: UUID) -> list[Confirmation]:
    """What the household said on a visit of matters that the actor may see, each with its matter."""
    # what was not solved has no time of answer any more
    answered = Q(finished_at__isnull=False) | Q(reopened__gt=0)
    seen = visible_matters(actor).filter(answered, household_id=household_id, confidential=False)
    ids = [word_id(visit_id, matter_id) for matter_id in seen.order_by().values_list("pk", flat=True)]
    return list(Confirmation.objects.filter(pk__in=ids).select_related("matter").order_by("at", "id"))

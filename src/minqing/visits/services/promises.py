"""What was promised in a visit: written down with its day, and settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, NotFound, StoredValue
from minqing.core.formats import check_length
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.visits.models import Promise, Visit
from minqing.visits.queries.promises import visible_promise
from minqing.visits.rules import MOST_PROMISE, may_record, may_settle, promise_is_right
from minqing.visits.services.diary import require_valid


def promised_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    found = Promise.objects.filter(pk=id, account=by.id).first()
    return (
        [StoredValue(_("What was promised"), found.text), StoredValue(_("By when"), found.due_on.isoformat())]
        if found
        else ()
    )


def promised(given: Mapping[str, Any]) -> Promise | None:
    return Promise.objects.filter(pk=given["id"], account=given["by"].id).first()


@sent_once(promised_before, made=promised)
def make_promise(*, id: UUID, visit: Visit, text: str, due_on: date, by: Actor, at: datetime | None = None) -> Promise:
    """Write down what was promised in a visit of the actor's own, which is held with its household.

    The same ``id`` again returns what is there. Event: ``visits.promise.made``.
    """
    at = at or clock.now()
    if visit.account_id != by.person:
        raise NotFound("no_visit")
    may_record(by, visit.area_id).require()
    require_valid(promise_is_right(text, due_on, clock.local_date(visit.visited_at)))
    text = check_length(clean(text), MOST_PROMISE)
    made = Promise.objects.create(
        id=id,
        visit=visit,
        household_id=visit.household_id,
        area_id=visit.area_id,
        account_id=by.person,
        text=text,
        due_on=due_on,
        made_at=at,
    )
    data: dict[str, Json] = {"household": str(visit.household_id), "day": due_on.isoformat()}
    record(type="visits.promise.made", subject=f"visit:{visit.pk}", by=by, at=at, data=data)
    return made


@transaction.atomic
def settle_promise(*, promise_id: UUID, kept: bool, by: Actor, at: datetime | None = None) -> Promise:
    """Say that it was kept, or could not be; it comes back no more. Event: ``visits.promise.settled``.

    Raises Conflict where somebody else has said otherwise.
    """
    at = at or clock.now()
    found = visible_promise(by, promise_id, lock=True)
    may_settle(by, owner=found.account_id, area_id=found.area_id).require()
    if found.settled_at is not None:
        if found.kept != kept:
            raise Conflict("settled", _("Somebody else has said otherwise already. Look once more."))
        return found
    found.settled_at, found.settled_by_id, found.kept = at, by.id, kept
    found.save(update_fields=["settled_at", "settled_by", "kept"])
    data: dict[str, Json] = {"household": str(found.household_id), "kept": kept}
    record(type="visits.promise.settled", subject=f"visit:{found.visit_id}", by=by, at=at, data=data)
    return found

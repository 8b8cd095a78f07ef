"""What somebody has signed up for goes with them to the household of which they are now."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from minqing.activities.models import SignUp
from minqing.core.actor import Actor
from minqing.households.queries import visible_residents
from minqing.journal.services import record


@transaction.atomic
def follow_sign_ups(*, resident: UUID, by: Actor) -> int:
    """Their sign-ups are of the household in which they live by now, whatever was told before; the organiser keeps
    them on the list where they signed up. Returns how many went.

    Event: ``activities.person.followed``, if any was left behind.
    """
    person = visible_residents(by).filter(pk=resident, left_at=None).first()
    if person is None or person.household_id is None:
        return 0
    rows = SignUp.objects.filter(resident=person).exclude(household=person.household_id)
    ids = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    went = SignUp.objects.filter(pk__in=ids).update(household=person.household_id)
    if went:
        record(type="activities.person.followed", subject=f"resident:{resident}", by=by, data={"rows": went})
    return went

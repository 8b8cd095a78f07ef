"""What a household claimed goes with it to the area where it lies now. Locks: claims by their ids, then awards."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from minqing.core.actor import Actor
from minqing.earning.models import Award, Claim
from minqing.journal.services import Json, record


@transaction.atomic
def follow_claims(*, household: UUID, area: int, by: Actor) -> int:
    """A household lies in another area now: its claims are seen and decided there, and no longer where it was.

    How many rows went. Event: ``earning.household.followed``, if any was left behind.
    """
    rows = Claim.objects.filter(household=household).exclude(area=area)
    ids = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    went = Claim.objects.filter(pk__in=ids).update(area=area)
    went += Award.objects.filter(household=household).exclude(area=area).update(area=area)
    if went:
        data: dict[str, Json] = {"area": area, "rows": went}
        record(type="earning.household.followed", subject=f"household:{household}", by=by, data=data)
    return went

"""What somebody has booked, or waits for, goes with them to the household of which they are now, and with that to the
place where it lies.

Locks: the names of the providers in order, then bookings by their ids.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from minqing.bookings.enums import HELD
from minqing.bookings.models import Booking, Wait
from minqing.bookings.services.booking import lock_of
from minqing.core.actor import Actor
from minqing.core.retry import one_at_a_time
from minqing.households.queries import visible_households, visible_residents
from minqing.journal.services import record


@transaction.atomic
def follow_bookings(*, resident: UUID, by: Actor) -> int:
    """Their bookings and waits are of the household and place where they live by now, whatever was told before; where
    somebody comes to them, to the address there. The points stay held where they are. Returns how many went.

    Event: ``bookings.person.followed``, if any was left behind.
    """
    person = visible_residents(by).filter(pk=resident, left_at=None).select_related("household").first()
    if person is None or person.household is None:
        return 0
    went = follow(Q(resident=person), person.household)
    if went:
        data = {"area": person.area_id, "rows": went}
        record(type="bookings.person.followed", subject=f"resident:{resident}", by=by, data=data)
    return went


@transaction.atomic
def follow_home(*, household: UUID, by: Actor) -> int:
    """A household lies in another place by now, whatever was told before: its bookings and waits are seen there, and no
    longer where it was; where somebody comes to them, to the address there. Returns how many went.

    Event: ``bookings.household.followed``, if any was left behind.
    """
    home = visible_households(by).filter(pk=household).first()
    went = follow(Q(household=home), home) if home else 0
    if home and went:
        data = {"area": home.area_id, "rows": went}
        record(type="bookings.household.followed", subject=f"household:{household}", by=by, data=data)
    return went


def follow(whose: Q, household: Any) -> int:
    home = {"household": household, "area": household.area_id}
    left_behind = whose & ~Q(**home)
    tables = (Booking.objects.filter(left_behind), Wait.objects.filter(left_behind))
    for provider in sorted({one for rows in tables for one in rows.values_list("provider", flat=True)}):
        one_at_a_time(lock_of(provider))
    coming = tables[0].filter(state__in=sorted(HELD), service__place="").select_for_update(of=("self",))
    for row in coming.order_by("pk"):
        row.address = household.address
        row.save(update_fields=["address"])
    return sum(rows.update(**home) for rows in tables)

"""What somebody has booked, or waits for, goes with them to the household of which they are now."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from minqing.bookings.enums import HELD
from minqing.bookings.models import Booking, Wait
from minqing.bookings.services.booking import lock_of
from minqing.core.actor import Actor
from minqing.core.retry import one_at_a_time
from minqing.households.queries import visible_residents
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
    home = {"household": person.household, "area": person.area_id}
    left_behind = Q(resident=person) & ~Q(**home)
    tables = (Booking.objects.filter(left_behind), Wait.objects.filter(left_behind))
    for provider in sorted({one for rows in tables for one in rows.values_list("provider", flat=True)}):
        one_at_a_time(lock_of(provider))
    coming = tables[0].filter(state__in=sorted(HELD), service__place="").select_for_update(of=("self",))
    for row in coming.order_by("pk"):
        row.address = person.household.address
        row.save(update_fields=["address"])
    went = sum(rows.update(**home) for rows in tables)
    if went:
        data = {"area": person.area_id, "rows": went}
        record(type="bookings.person.followed", subject=f"resident:{resident}", by=by, data=data)
    return went

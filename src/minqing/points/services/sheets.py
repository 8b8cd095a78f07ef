"""How people are called on the sheet that their village posts: what the village decides, and what they wish."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid, NotFound
from minqing.core.retry import one_at_a_time
from minqing.journal.services import Json, record
from minqing.org.queries import system_actor
from minqing.points import rules
from minqing.points.enums import OWNED, Naming, Wish
from minqing.points.models import Holder, VillageSheet
from minqing.points.queries.people import can_be_named
from minqing.privacy.access import acting_as


@transaction.atomic
def choose_naming(*, village: int, naming: Naming, by: Actor, at: datetime | None = None) -> VillageSheet:
    """How that village calls people on its sheet from now on. Event: ``points.naming.chosen``."""
    at = at or clock.now()
    rules.may_choose_naming(by, village).require()
    one_at_a_time(f"points.sheet:{village}")
    row, _made = VillageSheet.objects.update_or_create(pk=village, defaults={"naming": naming.value, "changed_at": at})
    data: dict[str, Json] = {"area": village, "naming": naming.value}
    record(type="points.naming.chosen", subject=f"area:{village}", by=by, at=at, data=data)
    return row


@transaction.atomic
def say_wish(*, account: int, wish: Wish, by: Actor, at: datetime | None = None) -> Holder:
    """What somebody wishes about their village's sheet: to be named in full, to be left out, or as it is usual.

    Event: ``points.wish.said``.
    """
    at = at or clock.now()
    with acting_as(system_actor("points.wish") if by.kind == "resident" else by):
        row = Holder.objects.select_for_update(of=("self",)).select_related("resident", "account").filter(pk=account)
        holder = row.first()
        if holder is None or holder.account.kind not in OWNED:
            raise NotFound("points_account")
        home = holder.resident.household_id if holder.resident else holder.household_id
        rules.may_say_wish(by, area_id=holder.area_id, household_id=home).require()
        if wish is Wish.NAME and not can_be_named(holder):
            raise Invalid("no_name")
        holder.wish = wish.value
        holder.save(update_fields=["wish"])
        subject = f"points_account:{account}"
        record(type="points.wish.said", subject=subject, by=by, at=at, data={"wish": wish.value})
    return holder

"""Pictures that another system sends ahead of the report or the move that holds them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.files.queries import pictures_of_partners
from minqing.files.services import delete_pictures
from minqing.matters.models import Evidence
from minqing.privacy.access import transaction_as

# after that the sender has given up
KEPT_UNUSED = timedelta(days=7)
AT_ONCE = 500


def drop_unused_pictures(*, by: Actor, now: datetime | None = None) -> int:
    """Delete what other systems sent a week ago and named nowhere; returns how many there were."""
    with transaction_as(by):
        used = Evidence.objects.filter(attachment=OuterRef("pk"))
        sent = pictures_of_partners(before=(now or clock.now()) - KEPT_UNUSED)
        ids = list(sent.filter(~Exists(used)).values_list("pk", flat=True)[:AT_ONCE])
        # one that is named at this moment is looked at again once that is committed
        list(sent.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))
        return delete_pictures(ids=list(sent.filter(~Exists(used), pk__in=ids).values_list("pk", flat=True)), by=by)

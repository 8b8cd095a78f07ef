"""Pictures that came ahead of the report, move or diary that was to hold them.

Here and not in ``files``: a picture is held by rows behind walls, and whoever does not act for the whole county would
see none of them and delete every picture. The county's areas are known to ``org``, which stands above ``files``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.timekeeping import lived_now
from minqing.files.queries import unused_pictures
from minqing.files.services import delete_pictures, lock_pictures
from minqing.journal.services import record
from minqing.matters.models import Evidence, Matter, Step
from minqing.matters.services.steps import add_pictures
from minqing.privacy.access import transaction_as

# after that the sender has given up
KEPT_UNUSED = timedelta(days=7)
AT_ONCE = 500


def drop_unused_pictures(*, by: Actor, now: datetime | None = None) -> int:
    """Delete what was sent a week ago and is held by nothing; returns how many there were."""
    with transaction_as(by):
        unused = unused_pictures(before=(now or lived_now()) - KEPT_UNUSED)
        ids = list(unused.values_list("pk", flat=True)[:AT_ONCE])
        # one that is named at this moment is looked at again once that is committed
        lock_pictures(ids)
        return delete_pictures(ids=list(unused.filter(pk__in=ids).values_list("pk", flat=True)), by=by)


@transaction.atomic
def add_report_picture(*, matter_id: UUID, attachment_id: UUID, by: Actor, at: datetime | None = None) -> bool:
    """Put a picture that arrived after the report beside it, by whoever reported; says whether it was not there yet.

    It makes no move and stops no clock. Raises NotFound for a matter of others and one that is gone or out of sight.
    Event: ``matters.picture.added``.
    """
    matter = Matter.objects.select_for_update(of=("self",)).filter(pk=matter_id).first()
    # the first step has the matter's own id
    if matter is None or not Step.objects.filter(pk=matter_id, by=by.ref).exists():
        raise NotFound("no_matter")
    if Evidence.objects.filter(matter=matter, step=None, attachment=attachment_id).exists():
        return False
    add_pictures(matter, [attachment_id])
    record(type="matters.picture.added", subject=f"matter:{matter_id}", by=by, at=at or clock.now())
    return True

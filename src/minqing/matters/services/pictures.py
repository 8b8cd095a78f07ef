"""Pictures that came ahead of the report, move or diary that was to hold them.

Here and not in ``files``: a picture is held by rows behind walls, and whoever does not act for the whole county would
see none of them and delete every picture. The county's areas are known to ``org``, which stands above ``files``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.files.queries import unused_pictures
from minqing.files.services import delete_pictures, lock_pictures
from minqing.privacy.access import transaction_as

# after that the sender has given up
KEPT_UNUSED = timedelta(days=7)
AT_ONCE = 500


def drop_unused_pictures(*, by: Actor, now: datetime | None = None) -> int:
    """Delete what was sent a week ago and is held by nothing; returns how many there were."""
    with transaction_as(by):
        unused = unused_pictures(before=(now or clock.now()) - KEPT_UNUSED)
        ids = list(unused.values_list("pk", flat=True)[:AT_ONCE])
        # one that is named at this moment is looked at again once that is committed
        lock_pictures(ids)
        return delete_pictures(ids=list(unused.filter(pk__in=ids).values_list("pk", flat=True)), by=by)

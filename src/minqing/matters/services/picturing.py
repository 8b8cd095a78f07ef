"""Pictures that another system sends ahead of the report or the move that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.files.queries import pictures_of_partners, pictures_sent_by
from minqing.files.services import delete_pictures
from minqing.matters.models import Evidence
from minqing.privacy.access import transaction_as

# after that the sender has given up
KEPT_UNUSED = timedelta(days=7)
AT_ONCE = 500


def own_pictures(ids: Sequence[UUID], *, by: Actor) -> list[UUID]:
    """Each once, in the order given. Invalid ``unknown_picture`` for what ``by`` did not send.

    One that somebody else sent would show the caller what it may not see.
    """
    wanted = list(dict.fromkeys(ids))
    known = {one.pk for one in pictures_sent_by(by, wanted)} if wanted else set()
    if unknown := [str(one) for one in wanted if one not in known]:
        sentence = _("A picture is not there. Send it first, and then name it by its id.")
        raise Invalid("unknown_picture", sentence, ids=unknown)
    return wanted


def drop_unused_pictures(*, by: Actor, now: datetime | None = None) -> int:
    """Delete what other systems sent a week ago and named nowhere; returns how many there were."""
    with transaction_as(by):
        used = Evidence.objects.filter(attachment=OuterRef("pk"))
        sent = pictures_of_partners(before=(now or clock.now()) - KEPT_UNUSED)
        ids = sent.filter(~Exists(used)).values_list("pk", flat=True)[:AT_ONCE]
        return delete_pictures(ids=list(ids), by=by)

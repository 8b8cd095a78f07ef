"""Who hears of machines: whoever fills them, when few are left in a slot."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.journal.subscriptions import Event
from minqing.machines.rules import KEEPERS
from minqing.notify.enums import Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import send_notices
from minqing.org.queries import accounts_over, system_actor
from minqing.privacy.access import acting_as

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=7)
LOW: Final = NoticeKind(
    code="machines.low",
    roles=KEEPERS,
    label=_("Slots of exchange machines to fill"),
    title=_("Slot %(slot)s of the machine in %(place)s: %(left)s left"),
    body=_("Sign in to see what is in it."),
    here=_("Fill it, count, and write down how many there are."),
    params={"slot": Param.COUNT, "left": Param.COUNT, "place": Param.PLACE},
    icon="box-seam",
)


def notify_of(event: Event) -> None:
    """The village's secretary, or where there is none the township's clerk; once, however often it is delivered."""
    area, number = event.data.get("area"), event.data.get("number")
    if event.at < clock.now() - NEWS or not isinstance(area, int) or not isinstance(number, str):
        return
    with acting_as(system_actor("machines.tell")) as by:
        send_notices(
            cause=event.id,
            to=accounts_over(area, KEEPERS),
            kind=LOW.code,
            subject=event.subject,
            params={"slot": event.data["slot"], "left": event.data["stock"], "place": area},
            link=reverse("machines:machine", args=[number]),
            by=by,
        )

"""Who hears of diaries: whoever leads the village, of one to a household whose file is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import send_notices
from minqing.org.queries import accounts_over, system_actor
from minqing.privacy.access import acting_as
from minqing.visits.rules import ASSIGNERS

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=7)
AFTER_CLOSING: Final = NoticeKind(
    code="visits.after_closing",
    roles=ASSIGNERS,
    label=_("Diaries for closed household files"),
    title=_("A diary was written in %(place)s for a household whose file is closed"),
    body=_("Sign in to read it."),
    here=_("Read it, and say whether the file was closed by mistake."),
    params={"place": Param.PLACE},
    icon="journal-text",
)


def notify_of(event: Event) -> None:
    """The village's secretary, or where there is none the township's clerk; once, however often it is delivered."""
    area = event.data.get("area")
    if event.at < clock.now() - NEWS or not isinstance(area, int):
        return
    with acting_as(system_actor("visits.tell")) as by:
        send_notices(
            cause=event.id,
            # whoever wrote it knows
            to=[one for one in accounts_over(area, ASSIGNERS) if f"user:{one}" != event.actor],
            kind=AFTER_CLOSING.code,
            subject=event.subject,
            params={"place": area},
            link=reverse("visits:detail", args=[UUID(event.subject.removeprefix("visit:"))]),
            by=by,
        )

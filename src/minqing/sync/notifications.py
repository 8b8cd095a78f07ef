"""Who hears of letters about which nobody decides: those who do, then those above them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import send_notices
from minqing.org.enums import FIELD
from minqing.org.queries import account_at_work, each_over, system_actor
from minqing.privacy.access import acting_as
from minqing.sync.rules import LEADERS
from minqing.sync.services.letters import is_at_work
from minqing.sync.services.reminders import RAISED

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=7)
UNDECIDED: Final = NoticeKind(
    code="sync.undecided",
    roles=FIELD,
    label=_("Sealed diaries that wait for a decision"),
    title=_("Sealed diaries wait for a decision: %(letters)s"),
    body=_("Sign in to decide whether they are taken."),
    here=_("They have waited for three working days. Read them, and say whether they are taken."),
    params={"letters": Param.COUNT},
    icon="inbox",
)
ABOVE: Final = NoticeKind(
    code="sync.undecided_above",
    roles=LEADERS,
    label=_("Sealed diaries about which nobody has decided"),
    title=_("Nobody has decided about sealed diaries of %(place)s: %(letters)s"),
    body=_("Sign in to decide yourself, or to ask why not."),
    here=_("Whoever leads there was reminded three working days ago. Decide yourself, or ask why not."),
    params={"place": Param.PLACE, "letters": Param.COUNT},
    icon="inbox",
)


def notify_of(event: Event) -> None:
    area, owner = event.data.get("area"), UUID(str(event.data["account"]))
    if event.at < clock.now() - NEWS:
        return
    handed = {UUID(str(one)) for one in event.data.get("handed_by", ())}
    over = those_over(area, but=handed) if isinstance(area, int) else []
    above = event.type == RAISED and len(over) > 1
    to = over[1] if above else [*(over[0] if over else ()), *at_work(owner)]
    params: dict[str, Any] = {"letters": event.data["letters"]}
    with acting_as(system_actor("sync.tell")) as by:
        send_notices(
            cause=event.id,
            to=to,
            kind=(ABOVE if above else UNDECIDED).code,
            subject=event.subject,
            params=params | {"place": area} if above else params,
            link=reverse("sync:letters_of", args=[UUID(event.subject.removeprefix("device:"))]),
            by=by,
        )


def those_over(area_id: int, *, but: Collection[UUID]) -> list[list[UUID]]:
    """Who decides there, the nearest first; whoever handed it in does not."""
    found = ([one for one in accounts if one not in but] for _area, accounts in each_over(area_id, LEADERS))
    return [one for one in found if one]


def at_work(owner: UUID) -> list[UUID]:
    """Who wrote it, where they still can sign in: what could not be taken only they leave."""
    account = account_at_work(owner)
    return [owner] if account is not None and is_at_work(account) else []

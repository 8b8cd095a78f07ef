"""Who hears of claims: whoever took one in on paper, so that the person is told how it went.

Only numbers leave the house.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.earning.queries import visible_claims
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Param
from minqing.notify.kinds import Kind
from minqing.notify.services import send_notices
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=7)


def kind(word: str, label: Any, title: Any, icon: str) -> Kind:
    return Kind(
        code=f"earning.{word}",
        label=label,
        title=title,
        body=_("Sign in to read why, and tell the person."),
        here=_("Tell the person, who has no link of their own."),
        params={"number": Param.NUMBER},
        icon=icon,
    )


KINDS: Final = (
    kind("refused", _("Claims for points not confirmed"), _("%(number)s was not confirmed"), "x-circle"),
    kind(
        "corrected", _("Points taken back as a mistake"), _("The points of %(number)s are taken back"), "arrow-repeat"
    ),
)
TELLS: Final = {"earning.claim.refused": "earning.refused", "earning.claim.corrected": "earning.corrected"}


def tell(event: Event) -> None:
    """Once, however often the event is delivered."""
    if event.at < clock.now() - NEWS:
        return
    with acting_as(system_actor("earning.tell")) as by:
        row = visible_claims(by).filter(pk=UUID(event.subject.removeprefix("claim:"))).first()
        # whoever did it knows
        if row is None or row.taken_by_id is None or f"user:{row.taken_by_id}" == event.actor:
            return
        send_notices(
            cause=event.id, to=[row.taken_by_id], kind=TELLS[event.type], subject=event.subject,
            params={"number": row.number}, link=reverse("earning:detail", args=[row.pk]), by=by,
        )  # fmt: skip

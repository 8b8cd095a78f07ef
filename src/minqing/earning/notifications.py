"""Who hears of claims: whoever took one in on paper, or came after them, so that the person is told how it went; who
decides an objection.

Only numbers leave the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import who_stands
from minqing.earning.models import Claim
from minqing.earning.queries import appealed, visible_claims
from minqing.earning.rules import SECONDS
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import send_notices
from minqing.org.enums import FIELD, Role
from minqing.org.queries import accounts_over, system_actor
from minqing.org.queries.staff import who_has
from minqing.privacy.access import acting_as

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=7)


def kind(word: str, label: Any, title: Any, icon: str) -> NoticeKind:
    return NoticeKind(
        code=f"earning.{word}",
        roles=FIELD | {Role.LEADER},
        label=label,
        title=title,
        body=_("Sign in to read why, and tell the person."),
        here=_("Tell the person, who has no link of their own."),
        params={"number": Param.NUMBER},
        icon=icon,
    )


SIMPLE: Final = (
    kind("refused", _("Claims for points not confirmed"), _("%(number)s was not confirmed"), "x-circle"),
    kind(
        "corrected", _("Points taken back as a mistake"), _("The points of %(number)s are taken back"), "arrow-repeat"
    ),
)
DUE: Final = {"number": Param.NUMBER, "day": Param.DAY}


def due_kind(word: str, label: Any, title: Any, icon: str, *, urgent: bool = False) -> NoticeKind:
    by_then = _("The objection is to be decided by %(day)s.")
    undated = _("It has no deadline at present.")
    return NoticeKind(
        code=f"earning.{word}",
        roles=FIELD | {Role.LEADER},
        label=label,
        title=title,
        body=by_then,
        here=by_then,
        undated=undated,
        params=DUE,
        icon=icon,
        urgent=urgent,
        repeats=True,
    )


KINDS: Final = (
    *SIMPLE,
    due_kind("appealed", _("Objections to claims for points"), _("Somebody objects to %(number)s"), "people"),
    due_kind("nearing", _("Objections nearly due"), _("The objection to %(number)s is nearly due"), "hourglass-split"),
    due_kind(
        "overdue", _("Objections overdue"), _("The objection to %(number)s is overdue"), "arrow-up-circle", urgent=True
    ),
)
TELLS: Final = {
    "earning.claim.refused": "earning.refused",
    "earning.claim.upheld": "earning.refused",
    "earning.claim.corrected": "earning.corrected",
}


def notify_of(event: Event) -> None:
    """Once, however often the event is delivered."""
    if event.at < clock.now() - NEWS:
        return
    with acting_as(system_actor("earning.tell")) as by:
        row = visible_claims(by).filter(pk=UUID(event.subject.removeprefix("claim:"))).first()
        if row is None or row.taken_by_id is None:
            return
        send_notices(
            cause=event.id,
            # whoever did it knows
            to=[one for one in who_has(row.taken_by_id, row.area_id, FIELD) if f"user:{one}" != event.actor],
            kind=TELLS[event.type],
            subject=event.subject,
            params={"number": row.number},
            link=reverse("earning:detail", args=[row.pk]),
            by=by,
        )


def in_hand(row: Claim, _told: Mapping[str, Any]) -> Iterable[UUID]:
    """Those who may decide on the objection."""
    had_it = {row.refused_by_id, row.taken_by_id, row.vouched_by_id, row.appealed_by_id}
    return [one for one in accounts_over(row.area_id, SECONDS) if one not in had_it]


def above(row: Claim, told: Mapping[str, Any]) -> Iterable[UUID]:
    """Who stands on the rung that it was carried up to; no unit has it."""
    return who_stands(Rung(str(told["rung"])), area_id=row.area_id, unit_id=None, waiting=True)


# event of an objection → the kind of notice and those who are told
APPEALS: Final[Mapping[str, tuple[str, Callable[[Claim, Mapping[str, object]], Iterable[UUID]]]]] = {
    "earning.claim.appealed": ("earning.appealed", in_hand),
    "earning.claim.nearing": ("earning.nearing", in_hand),
    "earning.claim.escalated": ("earning.overdue", above),
}


def tell_of_appeal(event: Event) -> None:
    """Each of them once, however often the event is delivered; nobody where it has gone on since."""
    if event.at < clock.now() - NEWS:
        return
    with acting_as(system_actor("earning.tell")) as by:
        row = appealed().filter(pk=UUID(event.subject.removeprefix("claim:"))).first()
        if row is None:
            return
        code, whom = APPEALS[event.type]
        # whoever did it knows
        to = [one for one in whom(row, event.data) if f"user:{one}" != event.actor]
        params = {"number": row.number, "day": clock.local_date(row.due_at).isoformat() if row.due_at else ""}
        send_notices(
            cause=event.id,
            to=to,
            kind=code,
            subject=event.subject,
            params=params,
            link=reverse("earning:detail", args=[row.pk]),
            by=by,
        )

"""Who hears of hazards: that one was found, is confirmed, put right, sent back, is late.

Only numbers and days leave the house.
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
from minqing.hazards.enums import Charge, State
from minqing.hazards.models import Hazard
from minqing.hazards.queries import hazard_sent
from minqing.hazards.rules import CLERKS, SEES, putting_right
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import send_notices
from minqing.org.queries import accounts_over, system_actor
from minqing.org.queries.staff import who_has
from minqing.privacy.access import acting_as

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=7)
DUE: Final = {"number": Param.NUMBER, "day": Param.DAY}
UNDATED: Final = _("It has no deadline at present.")
BY_THEN: Final = _("It is due by %(day)s.")
SIGN_IN: Final = _("It is due by %(day)s. Sign in to go on with it.")


def kind(word: str, label: Any, title: Any, icon: str, *, urgent: bool = False) -> NoticeKind:
    return NoticeKind(
        code=f"hazards.{word}",
        roles=SEES,
        label=label,
        title=title,
        body=SIGN_IN,
        here=BY_THEN,
        undated=UNDATED,
        params=DUE,
        icon=icon,
        urgent=urgent,
        repeats=True,
    )


KINDS: Final = (
    kind("found", _("Hazards to check"), _("%(number)s is to be checked"), "exclamation-triangle"),
    kind("confirmed", _("Hazards to put right"), _("%(number)s is to be put right"), "tools"),
    kind("put_right", _("Hazards put right, to be looked at"), _("%(number)s is put right: look at it"), "eye"),
    kind("sent_back", _("Hazards sent back"), _("%(number)s is not put right yet"), "arrow-return-left"),
    kind(
        "more_asked",
        _("Hazards for which more time is asked"),
        _("%(number)s: more time is asked for"),
        "hourglass-split",
    ),
    kind(
        "more_decided",
        _("Hazards for which you asked for more time"),
        _("%(number)s: your request for more time is decided"),
        "hourglass-split",
    ),
    kind("nearing", _("Hazards nearly due"), _("%(number)s is nearly due"), "bell"),
    kind("overdue", _("Hazards overdue"), _("%(number)s is overdue"), "arrow-up-circle", urgent=True),
)
Whom = Callable[[Hazard, Mapping[str, Any]], Iterable[UUID]]


def clerks(row: Hazard, _told: Mapping[str, object]) -> Iterable[UUID]:
    return [one for one in accounts_over(row.area_id, CLERKS) if one != row.righted_by_id]


def righting(row: Hazard, _told: Mapping[str, object]) -> Iterable[UUID]:
    """Who sees to it, and who found it, or comes after them in the village."""
    finder = who_has(row.found_by_id, row.area_id, SEES, instead=())
    return dict.fromkeys([*accounts_over(row.area_id, putting_right(Charge(row.charge))), *finder])


def asking(row: Hazard, _told: Mapping[str, object]) -> Iterable[UUID]:
    """Who asked last for more time."""
    refs = row.more.order_by("-asked_at").values_list("asked_by", flat=True)[:1]
    return [UUID(one.removeprefix("user:")) for one in refs if one.startswith("user:")]


def in_hand(row: Hazard, told: Mapping[str, object]) -> Iterable[UUID]:
    """Who has to do the step that is nearly due."""
    return righting(row, told) if row.state == State.CONFIRMED else clerks(row, told)


def above(row: Hazard, told: Mapping[str, object]) -> Iterable[UUID]:
    """Who stands on the rung that it was carried up to; no unit has it."""
    return who_stands(Rung(str(told["rung"])), area_id=row.area_id, unit_id=None, waiting=True)


# event → the kind of notice and those who are told
TELLS: Final[Mapping[str, tuple[str, Whom]]] = {
    "hazards.hazard.found": ("hazards.found", clerks),
    "hazards.hazard.confirmed": ("hazards.confirmed", righting),
    "hazards.hazard.returned": ("hazards.confirmed", righting),
    "hazards.hazard.put_right": ("hazards.put_right", clerks),
    "hazards.hazard.sent_back": ("hazards.sent_back", righting),
    "hazards.hazard.more_asked": ("hazards.more_asked", clerks),
    "hazards.hazard.more_granted": ("hazards.more_decided", asking),
    "hazards.hazard.more_refused": ("hazards.more_decided", asking),
    "hazards.hazard.nearing": ("hazards.nearing", in_hand),
    "hazards.hazard.escalated": ("hazards.overdue", above),
}


def notify_of(event: Event) -> None:
    """Each of them once, however often the event is delivered; nobody where it has gone on since."""
    if event.at < clock.now() - NEWS:
        return
    with acting_as(system_actor("hazards.tell")) as by:
        row = hazard_sent(UUID(event.subject.removeprefix("hazard:")))
        code, whom = TELLS[event.type]
        if row is None or row.state != event.data["state"]:
            return
        # whoever did it knows
        to = [one for one in whom(row, event.data) if f"user:{one}" != event.actor]
        params = {"number": row.number, "day": clock.local_date(row.due_at).isoformat() if row.due_at else ""}
        link = reverse("hazards:detail", args=[row.pk])
        send_notices(cause=event.id, to=to, kind=code, subject=event.subject, params=params, link=link, by=by)

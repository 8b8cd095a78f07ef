"""Who hears of requests: that one came in, waits for a decision, a letter to be handed over, is nearly due, is late.

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
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import send_notices
from minqing.org.enums import FIELD, Role
from minqing.org.queries import accounts_over, system_actor
from minqing.org.queries.staff import who_has
from minqing.privacy.access import acting_as
from minqing.rights.enums import ProofPlace, State
from minqing.rights.models import Request
from minqing.rights.queries import OPEN, request_told
from minqing.rights.rules import FOUR_EYES, IN_VILLAGE, SEES

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=7)
DUE: Final = {"number": Param.NUMBER, "day": Param.DAY}
UNDATED: Final = _("It has no deadline at present.")
BY_THEN: Final = _("It is to be answered by %(day)s.")
SIGN_IN: Final = _("It is to be answered by %(day)s. Sign in to go on with it.")


def kind(word: str, label: Any, title: Any, icon: str, *, urgent: bool = False) -> NoticeKind:
    return NoticeKind(
        code=f"rights.{word}",
        roles=FIELD | {Role.LEADER},
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
    kind("asked", _("Requests about own data come in"), _("%(number)s asks about own data"), "shield-lock"),
    kind("to_decide", _("Requests about own data to decide"), _("%(number)s waits for a decision"), "people"),
    kind("to_carry_out", _("Requests about own data to carry out"), _("%(number)s is granted"), "check2-all"),
    kind("to_hand_over", _("Letters to hand over"), _("The letter on %(number)s waits to be handed over"), "send"),
    kind("nearing", _("Requests about own data nearly due"), _("%(number)s is nearly due"), "hourglass-split"),
    kind("overdue", _("Requests about own data overdue"), _("%(number)s is overdue"), "arrow-up-circle", urgent=True),
)
Whom = Callable[[Request, Mapping[str, Any]], Iterable[UUID]]


def in_hand(row: Request, _told: Mapping[str, object]) -> Iterable[UUID]:
    """Those who are to go on with it: see :func:`rules.waits_for`."""
    area, clerks = row.area_id, accounts_over(row.area_id, {Role.CLERK})
    if row.state == State.GRANTED:
        return clerks
    if row.state == State.CHECKED:
        deciding = [*clerks, *accounts_over(area, {Role.LEADER})]
        return [one for one in deciding if row.kind not in FOUR_EYES or one != row.checked_by_id]
    village = accounts_over(area, IN_VILLAGE) if row.prove_at == ProofPlace.HOME else []
    # who comes after them in the village sees what is to be done there; all else the clerk has
    taker = who_has(row.taken_by_id, area, SEES, instead=()) if row.taken_by_id else []
    return [*clerks, *village, *taker]


def above(row: Request, told: Mapping[str, object]) -> Iterable[UUID]:
    """Who stands on the rung that it was carried up to; no unit has it."""
    return who_stands(Rung(str(told["rung"])), area_id=row.area_id, unit_id=None, waiting=True)


# event → the kind of notice and those who are told
TELLS: Final[Mapping[str, tuple[str, Whom]]] = {
    "rights.request.asked": ("rights.asked", in_hand),
    "rights.request.checked": ("rights.to_decide", in_hand),
    "rights.request.granted": ("rights.to_carry_out", in_hand),
    "rights.request.carried_out": ("rights.to_hand_over", in_hand),
    "rights.request.refused": ("rights.to_hand_over", in_hand),
    "rights.request.rejected": ("rights.to_hand_over", in_hand),
    "rights.request.nearing": ("rights.nearing", in_hand),
    "rights.request.escalated": ("rights.overdue", above),
}


def notify_of(event: Event) -> None:
    """Each of them once, however often the event is delivered; nobody where it has gone on since."""
    if event.at < clock.now() - NEWS:
        return
    with acting_as(system_actor("rights.tell")) as by:
        row = request_told(UUID(event.subject.removeprefix("rights:")))
        code, whom = TELLS[event.type]
        if row is None or row.state not in OPEN or row.state != event.data["state"]:
            return
        # whoever did it knows
        to = [one for one in whom(row, event.data) if f"user:{one}" != event.actor]
        params = {"number": row.number, "day": clock.local_date(row.due_at).isoformat() if row.due_at else ""}
        link = reverse("rights:detail", args=[row.pk])
        send_notices(cause=event.id, to=to, kind=code, subject=event.subject, params=params, link=link, by=by)

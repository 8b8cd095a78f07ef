"""Who is told of exports: those who may approve one that waits, and the one who asked once it is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.exports.queries import asker_of
from minqing.exports.rules import APPROVERS, DAY
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import send_notices
from minqing.org.queries import accounts_over, system_actor
from minqing.privacy.access import acting_as

COUNT = {"count": Param.COUNT}
ASKED = NoticeKind(
    code="exports.asked",
    roles=APPROVERS,
    label=_("Exports that wait for approval"),
    title=_("An export of %(count)s rows waits for approval"),
    body=_("Sign in to approve or refuse it."),
    here=_("It waits to be approved or refused."),
    params=COUNT,
    icon="file-earmark-spreadsheet",
)
DECIDED = NoticeKind(
    code="exports.decided",
    label=_("My exports: approved or refused"),
    title=_("It was decided on your export of %(count)s rows"),
    body=_("Sign in to see it. What was approved can be downloaded for 24 hours."),
    here=_("What was approved can be downloaded for 24 hours."),
    params=COUNT,
    icon="file-earmark-spreadsheet",
)
KINDS = (ASKED, DECIDED)


def approvers(event: Event) -> Iterable[UUID]:
    """Those nearest to the place, never the one who asked: where that is the only clerk, those above."""
    area, asker = event.data.get("area"), asked_by(event)
    return accounts_over(area, APPROVERS, but=asker) if isinstance(area, int) else ()


def asked_by(event: Event) -> list[UUID]:
    asker = asker_of(UUID(event.subject.removeprefix("export:")))
    return [asker] if asker else []


# event → the kind of notice, those who are told, and after how long it is no news any more
NEWS: Mapping[str, tuple[NoticeKind, Callable[[Event], Iterable[UUID]], timedelta]] = {
    "exports.export.asked": (ASKED, approvers, timedelta(days=7)),
    "exports.export.approved": (DECIDED, asked_by, DAY),
    "exports.export.refused": (DECIDED, asked_by, timedelta(days=7)),
}
# before exports were a room of their own; what was written then may wait at an upgrade, or lie parked
TELLS = {**NEWS, **{f"matters.{type.removeprefix('exports.')}": told for type, told in NEWS.items()}}


def notify(event: Event) -> None:
    """Tell everybody concerned, each once however often the event is delivered."""
    kind, whom, latest = TELLS[event.type]
    if event.at < clock.now() - latest:
        return
    with acting_as(system_actor("exports.tell")) as by:
        send_notices(
            cause=event.id,
            to=list(whom(event)),
            kind=kind.code,
            subject=event.subject,
            params={"count": event.data["rows"]},
            link=reverse("exports:list"),
            by=by,
        )

"""Who is told when something happens to a matter: a table of events, the kind of notice, and whom it concerns.

Only numbers, days and places leave the house; what the matter is about is read after signing in, or behind the
reporter's private link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import who_stands
from minqing.journal.subscriptions import Event
from minqing.matters.enums import Channel as Way
from minqing.matters.enums import State
from minqing.matters.models import Matter
from minqing.matters.queries import matter_for, reporter_to_tell, unit_of_part
from minqing.matters.tickets import ticket_of
from minqing.notify.enums import Channel, Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.services import Outside, notice_id, send_notice, send_notices
from minqing.org.enums import DESK, Role
from minqing.org.queries import accounts_of_unit, accounts_over, system_actor
from minqing.privacy.access import acting_as

NUMBER = {"number": Param.NUMBER}
DUE = {"number": Param.NUMBER, "day": Param.DAY}
# what leaves the house; in the app the title of the matter stands in its place
ON_ITS_WAY = _("Sign in to see what it is and what is to be done.")
# what waits for somebody else, or is ended by the time it is told
UNDATED = _("It has no deadline at present.")
SORTERS: Final = frozenset({Role.CLERK})
DECIDERS: Final = frozenset({Role.LEADER})
# a kind of notice to say each thing with, also when there is no deadline
SAID = (
    NoticeKind(
        code="matters.received",
        roles=SORTERS,
        label=_("New matters to sort"),
        title=_("%(number)s waits to be sorted"),
        body=ON_ITS_WAY,
        here="",
        params=NUMBER,
        icon="inbox",
    ),
    NoticeKind(
        code="matters.sos",
        label=_("Calls for help"),
        title=_("%(number)s is a call for help"),
        body=_("Sign in now: see that somebody is on the way."),
        here=_("See that somebody is on the way."),
        params=NUMBER,
        icon="exclamation-octagon-fill",
        urgent=True,
    ),
    NoticeKind(
        code="matters.assigned",
        roles=DESK,
        label=_("Matters assigned to my unit"),
        title=_("%(number)s was assigned to your unit"),
        body=_("It is due on %(day)s. Sign in to accept it."),
        here=_("It is due on %(day)s."),
        params=DUE,
        undated=UNDATED,
        icon="send",
    ),
    NoticeKind(
        code="matters.named",
        roles=DESK,
        label=_("Matters that I handle"),
        title=_("%(number)s was given to you"),
        body=ON_ITS_WAY,
        here="",
        params=NUMBER,
        icon="person-check",
    ),
    NoticeKind(
        code="matters.part_asked",
        roles=DESK,
        label=_("My unit is asked to join"),
        title=_("Your unit is asked to join %(number)s"),
        body=ON_ITS_WAY,
        here="",
        params=NUMBER,
        icon="person-plus",
    ),
    NoticeKind(
        code="matters.part_answered",
        roles=DESK,
        label=_("A unit answers or refuses its part"),
        title=_("A unit has answered its part of %(number)s"),
        body=ON_ITS_WAY,
        here="",
        params=NUMBER,
        icon="chat-left-text",
    ),
    NoticeKind(
        code="matters.sent_back",
        roles=SORTERS,
        label=_("Matters sent back"),
        title=_("%(number)s was sent back"),
        body=_("It waits to be assigned again, or to be decided on the spot."),
        params=NUMBER,
        icon="arrow-return-left",
    ),
    NoticeKind(
        code="matters.extension_asked",
        roles=SORTERS,
        label=_("More time is asked for"),
        title=_("More time is asked for %(number)s"),
        body=_("Sign in to grant or refuse it."),
        here=_("It waits to be granted or refused."),
        params=NUMBER,
        icon="hourglass-split",
    ),
    NoticeKind(
        code="matters.extension_decided",
        roles=DESK,
        label=_("More time granted or refused"),
        title=_("It was decided on more time for %(number)s"),
        body=_("It is due on %(day)s."),
        params=DUE,
        undated=UNDATED,
        icon="hourglass-split",
    ),
    NoticeKind(
        code="matters.supervised",
        roles=DESK,
        label=_("Supervision"),
        title=_("%(number)s is supervised"),
        body=ON_ITS_WAY,
        here="",
        params=NUMBER,
        icon="eye",
        urgent=True,
    ),
    NoticeKind(
        code="matters.reported_on",
        roles=DECIDERS,
        label=_("Interim reports"),
        title=_("There is a report on %(number)s"),
        body=ON_ITS_WAY,
        here="",
        params=NUMBER,
        icon="file-earmark-text",
    ),
    NoticeKind(
        code="matters.overdue",
        label=_("Overdue matters"),
        title=_("%(number)s is overdue"),
        body=_("It was due on %(day)s. Sign in to see where it hangs."),
        here=_("It was due on %(day)s."),
        params=DUE,
        undated=UNDATED,
        icon="arrow-up-circle",
        urgent=True,
    ),
    NoticeKind(
        code="matters.unassigned",
        label=_("Matters that no unit was given in time"),
        title=_("%(number)s still waits for a unit"),
        body=_("It was to be assigned by %(day)s. Sign in to see it."),
        here=_("It was to be assigned by %(day)s."),
        params=DUE,
        undated=UNDATED,
        icon="arrow-up-circle",
        urgent=True,
    ),
    NoticeKind(
        code="matters.reopened",
        roles=DESK,
        label=_("Matters opened again"),
        title=_("%(number)s is not solved"),
        body=ON_ITS_WAY,
        here="",
        params=NUMBER,
        icon="arrow-counterclockwise",
    ),
    NoticeKind(
        code="matters.remarked",
        roles=DESK,
        label=_("The reporter adds something"),
        title=_("The reporter has added to %(number)s"),
        body=_("Sign in to read it."),
        here="",
        params=NUMBER,
        icon="sticky",
    ),
    NoticeKind(
        code="matters.news",
        label=_("News of what one reported"),
        title=_("There is news of %(number)s"),
        body=_("Open the link to read it and to say how it went."),
        params=NUMBER,
        icon="reply",
        outside=True,
    ),
)
# the same of the same matter is one thing, however often it happens before somebody looks
KINDS = tuple(replace(kind, repeats=not kind.outside) for kind in SAID)


@dataclass(frozen=True)
class Scene:
    """An event and the matter it is about, as its listeners need them."""

    event: Event
    matter: Matter

    @property
    def params(self) -> dict[str, object]:
        return {"number": self.matter.number, "day": local_day(self.matter.due_at)}


def local_day(moment: datetime | None) -> str:
    """The county's day, empty where there is none."""
    return clock.local_date(moment).isoformat() if moment else ""


Whom = Callable[[Scene], Iterable[UUID]]


def lead(scene: Scene) -> Iterable[UUID]:
    return accounts_of_unit(scene.matter.lead_unit_id, DESK)


def lead_again(scene: Scene) -> Iterable[UUID]:
    """The unit whose answer was no solution; whoever had what was withdrawn has it no longer."""
    return () if scene.matter.state == State.RECEIVED else lead(scene)


def joining(scene: Scene) -> Iterable[UUID]:
    """Those of the unit that was asked, or of each of several."""
    data: Any = scene.event.data
    asked = data.get("parts") or [part for part in [data.get("part")] if part]
    return {one for part in asked for one in accounts_of_unit(unit_of_part(UUID(str(part))), DESK)}


def handler(scene: Scene) -> Iterable[UUID]:
    """Who was named, as long as that stands: whoever takes it on knows."""
    named = scene.event.data.get("handler")
    return [UUID(str(named))] if named else []


def clerks(scene: Scene) -> Iterable[UUID]:
    return accounts_over(scene.matter.area_id, {Role.CLERK})


def sorters_again(scene: Scene) -> Iterable[UUID]:
    return clerks(scene) if scene.matter.state == State.RECEIVED else ()


def sorters(scene: Scene) -> Iterable[UUID]:
    return () if scene.matter.channel == Way.SOS else clerks(scene)


def rescuers(scene: Scene) -> Iterable[UUID]:
    """Whoever is near and answers for the place; the village hears nothing of what is hidden from it."""
    if scene.matter.channel != Way.SOS:
        return ()
    roles = [Role.CLERK, Role.LEADER, *([] if scene.matter.confidential else [Role.VILLAGE_SECRETARY])]
    # the nearest of each: whoever is in the village does not keep it from the township
    return {one for role in roles for one in accounts_over(scene.matter.area_id, {role})}


def leaders(scene: Scene) -> Iterable[UUID]:
    return accounts_over(scene.matter.area_id, {Role.LEADER})


def rung(scene: Scene, *, waiting: bool = False) -> Iterable[UUID]:
    """Who stands on the rung that the matter was carried up to; nobody where it stands otherwise by now."""
    told, matter = scene.event.data, scene.matter
    if (told.get("state") == State.RECEIVED) is not waiting or (matter.state == State.RECEIVED) is not waiting:
        return ()
    return who_stands(Rung(str(told.get("rung"))), area_id=matter.area_id, unit_id=matter.lead_unit_id, waiting=waiting)


def rung_over_desk(scene: Scene) -> Iterable[UUID]:
    return rung(scene, waiting=True)


def holding(scene: Scene) -> Iterable[UUID]:
    """Who has the matter in hand hears what came from outside; what colleagues note they read where it stands."""
    data: Any = scene.event.data
    # the reporter's own words may be typed by a helper with the slip
    if not data.get("own") and scene.event.actor.partition(":")[0] not in {"partner", "resident"}:
        return ()
    # the unit that sent it back stays written on it, and has it no longer
    return lead(scene) if scene.matter.lead_unit_id and scene.matter.state != State.RECEIVED else clerks(scene)


# event → the kind of notice and those who are told
TELLS: Mapping[str, tuple[tuple[str, Whom], ...]] = {
    "matters.matter.received": (("matters.received", sorters), ("matters.sos", rescuers)),
    "matters.matter.assigned": (("matters.assigned", lead),),
    "matters.matter.decided": (("matters.assigned", lead),),
    "matters.matter.transferred": (("matters.assigned", lead),),
    "matters.matter.named": (("matters.named", handler),),
    "matters.matter.sent_back": (("matters.sent_back", clerks),),
    "matters.matter.appealed": (("matters.received", clerks),),
    "matters.matter.split": (("matters.received", clerks),),
    "matters.matter.reopened": (("matters.reopened", lead_again), ("matters.received", sorters_again)),
    "matters.matter.supervised": (("matters.supervised", lead),),
    "matters.matter.reported_on": (("matters.reported_on", leaders),),
    "matters.matter.escalated": (("matters.overdue", rung), ("matters.unassigned", rung_over_desk)),
    "matters.matter.remarked": (("matters.remarked", holding),),
    "matters.part.asked": (("matters.part_asked", joining),),
    "matters.part.decided": (("matters.part_asked", joining),),
    "matters.part.replied": (("matters.part_answered", lead),),
    "matters.part.refused": (("matters.part_answered", lead), ("matters.part_answered", clerks)),
    "matters.extension.asked": (("matters.extension_asked", clerks),),
    "matters.extension.granted": (("matters.extension_decided", lead),),
    "matters.extension.refused": (("matters.extension_decided", lead),),
}
# what the reporter hears of, where a telephone number was left
NEWS = frozenset({"matters.matter.finished", "matters.matter.declined", "matters.matter.suspended"})
EVENTS = sorted({*TELLS, *NEWS})
# what lies longer ago is history that was loaded or played, and nobody's news
LATEST = timedelta(days=7)


def notify(event: Event) -> None:
    """Tell everybody concerned, each once however often the event is delivered."""
    if event.at < clock.now() - LATEST:
        return
    with acting_as(system_actor("matters.tell")) as by:
        matter = matter_for(by, UUID(event.subject.removeprefix("matter:")))
        if matter is None:
            return
        scene = Scene(event, matter)
        link = reverse("matters:detail", args=[matter.pk])
        for kind, whom in TELLS.get(event.type, ()):
            names = next(one for one in KINDS if one.code == kind).params
            params = {name: scene.params[name] for name in names}
            # whoever did it knows
            accounts = [one for one in whom(scene) if f"user:{one}" != event.actor]
            send_notices(cause=event.id, to=accounts, kind=kind, subject=event.subject, params=params, link=link, by=by)
        if event.type in NEWS:
            tell_reporter(scene, by=by)


def tell_reporter(scene: Scene, *, by: Any) -> None:
    phone = reporter_to_tell(scene.matter)
    if phone:
        link = reverse("reporting:follow", args=[ticket_of(scene.matter.pk)])
        send_notice(
            id=notice_id(scene.event.id, scene.event.id),
            to=Outside(Channel.SMS, phone),
            kind="matters.news",
            subject=scene.event.subject,
            params={"number": scene.matter.number},
            link=link,
            by=by,
        )

"""Who hears of activities: people who signed up, by text message, and those who signed up others.

Only days leave the house: what it is about stands behind the code at one's own door.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.activities.enums import SignUpState
from minqing.activities.models import Activity, SignUp
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.queries import door_urls
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Channel, Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.rules import Outside
from minqing.notify.services import Letter, notice_id, send_letters, send_notices
from minqing.org.enums import FIELD
from minqing.org.queries import system_actor
from minqing.org.queries.staff import who_has
from minqing.privacy.access import acting_as

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=2)
DAY: Final = {"day": Param.DAY}
AT_DOOR: Final = _("Scan the code at your door to read it, or ask your village committee.")
KINDS: Final = (
    NoticeKind(
        code="activities.cancelled",
        roles=FIELD,
        label=_("Activities cancelled for which I signed others up"),
        title=_("An activity on %(day)s does not take place"),
        body=_("Sign in to read why, and tell the people."),
        here=_("Tell the people whom you signed up."),
        params=DAY,
        icon="x-circle",
    ),
    NoticeKind(
        code="activities.off",
        label=_("An activity does not take place"),
        title=_("The activity on %(day)s for which you signed up does not take place"),
        body=AT_DOOR,
        params=DAY,
        icon="x-circle",
        outside=True,
    ),
    NoticeKind(
        code="activities.place",
        label=_("A place has become free"),
        title=_("You have a place at the activity on %(day)s"),
        body=AT_DOOR,
        params=DAY,
        icon="bell",
        outside=True,
    ),
)
COMING: Final = (SignUpState.IN.value, SignUpState.WAITING.value)


def tell_of_cancelled(event: Event) -> None:
    """Each household by one message, and each who signed up others; once, however often the event is delivered."""
    if event.at < clock.now() - NEWS:
        return
    with acting_as(system_actor("activities.tell")) as by:
        activity = Activity.objects.get(pk=UUID(event.subject.removeprefix("activity:")))
        rows = list(coming().filter(activity=activity, state__in=COMING))
        signed = {(one.signed_by_id, one.area_id) for one in rows if one.signed_by_id}
        helpers = {now for who, area in signed for now in who_has(who, area, FIELD)} - {helper_of(event)}
        send_notices(
            cause=event.id, to=sorted(helpers), kind="activities.cancelled", subject=event.subject,
            params={"day": day_of(activity)}, link=reverse("activities:detail", args=[activity.pk]), by=by,
        )  # fmt: skip
        # who shares a telephone reads it once
        tell_households({phone_of(one): one for one in rows}.values(), activity, "activities.off", event, by)


def tell_of_place(event: Event) -> None:
    """Who waited has a place now."""
    if event.at < clock.now() - NEWS:
        return
    with acting_as(system_actor("activities.tell")) as by:
        row = coming().filter(pk=UUID(event.subject.removeprefix("sign_up:")), state=SignUpState.IN.value).first()
        if row is not None:
            tell_households([row], row.activity, "activities.place", event, by)


def coming() -> Any:
    return SignUp.objects.select_related("activity", "resident").order_by("pk")


def helper_of(event: Event) -> UUID | None:
    """Whoever did it knows."""
    kind, _colon, id = event.actor.partition(":")
    return UUID(id) if kind == "user" else None


def phone_of(row: SignUp) -> str:
    return str(row.resident.phone) if row.resident else ""


def day_of(activity: Activity) -> str:
    return clock.local_date(activity.starts_at).isoformat()


def tell_households(rows: Collection[SignUp], activity: Activity, kind: str, event: Event, by: Actor) -> None:
    """Where they have a telephone; the link is that of their own door."""
    reached = [one for one in rows if phone_of(one) and one.household_id]
    doors = door_urls(by, [one.household_id for one in reached if one.household_id])
    letters = [
        Letter(notice_id(event.id, one.pk), Outside(Channel.SMS, phone_of(one)), own_door(doors, one))
        for one in reached
    ]
    params = {"day": day_of(activity)}
    send_letters(letters=letters, kind=kind, subject=event.subject, params=params, by=by)


def own_door(doors: Mapping[UUID, str], row: SignUp) -> str:
    _host, _slash, path = doors.get(row.household_id, "").partition("/h/") if row.household_id else ("", "", "")
    return f"/h/{path}" if path else "/"

"""Who hears of bookings: the household by text message, who booked for it, who acts for the provider, who decides.

Only numbers leave the house.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minqing.bookings.models import Booking
from minqing.bookings.queries import visible_bookings
from minqing.bookings.rules import HANDS, KEEPERS
from minqing.core import clock
from minqing.households.queries import door_url
from minqing.journal.subscriptions import Event
from minqing.notify.enums import Channel, Param
from minqing.notify.kinds import NoticeKind
from minqing.notify.rules import Outside
from minqing.notify.services import notice_id, send_notice, send_notices
from minqing.org.enums import FIELD
from minqing.org.queries import accounts_over, system_actor
from minqing.org.queries.staff import who_has
from minqing.privacy.access import acting_as

# what is older when it is delivered is no news any more
NEWS: Final = timedelta(days=2)
LOOK: Final = _("Sign in to read it.")
NUMBER: Final = {"number": Param.NUMBER}


def kind(word: str, label: Any, title: Any, icon: str, **more: Any) -> NoticeKind:
    words: dict[str, Any] = {"body": LOOK, "here": "", "roles": HANDS} | more
    return NoticeKind(code=f"bookings.{word}", label=label, title=title, params=NUMBER, icon=icon, **words)


KINDS: Final = (
    kind("made", _("Services booked with a provider"), _("%(number)s is booked"), "calendar-check"),
    kind("cancelled", _("Bookings cancelled"), _("%(number)s is cancelled, the time is free"), "x-circle"),
    kind("called_off", _("Bookings called off"), _("%(number)s is called off, the points are given back"), "x-circle"),
    kind("offered", _("A time is offered to who waited"), _("%(number)s: a time has become free"), "clock"),
    kind("reminded", _("Bookings of the next day"), _("%(number)s begins within a day"), "bell"),
    kind("done", _("Services to confirm"), _("%(number)s is done: ask the household and confirm it"), "check2-square"),
    kind("not_come", _("A provider did not come"), _("%(number)s: the provider did not come"), "x-circle"),
    kind("miss_said", _("A provider met nobody"), _("%(number)s: the provider met nobody"), "door-closed"),
    kind("fail_said", _("A household met no provider"), _("%(number)s: nobody came, they say"), "door-closed"),
    kind("missed", _("Nobody was at home"), _("%(number)s: nobody has contradicted, it is settled"), "door-closed"),
    kind(
        "decided",
        _("Decisions where two sides differed"),
        _("%(number)s: what the two sides differed on is decided"),
        "check2-square",
    ),
    kind("undecided", _("Bookings on which nobody has decided"), _("%(number)s waits for your decision"), "alarm"),
    kind("doubted", _("Two sides say different things"), _("%(number)s: look at it and decide"), "question-circle"),
    kind(
        "news",
        _("News of a booking"),
        _("There is news of your booking %(number)s"),
        "bell",
        body=_("Scan the code at your door to read it, or ask your village committee."),
        here=None,
        outside=True,
    ),
)
# event → kind of notice, and whether it is for who booked, who acts for the provider, who decides, the household; for
# somebody where nobody else would hear of it for the household; for who has spoken for it against the provider
TELLS: Final[dict[str, tuple[str, Collection[str]]]] = {
    "bookings.booking.made": ("bookings.made", ("hands",)),
    "bookings.booking.accepted": ("bookings.made", ("hands",)),
    "bookings.booking.cancelled": ("bookings.cancelled", ("hands",)),
    "bookings.booking.called_off": ("bookings.called_off", ("helper", "household")),
    "bookings.booking.offered": ("bookings.offered", ("helper", "household")),
    "bookings.booking.reminded": ("bookings.reminded", ("helper", "hands", "household")),
    "bookings.booking.done": ("bookings.done", ("helper", "household")),
    "bookings.booking.miss_said": ("bookings.miss_said", ("helper", "household", "somebody")),
    "bookings.booking.fail_said": ("bookings.fail_said", ("hands",)),
    "bookings.booking.missed": ("bookings.missed", ("helper", "household")),
    "bookings.booking.contradicted": ("bookings.doubted", ("keepers",)),
    "bookings.booking.urged": ("bookings.undecided", ("keepers",)),
    "bookings.booking.not_come": ("bookings.not_come", ("helper", "hands", "household")),
    "bookings.booking.doubted": ("bookings.doubted", ("keepers",)),
}
# both sides hear of what is decided between them, whichever it is
DECIDED: Final[tuple[str, Collection[str]]] = ("bookings.decided", ("helper", "speaker", "hands", "household"))
# of what is confirmed nobody hears unless it was decided
HEARD: Final = (*TELLS, "bookings.booking.confirmed")


def whom(row: Booking, parties: Collection[str], *, reached: bool) -> list[UUID]:
    """``reached``: whether a message to the household itself is on its way."""
    found: list[UUID] = []
    if "helper" in parties and row.taken_by_id:
        found += who_has(row.taken_by_id, row.area_id, FIELD)
    if "speaker" in parties and row.spoken_by_id:
        found += who_has(row.spoken_by_id, row.area_id, FIELD)
    if "hands" in parties:
        found += [one.account_id for one in row.provider.hands.all()]
    unheard = "somebody" in parties and not reached and not row.taken_by_id
    if "keepers" in parties or unheard:
        found += accounts_over(row.area_id, KEEPERS)
    return found


def notify_of(event: Event) -> None:
    """Once, however often the event is delivered."""
    if event.at < clock.now() - NEWS:
        return
    told = DECIDED if event.data.get("decided") is True else TELLS.get(event.type)
    if told is None:
        return
    word, parties = told
    with acting_as(system_actor("bookings.tell")) as by:
        row = visible_bookings(by).filter(pk=UUID(event.subject.removeprefix("booking:"))).first()
        if row is None:
            return
        reached = "household" in parties and tell_household(row, event, by)
        # whoever did it knows
        accounts = [one for one in whom(row, parties, reached=reached) if f"user:{one}" != event.actor]
        send_notices(
            cause=event.id,
            to=accounts,
            kind=word,
            subject=event.subject,
            params={"number": row.number},
            link=reverse("bookings:detail", args=[row.pk]),
            by=by,
        )


def tell_household(row: Booking, event: Event, by: Any) -> bool:
    """By text message, where somebody of them has a telephone; the link is that of their own door. False where none
    leaves: without a number, with one that is withheld, or where no carrier is set up.
    """
    if not row.phone or row.household_id is None:
        return False
    _host, _slash, path = door_url(by, row.household_id).partition("/h/")
    link = f"/h/{path}" if path else "/"
    told = send_notice(
        id=notice_id(event.id, event.id),
        to=Outside(Channel.SMS, row.phone),
        kind="bookings.news",
        subject=event.subject,
        params={"number": row.number},
        link=link,
        by=by,
    )
    return bool(told.channels) or told.again

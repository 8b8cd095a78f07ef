"""What bookings hold of a person: what was booked for them, and what they said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.bookings.enums import HELD
from minqing.bookings.models import Booking, Wait
from minqing.bookings.services.waiting import leave_all
from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI
from minqing.journal.services import Json, record
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked, covered_in

BOOKING: Final = Holding(
    model="bookings.Booking",
    blank={
        "household": None,
        "resident": None,
        "satisfied": None,
        "name": "",
        "phone": "",
        "address": "",
        "reason": "",
        "said": "",
    },
)
TOLD: Final = Holding(model="bookings.Booking", covered=("reason", "said"))
WAIT: Final = Holding(model="bookings.Wait", blank={"household": None, "resident": None})
_LABELS: Final = {
    "number": _("Number"),
    "what": _("What was booked"),
    "when": _("When"),
    "state": _("State"),
    "points": _("Points"),
    "said": _("What they said of it"),
}

_WAIT_LABELS: Final = {name: _LABELS[name] for name in ("what", "when", "state")}


def of_person(person: Person) -> Q:
    return Q(resident__in=person.residents) | Q(household__in=person.own_homes)


def bookings_of(person: Person) -> QuerySet[Booking]:
    return Booking.objects.filter(of_person(person)).select_related("service").order_by("begins_at", "pk")


def waits_of(person: Person) -> QuerySet[Wait]:
    return Wait.objects.filter(of_person(person)).select_related("service").order_by("joined_at", "pk")


def find(person: Person) -> Found:
    rows = list(bookings_of(person))
    is_open = any(one.state in HELD for one in rows)
    return Found(
        len(rows) + waits_of(person).count(), (_("A booking of this person is not over yet."),) if is_open else ()
    )


def give(person: Person) -> list[Section]:
    rows = [
        {
            "number": one.number,
            "what": one.service.name,
            "when": f"{one.begins_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            "state": one.state_label,
            "points": str(one.price),
            "said": one.said or "",
        }
        for one in bookings_of(person)
    ]
    waits = [
        {"what": one.service.name, "when": one.day.isoformat(), "state": one.state_label} for one in waits_of(person)
    ]
    return [
        Section("bookings", _("Services booked for points"), _LABELS, rows),
        Section("waits", _("Waiting for a time"), _WAIT_LABELS, waits),
    ]


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """For whom it was, and all words; that a provider was paid stays, as the other side of the ledger. Nobody is kept
    waiting for them.

    Event: ``bookings.person.erased``.
    """
    leave_all(Wait.objects.filter(of_person(person)), by=by, at=at)
    ids = list(bookings_of(person).select_for_update(of=("self",)).values_list("pk", flat=True))
    waits = blanked(Wait.objects.filter(of_person(person)), WAIT)
    blanked(Booking.objects.filter(pk__in=ids), BOOKING)
    others = Booking.objects.filter(area__in=person.areas).exclude(pk__in=ids)
    covered = covered_in(others.iterator(), TOLD, person)
    if ids or waits or covered:
        data: dict[str, Json] = {"bookings": len(ids), "waits": waits, "covered": covered}
        record(type="bookings.person.erased", subject=person.cause, by=by, at=at, data=data)
    return len(ids) + waits + covered


SUBJECTS: Final = Subjects(
    room="bookings",
    label=_("Services booked for points"),
    find=find,
    give=give,
    erase=erase,
    holdings=(BOOKING, TOLD, WAIT),
)

"""What requests themselves hold of a person: earlier ones go with everything else."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import fold_name
from minqing.core.clock import local_date
from minqing.journal.services import record
from minqing.privacy.fields import indexes_of
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked, covered_in
from minqing.rights.enums import Move, State
from minqing.rights.lifecycle import ENDED
from minqing.rights.lifecycle import REQUEST as LIFE
from minqing.rights.models import Request
from minqing.rights.services import FORGOTTEN, lapse_request

REQUEST: Final = Holding(model="rights.Request", blank=FORGOTTEN)
TOLD: Final = Holding(model="rights.Request", covered=("words", "reasons"))
# such as wait for somebody to show who they are, or that nobody did
LAPSING: Final = frozenset(state for state in State if LIFE.target(state, Move.LAPSE) is not None)
_LABELS: Final = {
    "number": _("Number"),
    "day": _("Received"),
    "kind": _("What is asked"),
    "words": _("In their own words"),
    "state": _("State"),
    "reasons": _("Reasons"),
}


def requests_of(person: Person) -> QuerySet[Request]:
    """By the file, or by a number at which somebody of that name answered: a family's number is not one person's."""
    phones = [one for phone in person.phones for one in indexes_of(Request, "phone_index", phone)]
    by_number = Request.objects.filter(phone_index__in=phones, phone_shown=True, resident=None)
    named = Q(pk__in=[one.pk for one in by_number if is_name(one.name, person)])
    return without_this(person).filter(named | Q(resident__in=person.residents))


def without_this(person: Person) -> QuerySet[Request]:
    """All but the one for which this is asked: that goes when it is answered."""
    this = person.cause.removeprefix("rights:") if person.cause.startswith("rights:") else None
    return Request.objects.exclude(pk=this) if this else Request.objects.all()


def is_name(text: str, person: Person) -> bool:
    return bool(fold_name(person.name)) and fold_name(text) == fold_name(person.name)


def near(person: Person) -> QuerySet[Request]:
    """Where a name is enough: of their household and, if nobody else there bears it, of the place."""
    at_home = Q(household__in=person.households)
    there = Q(area__in=[id for one in person.everywhere if not one.namesakes for id in one.areas])
    return without_this(person).filter(at_home | there)


def in_name_of(person: Person) -> list[UUID]:
    """Requests in the person's name of which nobody was shown to be behind them: words and name go all the same."""
    rows = near(person).filter(resident=None, phone_shown=False)
    return [one.pk for one in rows if is_name(one.name, person)]


def find(person: Person) -> Found:
    """One that nobody has shown to be theirs keeps nobody from being erased: anybody may send it."""
    rows = list(requests_of(person))
    waits = any(one.state not in ENDED and one.checked_at for one in rows)
    return Found(len(rows), (_("Another request of this person is not answered yet."),) if waits else ())


def give(person: Person) -> list[Section]:
    rows = [
        {
            "number": one.number,
            "day": local_date(one.received_at).isoformat(),
            "kind": one.kind_label,
            "words": one.words,
            "state": one.state_label,
            "reasons": one.reasons,
        }
        for one in requests_of(person).order_by("received_at")
    ]
    return [Section("requests", _("Requests about own data"), _LABELS, rows)]


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """The person's own, and their name where they asked for somebody else or others wrote it; one
    that waits still ends by itself.

    Event: ``rights.person.erased``.
    """
    theirs = Q(pk__in=requests_of(person).values("pk")) | Q(pk__in=in_name_of(person))
    rows = list(Request.objects.select_for_update().filter(theirs).order_by("pk"))
    for one in rows:
        if one.state in LAPSING:
            lapse_request(row=one, by=by, at=at)
    blanked(Request.objects.filter(pk__in=[one.pk for one in rows]), REQUEST)
    gone = len(rows)
    asked = near(person).exclude(guardianship="")
    gone += Request.objects.filter(pk__in=[one.pk for one in asked if is_name(one.guardian, person)]).update(
        guardian=""
    )
    gone += sum(map(cover_elsewhere, person.everywhere))
    if gone:
        record(type="rights.person.erased", subject=person.cause, by=by, at=at, data={"requests": gone})
    return gone


def cover_elsewhere(person: Person) -> int:
    """The person in what others asked, and were answered, in the place; row by row, since it is encrypted."""
    return covered_in(without_this(person).filter(area__in=person.areas).iterator(), TOLD, person)


SUBJECTS: Final = Subjects(
    room="rights", label=_("Requests about own data"), find=find, give=give, erase=erase, holdings=(REQUEST, TOLD)
)

"""What requests themselves hold of a person: earlier ones go with everything else."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.journal.services import record
from minqing.privacy.fields import index_of
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects
from minqing.rights.lifecycle import ENDED
from minqing.rights.models import Request

REQUEST: Final = Holding(
    model="rights.Request",
    blank={
        "household": None,
        "resident": None,
        "name": b"",
        "phone": b"",
        "phone_index": None,
        "words": b"",
        "corrections": b"",
        "guardian": b"",
        "reasons": b"",
        "ticket": None,
    },
)
_LABELS: Final = {
    "number": _("Number"),
    "day": _("Received"),
    "kind": _("What is asked"),
    "words": _("In their own words"),
    "state": _("State"),
    "reasons": _("Reasons"),
}


def requests_of(person: Person) -> QuerySet[Request]:
    """By the file, or by the number; the one for which this is asked goes when it is answered."""
    phones = [index_of(Request, "phone_index", phone) for phone in person.phones]
    found = Q(phone_index__in=phones) | (Q(resident=person.resident) if person.resident else Q(pk__in=[]))
    this = person.cause.removeprefix("rights:") if person.cause.startswith("rights:") else None
    rows = Request.objects.filter(found)
    return rows.exclude(pk=this) if this else rows


def find(person: Person) -> Found:
    rows = list(requests_of(person))
    waits = any(one.state not in ENDED for one in rows)
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
    """Event: ``rights.person.erased``."""
    gone = requests_of(person).update(**REQUEST.blank)
    if gone:
        record(type="rights.person.erased", subject=person.cause, by=by, at=at, data={"requests": gone})
    return gone


SUBJECTS: Final = Subjects(
    room="rights", label=_("Requests about own data"), find=find, give=give, erase=erase, holdings=(REQUEST,)
)

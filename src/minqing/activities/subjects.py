"""What sign-ups hold of a person: what they came to, or wanted to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.activities.models import Activity, Report, SignUp
from minqing.activities.services.people import give_up_places
from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.journal.services import record
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked, covered_in, naming

SIGN_UP: Final = Holding(model="activities.SignUp", blank={"household": None, "resident": None, "name": ""})
# texts of the staff, which every door of the place shows
ACTIVITY: Final = Holding(model="activities.Activity", covered=("title", "words", "place", "reasons"))
REPORT: Final = Holding(model="activities.Report", covered=("words",))
_LABELS: Final = {"day": _("Begins"), "what": _("Activity"), "state": _("State")}


def sign_ups_of(person: Person) -> QuerySet[SignUp]:
    return SignUp.objects.filter(resident__in=person.residents).select_related("activity").order_by("signed_at", "pk")


def find(person: Person) -> Found:
    return Found(sign_ups_of(person).count())


def give(person: Person) -> list[Section]:
    rows = [
        {
            "day": local_date(one.activity.starts_at).isoformat(),
            "what": one.activity.title,
            "state": one.state_label,
        }
        for one in sign_ups_of(person)
    ]
    return [Section("sign_ups", _("Activities"), _LABELS, rows)]


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Who they were, and their name in what is told of activities of the place; that somebody came stays. Places that
    they had, or waited for, are others'.

    Event: ``activities.person.erased``.
    """
    if person.residents:
        give_up_places(residents=person.residents, by=by, at=at)
    ids = list(sign_ups_of(person).select_for_update(of=("self",)).values_list("pk", flat=True))
    blanked(SignUp.objects.filter(pk__in=ids), SIGN_UP)
    covered = sum(map(forget_name, person.everywhere))
    if ids or covered:
        data: dict[str, Any] = {"sign_ups": len(ids), "covered": covered}
        record(type="activities.person.erased", subject=person.cause, by=by, at=at, data=data)
    return len(ids) + covered


def forget_name(person: Person) -> int:
    """Cover the person in titles, words and reports of the place; how many changed."""
    rows = Activity.objects.filter(naming(person, *ACTIVITY.covered), area__in=person.areas)
    reports = Report.objects.filter(naming(person, *REPORT.covered), activity__area__in=person.areas)
    return covered_in(rows, ACTIVITY, person) + covered_in(reports, REPORT, person)


SUBJECTS: Final = Subjects(
    room="activities", label=_("Activities"), find=find, give=give, erase=erase, holdings=(SIGN_UP, ACTIVITY, REPORT)
)

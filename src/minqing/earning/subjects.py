"""What claims hold of a person: what they said they did, and what they were thanked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import fold_name
from minqing.earning.lifecycle import UNDECIDED
from minqing.earning.models import Award, Claim, ClaimPhoto
from minqing.files.subjects import delete_unheld
from minqing.journal.services import Json, record
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects, blanked, covered_in

FORGOTTEN: Final = {
    "household": None,
    "resident": None,
    "cause": None,
    "name": "",
    "words": "",
    "place": "",
    "witness": "",
    "ticket": None,
    "reasons": "",
    "appeal": "",
}
CLAIM: Final = Holding(model="earning.Claim", blank=FORGOTTEN)
# a witness of others, or somebody whom they helped
TOLD: Final = Holding(model="earning.Claim", covered=("words", "place", "witness", "reasons", "appeal"))
AWARD: Final = Holding(model="earning.Award", blank={"household": None, "resident": None})
_LABELS: Final = {
    "number": _("Number"),
    "day": _("Done on"),
    "what": _("What was done"),
    "words": _("In words"),
    "state": _("State"),
    "points": _("Points"),
    "reasons": _("Reasons"),
    "appeal": _("Objection"),
}


def claims_of(person: Person) -> QuerySet[Claim]:
    """Their own, those in their name of their household, and the household's where it is theirs alone."""
    own = Q(resident__in=person.residents) | Q(household__in=person.own_homes) | Q(pk__in=in_name_of(person))
    return Claim.objects.filter(own).select_related("version").order_by("received_at", "pk")


def in_name_of(person: Person) -> list[UUID]:
    rows = Claim.objects.filter(household__in=person.households, resident=None)
    return [one.pk for one in rows if fold_name(one.name) == fold_name(person.name)]


def find(person: Person) -> Found:
    rows = list(claims_of(person))
    waits = any(one.state in UNDECIDED for one in rows)
    return Found(len(rows), (_("A claim for points of this person is not decided yet."),) if waits else ())


def give(person: Person) -> list[Section]:
    rows = [
        {
            "number": one.number,
            "day": one.happened_on.isoformat(),
            "what": one.version.name,
            "words": one.words,
            "state": one.state_label,
            "points": str(one.version.points),
            "reasons": one.reasons,
            "appeal": one.appeal,
        }
        for one in claims_of(person)
    ]
    return [Section("claims", _("Claims for points"), _LABELS, rows)]


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Whose they are, all words and photos, and their name in what others wrote; that somebody was
    thanked stays, as the other side of the ledger.

    Event: ``earning.person.erased``.
    """
    ids = list(claims_of(person).select_for_update(of=("self",)).values_list("pk", flat=True))
    photos = ClaimPhoto.objects.filter(claim__in=ids)
    pictures = list(photos.values_list("attachment_id", flat=True))
    photos.delete()
    delete_unheld(ids=pictures, at=at, by=by)
    blanked(Award.objects.filter(claim__in=ids), AWARD)
    blanked(Claim.objects.filter(pk__in=ids), CLAIM)
    covered = sum(cover_elsewhere(one, ids) for one in person.everywhere)
    if ids or covered:
        data: dict[str, Json] = {"claims": len(ids), "covered": covered}
        record(type="earning.person.erased", subject=person.cause, by=by, at=at, data=data)
    return len(ids) + covered


def cover_elsewhere(person: Person, own: Collection[UUID]) -> int:
    """The person in other people's claims of the place; these texts are encrypted, and read row by row."""
    others = Claim.objects.filter(area__in=person.areas).exclude(pk__in=own)
    return covered_in(others.iterator(), TOLD, person)


SUBJECTS: Final = Subjects(
    room="earning", label=_("Claims for points"), find=find, give=give, erase=erase, holdings=(CLAIM, TOLD, AWARD)
)

"""What exchanges hold of a person: what somebody had at a machine for the points of an account that is theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.machines.models import Vend
from minqing.points.queries.people import held_by
from minqing.privacy.subjects import Found, Person, Section, Subjects

_LABELS: Final = {
    "day": _("Day"),
    "machine": _("Machine"),
    "what": _("What was chosen"),
    "points": _("Points"),
    "state": _("State"),
}


def vends_of(person: Person) -> QuerySet[Vend]:
    held = held_by(person.residents, person.own_homes)
    rows = Vend.objects.filter(account__in=held.values("account")).select_related("machine")
    return rows.order_by("reserved_at", "pk")


def find(person: Person) -> Found:
    return Found(vends_of(person).count())


def give(person: Person) -> list[Section]:
    rows = [
        {
            "day": local_date(one.reserved_at).isoformat(),
            "machine": one.machine.name,
            "what": one.name,
            "points": str(one.price),
            "state": one.state_label,
        }
        for one in vends_of(person)
    ]
    return [Section("vends", _("Had at machines for points"), _LABELS, rows)]


def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """An exchange names the number of an account: once that is nobody's, it tells of nobody. Without an event."""
    return 0


SUBJECTS: Final = Subjects(room="machines", label=_("Had at machines for points"), find=find, give=give, erase=erase)

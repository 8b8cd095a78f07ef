"""Who sees which export."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minqing.core.actor import Actor
from minqing.exports.enums import State
from minqing.exports.models import ExportRequest
from minqing.exports.rules import APPROVERS
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.org.enums import Role
from minqing.privacy.access import one_of


def exports_of(actor: Actor) -> QuerySet[ExportRequest]:
    """The actor's own, and for those in charge those of their areas; what is to be decided first."""
    seen = Q(account_id=actor.person)
    if actor.has(*APPROVERS):
        seen |= one_of("area_id", actor.areas)
    first = Case(When(state=State.ASKED.value, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = ExportRequest.objects.filter(seen).select_related("account", "area", "decided_by")
    return rows.order_by(first, "-asked_at", "-id")


def asked_of(actor: Actor, _now: datetime) -> Q:
    """Exports that wait for this person's word: nobody grants his own."""
    return Q(state=State.ASKED.value) & one_of("area_id", actor.areas) & ~Q(account_id=actor.person)


def asked_by(actor: Actor, now: datetime) -> Q:
    return Q(state=State.ASKED.value, account_id=actor.person)


QUEUES: Final = Queues(
    exports_of,
    (
        Queue(
            "asked",
            _("Exports to decide on"),
            "shield-check",
            APPROVERS,
            asked_of,
            ("asked_at", "id"),
            pgettext_lazy("act", "Approve"),
        ),
        Queue(
            "own",
            _("Exports to be approved"),
            "shield-check",
            frozenset({Role.UNIT_HEAD}),
            asked_by,
            ("asked_at", "id"),
            asked=True,
        ),
    ),
)


def export_for(actor: Actor, export_id: UUID) -> ExportRequest | None:
    return exports_of(actor).filter(pk=export_id).first()


def asker_of(export_id: UUID) -> UUID | None:
    """Who asked for the export; for those who carry news of it."""
    return ExportRequest.objects.filter(pk=export_id).values_list("account", flat=True).first()


def waiting_since() -> list[datetime]:
    """Since when exports wait for a second person, the longest first; act as the system."""
    waiting = ExportRequest.objects.filter(state=State.ASKED.value)
    return list(waiting.order_by("asked_at").values_list("asked_at", flat=True))

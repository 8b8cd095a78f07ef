"""How the sending of events works, as the operator reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from minqing.core.ids import first_id_of
from minqing.partners.enums import DeliveryState
from minqing.partners.models import Delivery
from minqing.partners.queries.hooks import TRIED, endpoints


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of the events for one partner's address: ``sent`` in the last day and when last, ``dead`` that wait
    for a decision, ``failing`` that were tried in vain several times.
    """

    name: str
    active: bool
    sent: int = 0
    last: datetime | None = None
    dead: int = 0
    failing: int = 0


def pushed(*, at: datetime) -> list[Pushed]:
    """Of each address that is sent events; two queries, and of what arrived only the last day is read."""
    dead, failing = Q(state=DeliveryState.DEAD), Q(state=DeliveryState.RETRYING, tries__gte=TRIED)
    sent = Q(state=DeliveryState.DELIVERED, pk__gte=first_id_of(at - timedelta(days=1)))
    counted = (
        Delivery.objects.filter(dead | failing | sent)
        .values("endpoint")
        .annotate(
            sent=Count("id", filter=sent),
            last=Max("settled_at", filter=sent),
            dead=Count("id", filter=dead),
            failing=Count("id", filter=failing),
        )
    )
    found = {row["endpoint"]: {name: row[name] for name in ("sent", "last", "dead", "failing")} for row in counted}
    return [Pushed(one.partner.name, one.active and one.partner.active, **found.get(one.pk, {})) for one in endpoints()]

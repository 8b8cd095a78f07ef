"""Events that go out: to whom, what they may know, and how it went."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import override

from minqing.core import clock
from minqing.core.ssrf_guard import Guard
from minqing.journal.canonical import canonical_time
from minqing.journal.subscriptions import Event
from minqing.matters.enums import Channel
from minqing.matters.protocols import MatterRead
from minqing.matters.queries import state_word
from minqing.org.protocols import UnitLike
from minqing.org.queries import usable_unit
from minqing.partners import rules
from minqing.partners.enums import DUE, DeliveryState
from minqing.partners.models import Delivery, Endpoint, Partner
from minqing.privacy.seal import CannotDecrypt
from minqing.web.public_origin import is_public, may_link, public_origin

# a try that fails now and then is no news
TRIED = 3
TIMES = ("received_at", "due_at", "finished_at", "closed_at")


def own_guard() -> Guard:
    """What may be called from here: the internet, and the county's own networks that the operator listed."""
    return Guard.of(settings.OUTGOING_NETWORKS)


def own_host() -> str:
    """By which name other systems know this one."""
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def endpoints_for(event: Event, matter: MatterRead) -> list[Endpoint]:
    """The endpoints that want this event and may know of this matter; one query."""
    found = Endpoint.objects.select_related("partner__area").filter(active=True, partner__active=True)
    # a subscriber reads the journal from its beginning: nobody is sent what was before they came
    known = found.filter(made_at__lte=event.recorded_at).order_by("id")
    return [
        one
        for one in known
        if rules.wants(one.types, rules.outer_type(event.type))
        and rules.may_know(
            partner_path=one.partner.area.path,
            partner_unit=one.partner.unit_id,
            area_path=matter.area.path,
            unit_id=event.data.get("unit"),
            hidden=matter.confidential and matter.sender != one.partner_id,
        )
    ]


def body_for(partner: Partner, event: Event, matter: MatterRead) -> dict[str, Any]:
    """The event as the partner may read it: CloudEvents 1.0 with codes, numbers and times, no names and no texts.

    ``partnernumber`` is the partner's own number of a matter that it sent in.
    """
    unit, state = unit_then(event, matter), str(event.data.get("state", matter.state))
    # in the county's language, whoever's call it is that tells the partner
    with override(settings.LANGUAGE_CODE):
        label = state_word(state)
    data = {
        "id": str(matter.pk),
        "number": matter.number,
        "state": state,
        "state_label": label,
        "mechanism": matter.mechanism,
        "channel": matter.channel,
        "area": matter.area.code,
        "unit": unit.code if unit else None,
        "category": matter.category_id,
        **{name: canonical_time(value) if (value := getattr(matter, name)) else None for name in TIMES},
    }
    body = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": settings.ORIGIN,
        "type": rules.outer_type(event.type),
        "subject": f"matter:{matter.pk}",
        "time": canonical_time(event.at),
        "sequence": f"{event.seq:020d}",
        "datacontenttype": "application/json",
        "data": data,
    }
    if own := own_number(partner, matter):
        body["partnernumber"] = own
    return body


def unit_then(event: Event, matter: MatterRead) -> UnitLike | None:
    """The unit that had the matter when the event was; it may have gone on since."""
    then = event.data.get("unit")
    if then is None or then == matter.lead_unit_id:
        return matter.lead_unit if then else None
    return usable_unit(then)


def own_number(partner: Partner, matter: MatterRead) -> str:
    code, _colon, number = (matter.outside_number or "").partition(":")
    return number if matter.channel == Channel.PARTNER and code == partner.code else ""


def with_source(body: dict[str, Any]) -> dict[str, Any]:
    """A body as it is sent: of one written before there was an address, the source is told as it is now.

    Raises Refused where there still is none: what has gone out stays.
    """
    return body if is_public(body.get("source", "")) else body | {"source": public_origin()}


def due(now: datetime, *, without: Collection[UUID] = ()) -> QuerySet[Delivery]:
    """Deliveries to be sent now, the longest due first; none that is too old."""
    found = Delivery.objects.filter(
        state__in=DUE,
        next_at__lte=now,
        queued_at__gt=now - rules.OLDEST,
        endpoint__active=True,
        endpoint__partner__active=True,
    )
    found = found.exclude(endpoint__held_until__gt=now)
    return found.exclude(endpoint_id__in=without).order_by("next_at", "sequence")


def too_old(now: datetime) -> QuerySet[Delivery]:
    """Deliveries that waited for too long, and that nobody is sending at the moment."""
    return Delivery.objects.filter(state__in=DUE, next_at__lte=now, queued_at__lte=now - rules.OLDEST)


def secrets_of(holder: Endpoint | Partner, *, at: datetime) -> list[str]:
    """The secrets in force: the present one, and the former one for :data:`rules.ROTATION`; none where none is."""
    fresh = holder.rotated_at is not None and at < holder.rotated_at + rules.ROTATION
    return [one for one in (holder.secret, holder.former_secret if fresh else "") if one]


def secret_to_follow(holder: Endpoint | Partner) -> str:
    """The present secret, to be taken for a while beside a new one; none where it cannot be read any more."""
    try:
        return holder.secret
    except CannotDecrypt:
        return ""


def unreadable_secrets() -> list[str]:
    """The partners with a secret, their own or an endpoint's, whose key is not here; one that is read is not shown."""
    found = []
    own: list[tuple[str, Endpoint | Partner]] = [(one.code, one) for one in Partner.objects.filter(active=True)]
    theirs = [(one.partner.code, one) for one in endpoints().filter(active=True, partner__active=True)]
    for code, holder in (*own, *theirs):
        try:
            secrets_of(holder, at=clock.now())
        except CannotDecrypt:
            found.append(code)
    return found


def endpoints() -> QuerySet[Endpoint]:
    return Endpoint.objects.select_related("partner").order_by("partner__code", "url")


def failing_endpoints() -> list[tuple[Endpoint, str]]:
    """Those that answer badly, were switched off because nobody is there (``gone``), or are sent nothing while we have
    no address of our own, with the reason in a word.
    """
    gone = [(one, "gone") for one in endpoints().filter(active=False, off_because="gone")]
    if not may_link():
        return gone + [(one, "MINQING_ORIGIN") for one in endpoints().filter(active=True, partner__active=True)]
    tried = Delivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.RETRYING.value, tries__gte=TRIED)
    failing = (
        endpoints()
        .filter(active=True, partner__active=True)
        .annotate(
            status=Subquery(tried.order_by("-tries").values("status")[:1]),
            error=Subquery(tried.order_by("-tries").values("error")[:1]),
        )
    )
    return gone + [(one, str(one.status or one.error)) for one in failing.filter(error__isnull=False)]


def delivery_by_id(text: str) -> Delivery | None:
    try:
        return deliveries().filter(pk=UUID(text)).first()
    except ValueError:
        return None


def dead_of(partner: Partner) -> QuerySet[Delivery]:
    """What could not be delivered to a partner, in the journal's order."""
    return deliveries(DeliveryState.DEAD).filter(endpoint__partner=partner).order_by("sequence", "id")


def deliveries(state: DeliveryState | None = None) -> QuerySet[Delivery]:
    """Newest first, with endpoint and partner."""
    found = Delivery.objects.select_related("endpoint__partner").order_by("-queued_at", "-id")
    return found.filter(state=state.value) if state else found


def bodies_after(partner_id: UUID, sequence: int, *, most: int) -> list[dict[str, object]]:
    """What the partner was sent or was to be sent behind ``sequence``, each event once, in the order of queueing.

    A transaction that ends late brings an event of a lower number after one of a higher: who goes by numbers alone
    would never fetch it. So the place is that of the event with this number; of one that is forgotten, the number.
    """
    own = Delivery.objects.filter(endpoint__partner_id=partner_id)
    # two endpoints of a partner have a delivery each
    before = own.filter(event=OuterRef("event"), id__lt=OuterRef("id"))
    once = own.exclude(Exists(before)).order_by("id")
    sequence = min(sequence, 2**63 - 1)
    last = once.filter(sequence=sequence).values_list("id", flat=True).first()
    found = once.filter(id__gt=last) if last else once.filter(sequence__gt=sequence)
    return [with_source(body) for body in found.values_list("body", flat=True)[:most]]

"""What a partner sends is stored first, each event once, and then taken over."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError, NotFound
from minqing.journal.services import record
from minqing.partners import events, lifecycle, rules
from minqing.partners.decoding import Unreadable
from minqing.partners.enums import InboundState, Turn
from minqing.partners.events import Envelope, Told
from minqing.partners.mapping import load_mapping, read_flat
from minqing.partners.models import Inbound, Partner
from minqing.partners.queries.inbound import inbox_actor
from minqing.privacy.access import acting_as

# what is not taken over at once is looked at again after this
SOON = rules.WAITS[0]


def read(envelope: Envelope, *, partner: Partner, flat: bool) -> Told:
    """The event in the envelope, by the partner's mapping where it is ``flat``; raises Unreadable."""
    if flat:
        return read_flat(envelope, load_mapping(partner.mapping), source=f"/partners/{partner.code}")
    return events.read(envelope)


@transaction.atomic
def store_event(
    *, partner: Partner, envelope: Envelope, by: Actor, flat: bool = False, at: datetime | None = None
) -> Inbound:
    """Keep what came, once for each source and id; what cannot be read is laid aside at once under its digest.

    The same again returns the row that the first made. Nobody may answer "taken" before this is committed.
    """
    now = at or clock.now()
    try:
        told, code = read(envelope, partner=partner, flat=flat), ""
    except Unreadable as failed:
        told, code = Told(id=f"sha256:{envelope.digest}", source="", type=""), failed.code
    with acting_as(inbox_actor()):
        row = Inbound(
            partner=partner,
            area_id=partner.area_id,
            flat=flat,
            raw=envelope.dump(),
            state=lifecycle.IN[None, Turn.TAKE].value,
            received_at=now,
            next_at=now + SOON,
            **facts(told),
        )
        Inbound.objects.bulk_create([row], ignore_conflicts=True)
        kept = Inbound.objects.get(partner=partner, source=told.source, event=told.id)
        if kept.pk == row.pk:
            tell(kept, "received", by=by, at=now)
            if code:
                settle(kept, Turn.GIVE_UP, code=code, at=now)
    return kept


def facts(told: Told) -> dict[str, Any]:
    return {
        "source": told.source[:200],
        "event": told.id,
        "type": told.type,
        "subject": told.subject[:200],
        "sequence": told.sequence,
        "at": told.at,
    }


def settle(row: Inbound, turn: Turn, *, at: datetime, code: str = "", matter_id: UUID | None = None) -> None:
    """Move a locked row on and write down why; with patience at its end it is laid aside."""
    wait = None
    if turn is Turn.WAIT:
        row.tries += 1
        wait = rules.wait_for_others(row.tries, received_at=row.received_at, now=at)
        turn = Turn.WAIT if wait else Turn.GIVE_UP
    row.state = lifecycle.IN[InboundState(row.state), turn].value
    row.code, row.next_at = code[:40], at + wait if wait else at
    row.settled_at = at if row.state in {InboundState.APPLIED, InboundState.DEAD} else None
    if matter_id:
        row.matter_id = matter_id
    if row.state == InboundState.APPLIED:
        # the matter holds what was told; nobody keeps a name and number twice
        row.raw = ""
    row.save(update_fields=["state", "code", "tries", "next_at", "settled_at", "matter", "raw"])
    if row.state == InboundState.DEAD:
        tell(row, "laid_aside", by=Actor.system("partners.inbox"), at=at)


@transaction.atomic
def replay_event(*, event_id: UUID, by: Actor, at: datetime | None = None) -> Inbound:
    """Read and take over anew what was laid aside, once its cause is mended. Patience begins anew."""
    rules.may_manage(by).require()
    now = at or clock.now()
    with acting_as(inbox_actor()):
        row = Inbound.objects.select_for_update(of=("self",)).select_related("partner").filter(pk=event_id).first()
        if row is None:
            raise NotFound("event")
        if row.state != InboundState.DEAD:
            return row
        row.state, row.tries = lifecycle.IN[InboundState.DEAD, Turn.REPLAY].value, 0
        row.received_at, row.next_at, row.settled_at = now, now, None
        reread(row)
        row.save()
        tell(row, "replayed", by=by, at=now)
    return row


def reread(row: Inbound) -> None:
    """The mapping may be mended since: what the row is known by follows, unless another row is known by it."""
    try:
        told = read(Envelope.load(row.raw), partner=row.partner, flat=row.flat)
    except (Unreadable, DomainError):
        return
    taken = Inbound.objects.filter(partner=row.partner, source=told.source, event=told.id).exclude(pk=row.pk)
    if not taken.exists():
        for name, value in facts(told).items():
            setattr(row, name, value)


def tell(row: Inbound, verb: str, *, by: Actor, at: datetime) -> None:
    data = {"partner": str(row.partner_id), "code": row.code}
    record(type=f"partners.event.{verb}", subject=f"event:{row.id}", by=by, at=at, data={**data})

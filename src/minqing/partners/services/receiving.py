"""What a partner sends is stored first, each event once, and then taken over."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, DomainError
from minqing.journal.moves import Moves
from minqing.journal.services import Json, record
from minqing.partners import rules
from minqing.partners.enums import OPEN, InboundState, Turn
from minqing.partners.formats import events
from minqing.partners.formats.decoding import Unreadable
from minqing.partners.formats.events import Envelope, Told
from minqing.partners.formats.mapping import load_mapping, read_flat
from minqing.partners.lifecycle import INBOUND
from minqing.partners.models import Inbound, Partner
from minqing.partners.queries.inbound import inbox_actor
from minqing.privacy.access import acting_as
from minqing.privacy.seal import CannotDecrypt, keyed_digest

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

    The same again returns the row that the first made. Something else under the same id takes the place of what was
    laid aside, as its correction, and is laid aside itself (``id_used``) where the first was taken or waits. Nobody
    may answer "taken" before this is committed.
    """
    now = at or clock.now()
    try:
        told, code = read(envelope, partner=partner, flat=flat), ""
    except Unreadable as failed:
        told, code = Told(id=f"sha256:{envelope.digest}", source="", type=""), failed.code
    row = Inbound(
        partner=partner,
        area_id=partner.area_id,
        flat=flat,
        raw=envelope.dump(),
        state=INBOUND.born(Turn.TAKE).value,
        received_at=now,
        next_at=now + SOON,
        **facts(told),
    )
    with acting_as(inbox_actor()):
        kept = kept_once(row, code=code, by=by, at=now)
        if kept.pk == row.pk or not kept.content or bytes(kept.content) == row.content:
            return kept
        same = (kept.type, kept.subject) == (row.type, row.subject)
        dead = kept.state == InboundState.DEAD
        if same and dead and (taken := corrected(kept, row, by=by, at=now)) is not None:
            return taken
        # by its content: the same mistake again is one row
        row.event = f"id_used:{content_of(told).hex()}"
        return kept_once(row, code="id_used", by=by, at=now)


def kept_once(row: Inbound, *, code: str, by: Actor, at: datetime) -> Inbound:
    """The row kept under this source and id, new or from before; a new one with a ``code`` is laid aside."""
    Inbound.objects.bulk_create([row], ignore_conflicts=True)
    kept = Inbound.objects.get(partner=row.partner, source=row.source, event=row.event)
    if kept.pk == row.pk:
        told = facts_told(kept)
        record(type="partners.event.received", subject=INBOX.subject(kept), by=by, at=at, data=told)
        if code:
            settle(kept, Turn.GIVE_UP, code=code, at=at)
    return kept


def corrected(kept: Inbound, row: Inbound, *, by: Actor, at: datetime) -> Inbound | None:
    """Nothing was done of what lies aside, and its sender sends it anew with other content: that is what counts.

    None where the operator was quicker and replayed it, or was done with it: it needs a row of its own then.
    """
    locked = Inbound.objects.select_for_update(of=("self",)).select_related("partner").get(pk=kept.pk)
    if locked.state != InboundState.DEAD:
        # of two that bring the same correction at once the second finds the first one's
        return locked if bytes(locked.content or b"") == row.content else None
    names = ("raw", "content", "type", "subject", "sequence", "at", "flat", "received_at", "next_at")
    put(locked, {name: getattr(row, name) for name in names})
    return INBOX.finish(locked, Turn.CORRECT, by=by, at=at, tries=0, code="", settled_at=None)


def put(row: Inbound, values: dict[str, object]) -> None:
    """What a locked row says, and what it is known by."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[*values])


def facts(told: Told) -> dict[str, object]:
    return {
        "source": told.source[:200],
        "event": told.id,
        "type": told.type,
        "subject": told.subject[:200],
        "sequence": told.sequence,
        "at": told.at,
        "content": content_of(told),
    }


def content_of(told: Told) -> bytes:
    """What is told, but for when and as which of a row: a sender that tries again may stamp those anew."""
    text = json.dumps([told.type, told.subject, told.data], sort_keys=True)
    return keyed_digest("partners.inbound.content", text)


def settle(row: Inbound, turn: Turn, *, at: datetime, code: str = "", matter_id: UUID | None = None) -> None:
    """Move a locked row on and write down why; with patience at its end it is laid aside."""
    wait, tries = None, row.tries
    if turn is Turn.WAIT:
        tries += 1
        wait = rules.wait_for_others(tries, received_at=row.received_at, now=at)
        turn = Turn.WAIT if wait else Turn.GIVE_UP
    to = INBOX.target(row, turn)
    changes: dict[str, Any] = {
        "code": code[:40],
        "tries": tries,
        "next_at": at + wait if wait else at,
        "settled_at": None if to in OPEN else at,
        "unusable": row.unusable,
    }
    if matter_id:
        changes["matter_id"] = matter_id
    if to is InboundState.APPLIED:
        # the matter holds what was told; nobody keeps a name and number twice
        changes["raw"] = ""
    INBOX.finish(row, turn, by=Actor.system("partners.inbox"), at=at, **changes)


@transaction.atomic
def replay_event(*, event_id: UUID, by: Actor, at: datetime | None = None) -> Inbound:
    """Read and take over anew what was laid aside, once its cause is mended. Patience begins anew."""
    rules.may_manage(by).require()
    now = at or clock.now()
    with acting_as(inbox_actor()):
        row = INBOX.lock(event_id)
        if INBOX.target(row, Turn.REPLAY) is None:
            return row
        try:
            kept = bool(row.raw)
        except CannotDecrypt:
            raise Conflict("cannot_decrypt", _("What was sent cannot be read: its key is not here.")) from None
        if not kept:
            raise Conflict("forgotten", _("What was sent is no longer kept."))
        if anew := read_again(row):
            put(row, anew)
        return INBOX.finish(row, Turn.REPLAY, by=by, at=now, tries=0, received_at=now, next_at=now, settled_at=None)


@transaction.atomic
def settle_event(*, event_id: UUID, by: Actor, at: datetime | None = None) -> Inbound:
    """The operator is done with what was laid aside: it waits for nobody, and can be replayed for a while yet."""
    rules.may_manage(by).require()
    now = at or clock.now()
    with acting_as(inbox_actor()):
        row = INBOX.lock(event_id)
        if INBOX.target(row, Turn.SETTLE) is None:
            return row
        # what has no content any more is forgotten
        return INBOX.finish(row, Turn.SETTLE, by=by, at=now, next_at=now, settled_at=now, content=row.content or b"")


@transaction.atomic
def forget_settled(*, before: datetime) -> int:
    """Empty what the operator was done with before a moment; the journal keeps that it came."""
    with acting_as(inbox_actor()):
        found = Inbound.objects.filter(state=InboundState.SETTLED.value, settled_at__lt=before)
        rows = list(found.exclude(content=None).select_for_update(skip_locked=True)[:1000])
        for row in rows:
            row.raw, row.content = "", None
            row.save(update_fields=["raw", "content"])
    return len(rows)


def read_again(row: Inbound) -> dict[str, object]:
    """The mapping may be mended since: what the row is known by follows, unless another row is known by it."""
    try:
        told = read(Envelope.load(row.raw), partner=row.partner, flat=row.flat)
    except (Unreadable, DomainError):
        return {}
    taken = Inbound.objects.filter(partner=row.partner, source=told.source, event=told.id).exclude(pk=row.pk)
    return {} if taken.exists() else facts(told)


def facts_told(row: Inbound) -> dict[str, Json]:
    return {"partner": str(row.partner_id), "code": row.code}


INBOX: Final = Moves(
    model=Inbound,
    lifecycle=INBOUND,
    # that it came is told once it is known to be the first; what is taken over, by the matter's event
    events={
        Turn.CORRECT: "partners.event.corrected",
        Turn.GIVE_UP: "partners.event.laid_aside",
        Turn.REPLAY: "partners.event.replayed",
        Turn.SETTLE: "partners.event.settled",
    },
    subject=lambda row: f"event:{row.id}",
    event_data=facts_told,
    rows=lambda: Inbound.objects.select_related("partner"),
)

"""Telling somebody something: the notice in the app and a message for each channel they want, or none of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.journal.services import Json, record
from minqing.notify import carriers, lifecycle, rules
from minqing.notify.enums import Channel, Mode
from minqing.notify.kinds import Kind, kind_of
from minqing.notify.models import Notice, Outgoing
from minqing.notify.people import Person, person_of
from minqing.notify.queries import addresses_of, job, wishes_of
from minqing.notify.rules import Outside, Wish
from minqing.privacy.access import acting_as


@dataclass(frozen=True, slots=True)
class Told:
    """``channels``: those that a message was queued for. ``again``: the same id had been used before."""

    id: UUID
    channels: tuple[Channel, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice that was checked and is not yet stored."""

    id: UUID
    kind: Kind
    subject: str
    params: dict[str, Any]
    link: str
    at: datetime


def notice_id(cause: UUID, account: UUID) -> UUID:
    """The id of what ``account`` is told because of ``cause`` (an event's id): the same whenever it is asked."""
    return uuid.uuid5(cause, f"notice:{account}")


@transaction.atomic
def send_notice(
    *,
    id: UUID,
    to: UUID | Outside,
    kind: str,
    subject: str,
    params: Mapping[str, Any],
    link: str,
    by: Actor,
    at: datetime | None = None,
) -> Told:
    """Tell one person. Stores, in this order and one transaction: the notice in the app (accounts only), a message
    for each channel that is set up, wanted and has an address, one event. A second call with ``id`` changes nothing.

    ``to`` is an account, or an address outside. ``params`` are what ``kind`` names: numbers, counts, ISO days and area
    ids alone. ``link`` is a path of ours; for somebody outside it may be a private link, which is kept encrypted.
    Where the kind ``repeats``, the notice takes the place of an unread one of the same record. An account that is
    closed is told nothing. Raises Invalid for what is not registered or does not fit.
    """
    outside = isinstance(to, Outside)
    if not rules.is_own_path(link, private=outside):
        raise Invalid("notice_link")
    found = kind_of(kind)
    draft = Draft(id, found, subject[:80], found.clean(params), link, at or clock.now())
    with acting_as(job()):
        told = tell_outside(draft, to) if isinstance(to, Outside) else tell_account(draft, to)
    if told is None:
        return Told(id)
    if not told.again:
        data: dict[str, Json] = {
            "kind": kind,
            "about": draft.subject,
            "to": "outside" if outside else str(to),
            "channels": [channel.value for channel in told.channels],
        }
        record(type="notify.notice.sent", subject=f"notice:{id}", by=by, data=data, at=draft.at)
    return told


def send_notices(
    *,
    cause: UUID,
    to: Collection[UUID],
    kind: str,
    subject: str,
    params: Mapping[str, Any],
    link: str,
    by: Actor,
    at: datetime | None = None,
) -> list[Told]:
    """Tell several accounts of one ``cause`` (an event's id), each once however often this is called."""
    at = at or clock.now()
    return [
        send_notice(
            id=notice_id(cause, account), to=account, kind=kind, subject=subject, params=params, link=link, by=by, at=at
        )
        for account in dict.fromkeys(to)
    ]


def tell_account(draft: Draft, account: UUID) -> Told | None:
    person = person_of(account)
    if person is None:
        return None
    notice, made = Notice.objects.get_or_create(
        pk=draft.id,
        defaults={
            "account": account,
            "kind": draft.kind.code,
            "subject": draft.subject,
            "params": draft.params,
            "link": draft.link,
            "made_at": draft.at,
        },
    )
    if notice.account != account or notice.kind != draft.kind.code:
        raise Conflict("notice_used")
    if not made:
        return Told(draft.id, again=True)
    if draft.kind.repeats:
        unread = Notice.objects.filter(account=account, kind=draft.kind.code, subject=draft.subject, read_at=None)
        unread.exclude(pk=draft.id).update(read_at=draft.at, replaced_by=draft.id)
    rows = list(wanted(draft, account, person))
    Outgoing.objects.bulk_create(rows)
    return Told(draft.id, tuple(Channel(row.channel) for row in rows))


def wanted(draft: Draft, account: UUID, person: Person) -> Iterable[Outgoing]:
    """A message for each channel that is set up, has an address, and is wanted."""
    usable = carriers.channels()
    if not usable:
        return
    reached, wishes = addresses_of(account, person), wishes_of(account)
    for channel in usable:
        if channel not in reached:
            continue
        if row := queued(draft, channel, wishes[channel], person.language, account=account):
            yield row


def tell_outside(draft: Draft, to: Outside) -> Told | None:
    """Nobody outside has a page of choices: at once, outside the night."""
    if not draft.kind.outside:
        raise Invalid("notice_kind")
    if to.channel not in carriers.channels() or not to.address:
        return None
    wish = Wish(Mode.AT_ONCE)
    row = queued(draft, to.channel, wish, to.language, address=to.address, link=draft.link)
    if row is None:
        return None
    # the key decides, also between two that come at once
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    if not Outgoing.objects.filter(pk=row.pk).exists():
        return Told(draft.id, again=True)
    return Told(draft.id, (to.channel,))


def queued(draft: Draft, channel: Channel, wish: Wish, language: str, **whom: Any) -> Outgoing | None:
    planned = rules.plan(wish, kind=draft.kind.code, urgent=draft.kind.urgent, at=draft.at)
    if planned is None:
        return None
    move, due = planned
    return Outgoing(
        key=f"{draft.id}:{channel}",
        notice=draft.id,
        channel=channel.value,
        kind=draft.kind.code,
        params=draft.params,
        language=language,
        state=lifecycle.TRANSITIONS[None, move],
        next_at=due,
        made_at=draft.at,
        **whom,
    )

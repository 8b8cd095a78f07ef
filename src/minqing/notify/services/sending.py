"""Telling somebody something: the notice in the app and a message for each channel they want, or none of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.journal.services import Json, record, record_all
from minqing.notify import carriers, rules
from minqing.notify.enums import Channel, Mode
from minqing.notify.kinds import KINDS, NoticeKind
from minqing.notify.lifecycle import MESSAGE
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import addresses_among, addresses_of, job, wishes_among, wishes_of
from minqing.notify.queries.recipients import Person, people_of, person_of
from minqing.notify.rules import Outside, Wish
from minqing.privacy.access import acting_as
from minqing.privacy.withholding import is_withheld, withheld_among


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
    kind: NoticeKind
    subject: str
    params: dict[str, object]
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
    params: Mapping[str, object],
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
    found = KINDS.of(kind)
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


@transaction.atomic
def send_notices(
    *,
    cause: UUID,
    to: Collection[UUID],
    kind: str,
    subject: str,
    params: Mapping[str, object],
    link: str,
    by: Actor,
    at: datetime | None = None,
) -> list[Told]:
    """Tell several accounts of one ``cause`` (an event's id), each once however often this is called.

    As :func:`send_notice`, in as many statements for a hundred as for one.
    """
    if not rules.is_own_path(link, private=False):
        raise Invalid("notice_link")
    found, at = KINDS.of(kind), at or clock.now()
    cleaned = found.clean(params)
    drafts = {
        account: Draft(notice_id(cause, account), found, subject[:80], cleaned, link, at)
        for account in dict.fromkeys(to)
    }
    if not drafts:
        return []
    with acting_as(job()):
        told = tell_accounts(drafts)
    fresh = [(account, one) for account, one in told.items() if not one.again]
    about: list[tuple[str, Mapping[str, Json]]] = [
        (
            f"notice:{one.id}",
            {
                "kind": kind,
                "about": subject[:80],
                "to": str(account),
                "channels": [channel.value for channel in one.channels],
            },
        )
        for account, one in fresh
    ]
    if about:
        record_all(type="notify.notice.sent", about=about, by=by, at=at)
    return [told.get(account, Told(draft.id)) for account, draft in drafts.items()]


@dataclass(frozen=True, slots=True)
class Letter:
    """To one person outside: ``id`` and ``link`` as :func:`send_notice` takes them."""

    id: UUID
    to: Outside
    link: str


@transaction.atomic
def send_letters(
    *,
    letters: Collection[Letter],
    kind: str,
    subject: str,
    params: Mapping[str, object],
    by: Actor,
    at: datetime | None = None,
) -> list[Told]:
    """Tell several people outside the same, each once however often this is called. Returns what is new.

    As :func:`send_notice`, in as many statements for a hundred as for one.
    """
    if not all(rules.is_own_path(one.link, private=True) for one in letters):
        raise Invalid("notice_link")
    found, at = KINDS.of(kind), at or clock.now()
    cleaned = found.clean(params)
    drafts = {one.id: Draft(one.id, found, subject[:80], cleaned, one.link, at) for one in letters}
    with acting_as(job()):
        told = tell_all_outside(drafts, letters)
    about: list[tuple[str, Mapping[str, Json]]] = [
        (
            f"notice:{one.id}",
            {"kind": kind, "about": subject[:80], "to": "outside", "channels": [two.value for two in one.channels]},
        )
        for one in told
    ]
    if about:
        record_all(type="notify.notice.sent", about=about, by=by, at=at)
    return told


def tell_all_outside(drafts: Mapping[UUID, Draft], letters: Collection[Letter]) -> list[Told]:
    """What :func:`tell_outside` does, of several at once; those alone whose key was free."""
    usable, withheld = carriers.channels(), withheld_among(one.to.address for one in letters)
    rows = [
        (one, row)
        for one in letters
        if one.to.channel in usable and one.to.address and one.to.address not in withheld
        if (row := outside(drafts[one.id], one.to)) is not None
    ]
    Outgoing.objects.bulk_create([row for _one, row in rows], ignore_conflicts=True)
    made = set(Outgoing.objects.filter(pk__in=[row.pk for _one, row in rows]).values_list("pk", flat=True))
    return [Told(one.id, (one.to.channel,)) for one, row in rows if row.pk in made]


def outside(draft: Draft, to: Outside) -> Outgoing | None:
    """Nobody outside has a page of choices: at once, outside the night."""
    if not draft.kind.outside:
        raise Invalid("notice_kind")
    return queued(draft, to.channel, Wish(Mode.AT_ONCE), to.language, address=to.address, link=draft.link)


def tell_accounts(drafts: Mapping[UUID, Draft]) -> dict[UUID, Told]:
    """By account, without those that are closed."""
    people = people_of(list(drafts))
    before = {row.pk: row for row in Notice.objects.filter(pk__in=[one.id for one in drafts.values()])}
    told, rows = {}, []
    for account, person in people.items():
        draft = drafts[account]
        if (kept := before.get(draft.id)) is None:
            rows.append((account, person, draft))
            continue
        if kept.account != account or kept.kind != draft.kind.code:
            raise Conflict("notice_used")
        told[account] = Told(draft.id, again=True)
    Notice.objects.bulk_create([notice_of(draft, account) for account, _person, draft in rows])
    replace_unread([draft for _account, _person, draft in rows], [account for account, _person, _draft in rows])
    usable = carriers.channels()
    fresh: dict[UUID, Person | None] = {account: person for account, person, _draft in rows}
    reached, wishes = (addresses_among(fresh), wishes_among(list(fresh))) if usable and fresh else ({}, {})
    messages = []
    for account, person, draft in rows:
        own = messages_for(draft, account, person, reached.get(account, {}), wishes.get(account, {}), usable)
        messages += own
        told[account] = Told(draft.id, tuple(Channel(row.channel) for row in own))
    Outgoing.objects.bulk_create(messages)
    return told


def replace_unread(drafts: Sequence[Draft], accounts: Sequence[UUID]) -> None:
    """Of one thing told again (``repeats``) the new notices take the places of the unread ones; all are of one kind."""
    if not drafts or not drafts[0].kind.repeats:
        return
    made = [one.id for one in drafts]
    unread = Notice.objects.filter(
        account__in=accounts, kind=drafts[0].kind.code, subject=drafts[0].subject, read_at=None
    )
    instead = Notice.objects.filter(pk__in=made, account=OuterRef("account")).values("pk")[:1]
    unread.exclude(pk__in=made).update(read_at=drafts[0].at, replaced_by=Subquery(instead))


def notice_of(draft: Draft, account: UUID) -> Notice:
    return Notice(
        pk=draft.id,
        account=account,
        kind=draft.kind.code,
        subject=draft.subject,
        params=draft.params,
        link=draft.link,
        made_at=draft.at,
    )


def messages_for(
    draft: Draft,
    account: UUID,
    person: Person,
    reached: Mapping[Channel, str],
    wishes: Mapping[Channel, Wish],
    usable: Iterable[Channel],
) -> list[Outgoing]:
    """A message for each channel that is set up, has an address, and is wanted."""
    wanted = (
        queued(draft, channel, wishes[channel], person.language, account=account)
        for channel in usable
        if channel in reached
    )
    return [row for row in wanted if row is not None]


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
    rows = wanted(draft, account, person)
    Outgoing.objects.bulk_create(rows)
    return Told(draft.id, tuple(Channel(row.channel) for row in rows))


def wanted(draft: Draft, account: UUID, person: Person) -> list[Outgoing]:
    usable = carriers.channels()
    if not usable:
        return []
    return messages_for(draft, account, person, addresses_of(account, person), wishes_of(account), usable)


def tell_outside(draft: Draft, to: Outside) -> Told | None:
    row = outside(draft, to)
    if to.channel not in carriers.channels() or not to.address or is_withheld(to.address):
        return None
    if row is None:
        return None
    # the key decides, also between two that come at once
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    if not Outgoing.objects.filter(pk=row.pk).exists():
        return Told(draft.id, again=True)
    return Told(draft.id, (to.channel,))


def queued(draft: Draft, channel: Channel, wish: Wish, language: str, **whom: object) -> Outgoing | None:
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
        state=MESSAGE.born(move),
        next_at=due,
        made_at=draft.at,
        **whom,
    )

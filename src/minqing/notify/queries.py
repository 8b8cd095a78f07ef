"""Reading notices, wishes, addresses and the outbox. All of it behind the second wall: one's own, or the job's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Count, QuerySet

from minqing.core.actor import Actor
from minqing.notify.enums import Channel, Mode, State
from minqing.notify.models import Address, Choice, Notice, Outgoing
from minqing.notify.people import Person, person_of
from minqing.notify.rules import Wish, default_wish

# the name under which the wall opens the outbox
JOB = "notify"
MOST_SHOWN = 99


def job() -> Actor:
    """The system as the job of this room; it sees notices, wishes, addresses and the outbox, and nothing else."""
    return Actor.system(JOB)


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Somebody's own notices, the latest first, without those that a later one stands for."""
    if actor.id is None:
        return Notice.objects.none()
    return Notice.objects.filter(account=actor.id, replaced_by=None).order_by("-made_at", "-id")


def unread_count(actor: Actor) -> int:
    """Up to one more than is shown: nobody reads the difference between 300 and 400."""
    return notices_of(actor).filter(read_at__isnull=True).order_by()[: MOST_SHOWN + 1].count()


def wishes_of(account: UUID) -> dict[Channel, Wish]:
    """How an account wants to be told through each channel."""
    return wishes_among([account])[account]


def wishes_among(accounts: Collection[UUID]) -> dict[UUID, dict[Channel, Wish]]:
    """The same of several, in one query."""
    rows = {(row.account, row.channel): row for row in Choice.objects.filter(account__in=accounts)}
    return {
        account: {channel: wish_of(rows.get((account, channel.value)), channel) for channel in Channel}
        for account in accounts
    }


def wish_of(row: Choice | None, channel: Channel) -> Wish:
    if row is None:
        return default_wish(channel)
    return Wish(Mode(row.mode), frozenset(row.kinds_off), row.quiet_from, row.quiet_to)


def addresses_of(account: UUID, person: Person | None) -> dict[Channel, str]:
    """Where an account is reached; its own telephone number stands in for one that nobody gave for messages."""
    return addresses_among({account: person})[account]


def addresses_among(people: Mapping[UUID, Person | None]) -> dict[UUID, dict[Channel, str]]:
    """The same of several, in one query."""
    found: dict[UUID, dict[Channel, str]] = {account: {} for account in people}
    for row in Address.objects.filter(account__in=list(people)):
        found[row.account][Channel(row.channel)] = row.address
    for account, person in people.items():
        if person is not None and person.phone:
            found[account].setdefault(Channel.SMS, person.phone)
    return {
        account: {channel: address for channel, address in reached.items() if address}
        for account, reached in found.items()
    }


def address_on(account: UUID, channel: Channel) -> str:
    """Empty where it is not known, and for an account that is closed."""
    person = person_of(account)
    return addresses_of(account, person).get(channel, "") if person else ""


def message_of(notice: UUID) -> Outgoing:
    """The message to somebody outside, by the notice's id."""
    return Outgoing.objects.get(notice=notice)


def parked() -> QuerySet[Outgoing]:
    """What was given up and waits for the operator, the oldest first."""
    return Outgoing.objects.filter(state=State.PARKED).order_by("made_at", "id")


def failing_carriers() -> list[tuple[str, str, int]]:
    """Channel, code and how many messages wait for another try after more than one that failed."""
    failing = Outgoing.objects.filter(state=State.FAILED, tries__gte=2)
    return list(failing.values_list("channel", "error").annotate(Count("id")).order_by("channel", "error"))


def outbox_counts() -> Mapping[str, int]:
    """Messages by state, without those that are over."""
    waiting = Outgoing.objects.filter(state__in=[State.HELD, State.QUEUED, State.SENDING, State.FAILED, State.PARKED])
    return dict(waiting.values_list("state").annotate(Count("id")).order_by("state"))

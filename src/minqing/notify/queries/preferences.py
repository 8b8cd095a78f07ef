"""An account's preferences for notices, and its addresses. Row-level security opens them to it and to the job."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from minqing.notify.enums import Channel, Mode
from minqing.notify.models import Address, Choice
from minqing.notify.queries.recipients import Person, person_of
from minqing.notify.rules import Wish, default_wish


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

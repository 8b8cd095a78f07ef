"""Changing one's preferences for notices, and the addresses they go to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import FormatError, Invalid
from minqing.core.formats import check_phone
from minqing.core.retry import one_at_a_time
from minqing.journal.services import Json, record
from minqing.notify import kinds
from minqing.notify.enums import Channel, Mode
from minqing.notify.models import Address, Choice, Notice, Outgoing
from minqing.notify.queries import job
from minqing.notify.rules import default_wish, may_keep
from minqing.privacy.access import acting_as

LONGEST_ADDRESS = 200


@transaction.atomic
def save_choices(
    *,
    account: UUID,
    modes: Mapping[Channel, Mode],
    kinds_off: Collection[str],
    quiet: tuple[time, time] | None,
    by: Actor,
    at: datetime | None = None,
) -> None:
    """Keep how ``account`` wants to be told: a mode for each channel given, the kinds that stay in the app, the hours
    of silence (local, may span midnight; None: never). Saving the same again appends no event.
    """
    may_keep(by, account).require()
    known = {kind.code for kind in kinds.choosable()}
    off = sorted(known & set(kinds_off))
    values = {
        "kinds_off": off,
        "quiet_from": quiet[0] if quiet else None,
        "quiet_to": quiet[1] if quiet else None,
    }
    with opened(by):
        changed = [channel.value for channel, mode in modes.items() if put(account, channel, mode=mode.value, **values)]
    if changed:
        data: dict[str, Json] = {"channels": [*sorted(changed)], "kinds_off": list(off), "quiet": quiet is not None}
        record(type="notify.choices.saved", subject=f"account:{account}", by=by, data=data, at=at)


def opened(by: Actor) -> AbstractContextManager[Actor]:
    """The wall shows people their own rows; the system asks as this room's job."""
    return acting_as(job() if by.kind == "system" else by)


def put(account: UUID, channel: Channel, **values: object) -> bool:
    """Save one row; whether that changed anything."""
    row, made = Choice.objects.select_for_update().get_or_create(
        account=account, channel=channel.value, defaults=values
    )
    if made:
        return True
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return True


@transaction.atomic
def save_address(*, account: UUID, channel: Channel, address: str, by: Actor, at: datetime | None = None) -> None:
    """Keep where ``account`` is reached through ``channel``; empty forgets it. The event does not hold the address."""
    may_keep(by, account).require()
    address = checked_address(channel, address.strip())
    at = at or clock.now()
    with opened(by):
        changed = put_address(account, channel, address, at=at)
    if changed:
        verb, data = "saved" if address else "removed", {"channel": channel.value}
        record(type=f"notify.address.{verb}", subject=f"account:{account}", by=by, data=data, at=at)


def put_address(account: UUID, channel: Channel, address: str, *, at: datetime) -> bool:
    """Save, change or delete one row; whether that changed anything."""
    one_at_a_time(f"notify.address:{account}:{channel.value}")
    row = Address.objects.select_for_update().filter(account=account, channel=channel.value).first()
    if address == (row.address if row else ""):
        return False
    if row is None:
        Address.objects.create(account=account, channel=channel.value, address=address, saved_at=at)
    elif address:
        row.address, row.saved_at = address, at
        row.save(update_fields=["address", "saved_at"])
    else:
        row.delete()
    return True


def checked_address(channel: Channel, address: str) -> str:
    """As it is stored; raises Invalid with a sentence for what no message could reach."""
    if not address:
        return ""
    if channel is Channel.SMS:
        number = check_phone(address)
        if not (len(number) == 11 and number.startswith("1")):
            raise FormatError("phone_mobile", _("Messages reach mobile numbers only: eleven digits, the first a 1."))
        return number
    if channel is Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            raise FormatError("email", _("This is no e-mail address. Please check it.")) from None
    if len(address) > LONGEST_ADDRESS or any(sign.isspace() or not sign.isprintable() for sign in address):
        raise Invalid("address", _("This address is too long or has spaces in it."))
    return address


def turned_off(*, account: UUID, channel: Channel, kind: str, at: datetime) -> None:
    """The carrier says that the receiver does not want this: kept as if chosen here, in the caller's transaction."""
    usual = default_wish(channel)
    row, _made = Choice.objects.select_for_update().get_or_create(
        account=account,
        channel=channel.value,
        defaults={"mode": usual.mode.value, "quiet_from": usual.quiet_from, "quiet_to": usual.quiet_to},
    )
    if kind in {one.code for one in kinds.choosable()}:
        row.kinds_off = sorted({*row.kinds_off, kind})
    else:
        row.mode = Mode.OFF
    row.save(update_fields=["kinds_off", "mode"])


@transaction.atomic
def forget_account(*, account: UUID, by: Actor, at: datetime | None = None) -> None:
    """Erase what this room knows of an account: addresses, choices, notices, messages. The journal keeps ids only."""
    may_keep(by, account).require()
    with acting_as(job()):
        for model in (Address, Choice, Notice, Outgoing):
            model._default_manager.filter(account=account).delete()
    record(type="notify.account.forgotten", subject=f"account:{account}", by=by, at=at)

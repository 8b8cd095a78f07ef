"""One person at a time: taken on with a post, changed, given and relieved of posts, switched off, given a password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.org.enums import Role
from minqing.org.hooks import held_of_person, held_of_unit
from minqing.org.models import Account, Area, Post, Unit
from minqing.org.queries import account_by_username
from minqing.org.queries.upkeep import units_alone
from minqing.org.rules import Holding, clean_name, may_go, may_manage, may_switch_off
from minqing.org.services.people import save_account, save_post, start_password


@sent_once(made=lambda given: account_by_username(given["username"] or given["staff_number"]))
def add_person(
    *,
    id: UUID,
    name: str,
    username: str,
    staff_number: str,
    phone: str,
    unit: Unit,
    area: Area,
    role: Role,
    title: str,
    by: Actor,
) -> Account:
    """An account with its first post; one whose name or number another has is refused, and not changed."""
    may_manage(by).require()
    account, outcome = save_account(
        name=name, username=username or staff_number, staff_number=staff_number, phone=phone, is_active=True, by=by
    )
    if outcome != "created":
        # taken back with the transaction: two at once meet at the row
        raise Conflict("account_taken", _("Somebody has this user name or staff number already. Look in the list."))
    save_post(account=account, unit=unit, area=area, role=role, title=title, by=by)
    return account


@transaction.atomic
def change_person(*, account: Account, name: str, by: Actor, phone: str = "") -> Account:
    """The name, and the telephone number if there is a new one."""
    may_manage(by).require()
    account = Account.objects.select_for_update().get(pk=account.pk)
    said = {"name": clean_name(name)} | ({"phone": phone} if phone else {})
    changed = [field for field, value in said.items() if getattr(account, field) != value]
    if changed:
        for field in changed:
            setattr(account, field, said[field])
        account.save()
        record_of_account(account, "updated", by=by, data={"fields": [*changed]})
    return account


@sent_once()
def give_post(
    *, id: UUID, account: Account, unit: Unit, area: Area, role: Role, title: str, since: date, by: Actor
) -> Post:
    """One more post; the same again changes its title or first day and nothing else."""
    return save_post(account=account, unit=unit, area=area, role=role, title=title, since=since, by=by)[0]


@transaction.atomic
def switch_off_account(*, account: Account, by: Actor) -> Account:
    """Nobody signs in with it any more. Refused while something would be left without anybody."""
    may_manage(by).require()
    may_switch_off(by, account.pk).require()
    # what is put into somebody's hands refers to this row, and waits for it
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.is_active:
        may_go(left_behind(account)).require()
        account.is_active = False
        account.save(update_fields=["is_active"])
        record_of_account(account, "switched_off", by=by)
    return account


@transaction.atomic
def switch_on_account(*, account: Account, by: Actor) -> Account:
    may_manage(by).require()
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])
        record_of_account(account, "switched_on", by=by)
    return account


def left_behind(account: Account) -> list[Holding]:
    """What is somebody's, and what their units have in hand where nobody else handles matters."""
    held = held_of_person(account.pk)
    for unit in units_alone(account):
        open_ones = sum(one.count for one in held_of_unit(unit.pk) if one.stops)
        label = format_lazy(_("Open with {unit}, where nobody else handles matters"), unit=unit.name)
        held.append(Holding(label, open_ones, _("Give somebody else a post in that unit first.")))
    return [one for one in held if one.count]


# a password is never shown again: whoever sends the form a second time is told so
@sent_once(made=lambda _given: ())
def give_start_passwords(*, id: UUID, accounts: Sequence[Account], by: Actor) -> Sequence[tuple[Account, str]]:
    """A new password for each, to be changed at the first sign-in; sessions opened before end at once.

    Returned this once, and kept nowhere but as a digest. Empty where this very form was sent before.
    """
    may_manage(by).require()
    rows = Account.objects.select_for_update().filter(pk__in=[one.pk for one in accounts], is_active=True)
    given = []
    for account in rows.order_by("pk"):
        password = start_password()
        account.set_password(password)
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
        record_of_account(account, "password_set", by=by, data={"start": True})
        given.append((account, password))
    return sorted(given, key=lambda pair: pair[0].name)


def record_of_account(account: Account, what: str, *, by: Actor, data: Mapping[str, Json] | None = None) -> None:
    record(type=f"org.account.{what}", subject=f"account:{account.pk}", by=by, data=data)

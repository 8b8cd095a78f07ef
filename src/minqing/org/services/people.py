"""Accounts and the posts they hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.ids import short_code
from minqing.journal.services import record
from minqing.org.enums import Role
from minqing.org.hooks import held_of_person
from minqing.org.models import Account, Area, Post, Unit
from minqing.org.queries.upkeep import last_one
from minqing.org.rules import clean_name, clean_username, may_go, may_manage, may_switch_off
from minqing.org.services.upsert import KEEP, Keep, Outcome, record_change, upsert


@transaction.atomic
def save_account(
    *,
    name: str,
    by: Actor,
    staff_number: str = "",
    username: str = "",
    phone: str | Keep = KEEP,
    language: str | Keep = KEEP,
    is_active: bool | Keep = KEEP,
) -> tuple[Account, Outcome]:
    """Make or change the account of a staff number, or of a user name where there is none.

    A new account cannot sign in until :func:`set_password`; its user name is the staff number unless given.
    """
    may_manage(by).require()
    if not (staff_number or username):
        raise Invalid("no_key", _("An account needs a staff number or a user name."))
    clean_username(username)
    key: dict[str, object] = {"staff_number": staff_number} if staff_number else {"username": username}
    refuse_taken(username=username or staff_number, staff_number=staff_number)
    values = {
        "name": clean_name(name),
        "username": username or KEEP,
        "phone": phone,
        "language": language,
        "is_active": is_active,
    }
    only_new = {"password": make_password(None), "username": username or staff_number}
    account, outcome, changed = upsert(Account, key=key, values=without(values, key), only_new=without(only_new, key))
    if "is_active" in changed and not account.is_active:
        may_switch_off(by, account.id).require()
    record_change("account", f"account:{account.id}", outcome, by=by, changed=changed)
    return account, outcome


def without(values: dict[str, Any], key: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in key}


def refuse_taken(*, username: str, staff_number: str) -> None:
    """A user name that belongs to somebody with another staff number is not taken over."""
    if staff_number and Account.objects.filter(username=username).exclude(staff_number=staff_number).exists():
        raise Conflict("username_taken", _("This user name belongs to another account. Choose another one."))


def start_password() -> str:
    """Three groups of readable characters, sixty bits: ``K7QF-M2XN-9RTW``."""
    code = short_code(12)
    return "-".join(code[at : at + 4] for at in range(0, 12, 4))


@transaction.atomic
def set_password(*, account: Account, password: str, by: Actor, for_good: bool = False) -> Account:
    """Give an account a password; sessions opened with the former one end at once.

    Somebody else knows it, so nothing opens before it was changed, unless it is ``for_good``.
    """
    may_manage(by).require()
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid("weak_password", " ".join(error.messages)) from error
    account.set_password(password)
    account.must_change_password = not for_good
    account.save(update_fields=["password", "must_change_password"])
    record(type="org.account.password_set", subject=f"account:{account.id}", by=by)
    return account


@transaction.atomic
def choose_language(*, account: Account, language: str, by: Actor) -> Account:
    """The language somebody wants to read from now on, on every device; nobody else's choice."""
    if by.id != account.pk:
        raise Refused
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.language != language:
        account.language = language
        account.save(update_fields=["language"])
        record(type="org.account.language_chosen", subject=f"account:{account.id}", by=by, data={"language": language})
    return account


@transaction.atomic
def save_post(
    *,
    account: Account,
    unit: Unit | None,
    area: Area | None,
    role: Role,
    by: Actor,
    title: str | Keep = KEEP,
    since: date | Keep = KEEP,
) -> tuple[Post, Outcome]:
    """Give somebody a post, or change the title or first day of the one they hold. Only an operator's has no place."""
    may_manage(by).require()
    if role is not Role.OPERATOR and not (unit and area):
        raise Invalid("no_place", _("A post is in a unit and an area; only an operator's may have none."))
    place = {"unit_id": unit.id if unit else None, "area_id": area.id if area else None}
    key = {"account_id": account.id, **place, "role": role.value, "until": None}
    post, outcome, changed = upsert(Post, key=key, values={"title": title, "since": since})
    record_change(
        "post",
        f"post:{post.id}",
        outcome,
        by=by,
        changed=changed,
        account=str(account.id),
        unit=place["unit_id"],
        area=place["area_id"],
        role=role.value,
    )
    return post, outcome


@transaction.atomic
def end_post(*, post: Post, by: Actor, on: date | None = None) -> Post:
    """End a post with a day (by default yesterday, which takes its rights away at once). Repeating changes nothing."""
    may_manage(by).require()
    until = on or clock.today() - timedelta(days=1)
    post = Post.objects.select_for_update().get(id=post.id)
    if post.until != until:
        if last_one(post, until):
            may_go(held_of_person(post.account_id)).require()
        post.until = until
        post.save(update_fields=["until"])
        data = {"account": str(post.account_id), "until": until.isoformat()}
        record(type="org.post.ended", subject=f"post:{post.id}", by=by, data=data)
    return post

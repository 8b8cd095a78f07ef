"""Opening and closing accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.core.retry import all_at_a_time, one_at_a_time
from minqing.households.queries import visible_resident
from minqing.journal.services import record
from minqing.org.queries import system_actor
from minqing.points.enums import HOUSE, OWNED, AccountKind, Code
from minqing.points.models import Account, Holder
from minqing.points.queries import balance_of
from minqing.points.services.history import open_accounts
from minqing.points.services.holds import lapse
from minqing.points.services.transfers import Posting, post_transfers
from minqing.privacy.access import acting_as


@transaction.atomic
def house_account(*, kind: AccountKind, by: Actor) -> Account:
    """The county's one account of that kind, opened when it is first wanted. Event: ``points.account.opened``."""
    if kind not in HOUSE:
        raise Invalid("points_kind")
    found = Account.objects.filter(kind=kind).first()
    if found is None:
        one_at_a_time(f"points.{kind}")
        found = Account.objects.filter(kind=kind).first() or opened(kind, by)
    return found


def named_lock(named: Mapping[str, object]) -> str:
    """Within this name somebody's account is opened, once."""
    return f"points.{dict(named)}"


@transaction.atomic
def open_account(
    *,
    kind: AccountKind,
    area: int,
    by: Actor,
    resident: UUID | None = None,
    household: UUID | None = None,
    unit: int | None = None,
    name: str = "",
) -> Account:
    """The account of one holder: somebody who has one already has this one. Event: ``points.account.opened``."""
    whose = {"resident_id": resident, "household_id": household, "unit_id": unit}
    named = {key: value for key, value in whose.items() if value is not None}
    if kind in HOUSE or named.keys() != EXPECTED.get(kind, set()) or bool(name) is bool(named):
        raise Invalid("points_holder")
    if named:
        one_at_a_time(named_lock(named))
        if (held := Holder.objects.filter(**named).select_related("account").first()) is not None:
            return held.account
    account = opened(kind, by)
    Holder.objects.create(account=account, area_id=area, name=name, **named)
    return account


def accounts_of_people(*, people: Mapping[UUID, int], by: Actor, at: datetime) -> dict[UUID, int]:
    """The own accounts of many, each with the area where it is opened if it is not there yet; as many statements for
    one as for all. Events: ``points.account.opened``.
    """
    all_at_a_time([named_lock({"resident_id": one}) for one in sorted(people)])
    found = dict(Holder.objects.filter(resident__in=people).values_list("resident", "account"))
    new = [(one, area) for one, area in people.items() if one not in found]
    return found | dict(zip((one for one, _area in new), open_accounts(new, by=by, at=at) if new else (), strict=True))


@transaction.atomic
def own_account(*, resident: UUID, by: Actor) -> int:
    """Somebody's own account, opened where they live when it is first wanted, also to know by it what they had while
    the household's pays. For who stands at the door of their household. Event: ``points.account.opened``.
    """
    with acting_as(system_actor("points.own")) as system:
        who = visible_resident(system, resident)
        if by.kind != "resident" or by.household != who.household_id:
            raise NotFound("no_resident")
        return open_account(kind=AccountKind.RESIDENT, area=who.area_id, resident=resident, by=by).pk


# whose an account of the kind must be; the others bear a name
EXPECTED = {
    AccountKind.RESIDENT: {"resident_id"},
    AccountKind.HOUSEHOLD: {"household_id"},
    AccountKind.UNIT: {"unit_id"},
}


def opened(kind: AccountKind, by: Actor) -> Account:
    account = Account.objects.create(kind=kind)
    record(type="points.account.opened", subject=f"points_account:{account.pk}", by=by, data={"kind": str(kind)})
    return account


@transaction.atomic
def close_account(*, account: int, by: Actor, at: datetime | None = None) -> None:
    """From now on it takes and gives nothing. Somebody's points are not shut away: they are given up or moved first.

    Event: ``points.account.closed``.
    """
    at = at or clock.now()
    closing = Account.objects.select_for_update().get(pk=account)
    if closing.closed_at is not None:
        return
    # from here on whoever uses the account has ended, or finds it closed
    Account.objects.filter(pk=account).update(closed_at=at)
    if closing.kind in OWNED and balance_of(account).posted:
        raise Conflict("points_left", _("There are points in this account. Move them to another one first."))
    record(type="points.account.closed", subject=f"points_account:{account}", by=by, at=at)


@transaction.atomic
def follow_holders(*, household: UUID, area: int, by: Actor) -> int:
    """Take the accounts of a household and its people along to its new area, which is the wall around them.

    Event: ``points.household.followed``, if any was left behind.
    """
    of_household = Q(household=household) | Q(resident__household=household)
    went = Holder.objects.filter(of_household).exclude(area=area).update(area=area)
    if went:
        record(
            type="points.household.followed",
            subject=f"household:{household}",
            by=by,
            data={"area": area, "accounts": went},
        )
    return went


@transaction.atomic
def forget_holder(*, account: int, by: Actor, at: datetime) -> None:
    """Nobody is the holder any more: what is left is given up, and the account closed.

    Event: ``points.account.closed``.
    """
    lapse(account)
    rest = balance_of(account).available
    if rest:
        to = house_account(kind=AccountKind.BREAKAGE, by=by).pk
        posting = Posting(account, to, rest, Code.GIVE_UP)
        post_transfers(caller="points", key=f"forget:{account}", postings=[posting], by=by).checked()
    close_account(account=account, by=by, at=at)
    Holder.objects.filter(account=account).delete()

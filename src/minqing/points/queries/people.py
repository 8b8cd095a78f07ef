"""Whose points these are: the accounts of a household and its people, and what came and went in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.households.queries.files import family_of
from minqing.households.queries.merges import stands_as
from minqing.org.queries import system_actor
from minqing.points.enums import OWNED, AccountKind
from minqing.points.models import Holder, Request, Transfer
from minqing.points.queries import Entry, Holding, balance_of, coming_days, statement_of, visible_holders
from minqing.points.rules import may_be_named
from minqing.privacy.access import acting_as

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Purse:
    """An account of somebody with all that they see of it."""

    account: int
    kind: AccountKind
    holding: Holding
    days: Sequence[tuple[date, int]]
    wish: str
    named: bool


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry, and the name of the shop, fund or activity on its other side."""

    entry: Entry
    with_whom: str


def purses_of(actor: Actor, *, household: UUID, resident: UUID | None = None) -> list[Purse]:
    """The accounts of a household and of one of its people, or of all of them."""
    held = held_at(actor, household)
    if resident:
        open_ones = visible_holders(actor).filter(account__closed_at=None)
        held = open_ones.filter(Q(resident=resident) | Q(household=household))
    return [purse(one) for one in held.select_related("account", "resident").order_by("resident_id", "pk")]


def held_by(residents: Iterable[UUID], households: Iterable[UUID]) -> QuerySet[Holder]:
    """The accounts of these people and of these households, of those whom the caller sees; closed ones too."""
    return Holder.objects.filter(Q(resident__in=residents) | Q(household__in=households)).order_by("pk")


@dataclass(frozen=True, slots=True)
class Payer:
    """An account from which somebody may pay, and what is free in it."""

    account: int
    kind: AccountKind
    available: int


def payers_of(actor: Actor, *, household: UUID, resident: UUID) -> list[Payer]:
    """From which accounts somebody may pay: their own, then the household's."""
    held = visible_holders(actor).filter(Q(resident=resident) | Q(household=household), account__closed_at=None)
    rows = held.order_by("resident_id", "pk").values_list("account_id", "account__kind")
    return [Payer(account, AccountKind(kind), balance_of(account).available) for account, kind in rows]


def payer_with(payers: Sequence[Payer], points: int) -> Payer | None:
    """The one that pays so much: the person's own before the household's, whichever has enough. None where neither."""
    return next((one for one in payers if one.available >= points), None)


def purse(holder: Holder) -> Purse:
    account = holder.account_id
    balance, days = balance_of(account), coming_days(account)
    return Purse(account, AccountKind(holder.account.kind), balance, days, holder.wish, can_be_named(holder))


def can_be_named(holder: Holder) -> bool:
    """Whether the holder is a person whose name may stand on a wall."""
    return holder.resident is not None and may_be_named(holder.resident.born_on, clock.today())


def holder_for(actor: Actor, account: int) -> Holder:
    """Whose account it is, a person's or a household's. Raises NotFound for what the actor may not know of."""
    rows = visible_holders(actor).filter(pk=account, account__kind__in=[str(one) for one in OWNED])
    found = rows.select_related("account", "resident__household", "household", "area").first()
    if found is None:
        raise NotFound("points_account")
    return found


def home_of(holder: Holder) -> Any:
    """The household of an account that is somebody's."""
    return holder.resident.household if holder.resident else holder.household


def lives_there(holder: Holder) -> bool:
    """Whether it is the account of a person who is of a household now, and has neither left nor died."""
    # hidden from whoever asks is who lives in another place by now
    return holder.resident_id is not None and (holder.resident is None or holder.resident.left_at is None)


def heirs_of(everywhere: Actor, holder: Holder) -> list[Any]:
    """Whose account these points may come into: one of those who are of the household; only where nobody is any more,
    one of those who were, and live elsewhere. Of an entry that was made one with another they are that one's alone,
    and once it has left, its household's. ``everywhere``: who sees the whole county.
    """
    kept = kept_of(everywhere, holder)
    if kept is not None and kept.left_at is None:
        return [kept]
    home = kept.household if kept else home_of(holder)
    family = family_of(everywhere, home.pk)
    return [one for one in family if one.household_id == home.pk] or family


def kept_of(everywhere: Actor, holder: Holder) -> Any:
    """The entry of the same person under which they stand, where the holder's ended for it; None for all others."""
    return stands_as(everywhere, holder.resident_id) if holder.resident_id else None


def posted_under(caller: str, key: str) -> int | None:
    """How many points the one transfer was of that was asked for under that key."""
    rows = Request.objects.filter(caller=caller, key=key).values_list("rows", flat=True).first()
    return Transfer.objects.filter(pk__in=rows).values_list("amount", flat=True).first() if rows else None


def points_left(household: UUID) -> StrOrPromise | None:
    """Why a household's file is not closed while there are points in its account, or held."""
    with acting_as(system_actor("points.closing")):
        holder = Holder.objects.filter(household=household, account__closed_at=None).first()
        there = balance_of(holder.pk) if holder else None
    if there is None or not (there.available or there.held):
        return None
    told = _("There are %(n)s points in the household's account. The clerk moves them to one of its people first.")
    return told % {"n": there.available + there.held}


def holders_at(actor: Actor, household: UUID) -> list[Holder]:
    """The accounts of a household and its people, for its file."""
    rows = held_at(actor, household)
    return list(rows.select_related("account", "resident").order_by("household_id", "pk"))


def held_at(actor: Actor, household: UUID) -> QuerySet[Holder]:
    """Of a household and all who live there, what is open."""
    # not joined by OR over both tables: every purse of the county would be looked at
    own = Holder.objects.filter(household=household).values("pk")
    people = Holder.objects.filter(resident__household=household).values("pk")
    return visible_holders(actor).filter(pk__in=own.union(people), account__closed_at=None)


def lines_of(account: int, *, days: int = 366, most: int = 60) -> list[EntryLine]:
    """What came and went lately, the last first."""
    now = clock.now()
    found = list(statement_of(account, since=now - timedelta(days=days), until=now + timedelta(minutes=1)))[-most:]
    names = names_of(one.other for one in found)
    return [EntryLine(one, names.get(one.other, "")) for one in reversed(found)]


def names_of(accounts: Iterable[int]) -> Mapping[int, str]:
    """Of shops, providers and activities, and of the units of funds; of nobody who is a person."""
    rows = Holder.objects.filter(pk__in=set(accounts), resident=None, household=None)
    return {pk: name or unit or "" for pk, name, unit in rows.values_list("pk", "name", "unit__name")}


def running_out(one: Purse, *, at: datetime | None = None, within: int = 92) -> int:
    """How many points have their last day soon and can still be spent: what is held is of the oldest."""
    until = clock.local_date(at or clock.now()) + timedelta(days=within)
    return max(sum(points for day, points in one.days if day <= until) - one.holding.held, 0)

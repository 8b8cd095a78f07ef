"""Who works in a unit, for what rooms above keep of that: as far as a post there goes on."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from minqing.org.enums import Role
from minqing.org.models import Account, Post
from minqing.org.queries import accounts_over, area_path, held_by
from minqing.org.queries.upkeep import in_force


def people_of_unit(unit_id: int, roles: Collection[Role]) -> list[Account]:
    """Who holds one of ``roles`` in the unit today, by name."""
    posts = Post.objects.filter(in_force(), unit_id=unit_id, role__in=roles)
    return list(Account.objects.filter(pk__in=posts.values("account"), is_active=True).order_by("name", "id"))


def works_in_unit(account: str, unit: str, roles: Collection[Role]) -> Exists:
    """Of rows of another room: whether who stands in the field ``account`` has a post in the unit of ``unit``."""
    return Exists(posts_there(account, unit, roles))


def name_in_unit(account: str, unit: str, roles: Collection[Role]) -> Subquery:
    """The name of who stands in the field ``account`` while a post in ``unit`` goes on; null once it is over."""
    return Subquery(posts_there(account, unit, roles).order_by("id").values("account__name")[:1])


def posts_there(account: str, unit: str, roles: Collection[Role]) -> QuerySet[Post]:
    return Post.objects.filter(
        in_force(), account=OuterRef(account), unit=OuterRef(unit), role__in=roles, account__is_active=True
    )


def who_has(
    account_id: UUID, area_id: int, roles: Collection[Role], *, instead: Collection[Role] | None = None
) -> list[UUID]:
    """The account, where it still holds one of ``roles`` for the area or above it; else who does (``instead``) now.

    For news to whoever took something in: people leave, go elsewhere, and nobody would hear.
    """
    above = [int(part) for part in area_path(area_id).split(".") if part]
    if held_by(Q(area_id__in=above, account_id=account_id), roles, None):
        return [account_id]
    return accounts_over(area_id, roles if instead is None else instead)

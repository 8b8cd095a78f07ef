"""Made-up people as those who act: found as the county would find them."""

from __future__ import annotations

from uuid import UUID

from minqing.core.actor import Actor
from minqing.org.enums import DESK, Role
from minqing.org.queries import (
    account_at_work,
    account_by_username,
    accounts_of_unit,
    accounts_over,
    actor_of,
    posts_in_force,
)


def person(username: str) -> Actor | None:
    """Somebody with a user name, in the first of their posts."""
    account = account_by_username(username)
    posts = posts_in_force(account.pk) if account else []
    return actor_of(account, posts[0]) if account and posts else None


def acting(account_id: UUID, *, unit: int | None = None) -> Actor | None:
    """An account in its first post, or in that which it holds at the desk of ``unit``."""
    account = account_at_work(account_id)
    posts = [one for one in posts_in_force(account_id) if unit is None or (one.unit_id == unit and one.role in DESK)]
    return actor_of(account, posts[0]) if account and posts else None


def of_unit(unit: int) -> Actor | None:
    """Somebody who works on what the unit was given."""
    return next(filter(None, (acting(one, unit=unit) for one in accounts_of_unit(unit, DESK))), None)


def clerk_over(area_id: int) -> Actor | None:
    """The clerk of the township in which the area lies."""
    return next(filter(None, map(acting, accounts_over(area_id, {Role.CLERK}))), None)

"""Tables of the organisation: areas, units, staff (:mod:`minqing.intake.kinds`); and who loads a table of any kind."""

from __future__ import annotations

from uuid import UUID

from minqing.core.actor import Actor
from minqing.org.imports import areas, staff, units, work_days
from minqing.org.queries import actor_of, posts_in_force, system_actor

KINDS = (areas.KIND, units.KIND, staff.KIND, work_days.KIND)
__all__ = ["KINDS", "actor_for"]


def actor_for(account_id: UUID | None, post_id: UUID | None) -> Actor | None:
    """Somebody as they are now in the post in which they brought a table; None if they hold it no longer."""
    if account_id is None:
        return system_actor("import")
    post = next((post for post in posts_in_force(account_id) if post.id == post_id), None)
    return actor_of(post.account, post) if post and post.account.is_active else None

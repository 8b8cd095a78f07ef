"""Which tables can be imported, and who acts when a job loads one."""

from __future__ import annotations

from uuid import UUID

from minqing.core.actor import Actor


def register_kinds() -> None:
    """Tell intake what the rooms above it take in. Called once in every process."""
    from minqing.households.imports import KINDS as HOUSEHOLDS
    from minqing.intake import kinds
    from minqing.matters.imports import KINDS as MATTERS
    from minqing.org.imports import KINDS as ORG

    for kind in (*ORG, *HOUSEHOLDS, *MATTERS):
        kinds.register(kind)
    kinds.register_actors(actor_for)


def actor_for(account_id: UUID | None, post_id: UUID | None) -> Actor | None:
    """Somebody as they are now in the post in which they brought the table; None if they hold it no longer."""
    from minqing.org.queries import actor_of, posts_in_force, system_actor

    if account_id is None:
        return system_actor("import")
    post = next((post for post in posts_in_force(account_id) if post.id == post_id), None)
    return actor_of(post.account, post) if post and post.account.is_active else None

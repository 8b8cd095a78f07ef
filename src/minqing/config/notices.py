"""Who the accounts and areas are that notices name, for the room that carries them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from minqing.notify.people import Person, register_directory


def register_notices() -> None:
    """Tell notify what the organisation knows. Called once in every process."""
    from minqing.config.telling import register_kinds
    from minqing.matters.queries import titles_of
    from minqing.org.queries import area_names

    register_directory(people=people, places=area_names, titles=titles_of)
    register_kinds()


def people(account_ids: Collection[UUID]) -> dict[UUID, Person]:
    """The language each chose and their own telephone number; without those closed and those that hold no post."""
    from minqing.org.queries import accounts_at_work

    return {one.pk: Person(one.language or settings.LANGUAGE_CODE, one.phone) for one in accounts_at_work(account_ids)}

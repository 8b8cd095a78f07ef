"""Who the accounts and areas are that notices name, for the room that carries them."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from minqing.notify.people import Person, register_directory


def register_notices() -> None:
    """Tell notify what the organisation knows. Called once in every process."""
    from minqing.config.telling import register_kinds
    from minqing.matters.queries import titles_of
    from minqing.org.queries import area_names

    register_directory(person=person, places=area_names, titles=titles_of)
    register_kinds()


def person(account_id: UUID) -> Person | None:
    """The language somebody chose and their own telephone number; None once the account is closed or holds no post."""
    from minqing.org.queries import account_at_work, posts_in_force

    account = account_at_work(account_id)
    if account is None or not posts_in_force(account_id):
        return None
    return Person(account.language or settings.LANGUAGE_CODE, account.phone)

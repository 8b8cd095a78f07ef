"""What the rooms declare, brought to the rooms below that work with it: journal, documents, intake,
notify, exports, listing, localnames, privacy, and the hooks of rooms and slots of pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.conf import settings

from minqing.config.rooms import rooms
from minqing.core.actor import Actor
from minqing.documents import kinds as sheets
from minqing.exports import kinds as exports
from minqing.intake import kinds as tables
from minqing.journal.subscriptions import subscribe
from minqing.listing import kinds as lists
from minqing.localnames import kinds as vocabularies
from minqing.notify import kinds as notices
from minqing.notify.queries.people import Person, register_directory
from minqing.org.queries import accounts_at_work, actor_of, area_names, posts_in_force, system_actor
from minqing.privacy import subjects
from minqing.web import slots


def register() -> None:
    """Called once in every process, when Django's apps are loaded."""
    for room in rooms():
        for one in room.listeners:
            subscribe(one.name, one.types, one.heard)
        for kind in room.tables:
            tables.register(kind)
        for leaving in room.exports:
            exports.register(leaving)
        for listed in room.lists:
            lists.register(listed)
        for bulk in room.bulks:
            lists.register_bulk(bulk)
        for sheet in room.sheets:
            sheets.register(sheet)
        for vocabulary in room.vocabularies:
            vocabularies.register(vocabulary)
        for hooked in room.hooks:
            hooked.hook.register(hooked.function)
        for part in room.parts:
            slots.register(part)
        for notice in room.notices:
            notices.register(notice)
        if room.subjects is not None:
            subjects.register(room.subjects)
    tables.register_actors(actor_for)
    register_directory(people=people, places=area_names, titles=titles)


def actor_for(account_id: UUID | None, post_id: UUID | None) -> Actor | None:
    """Somebody as they are now in the post in which they brought a table; None if they hold it no longer."""
    if account_id is None:
        return system_actor("import")
    post = next((post for post in posts_in_force(account_id) if post.id == post_id), None)
    return actor_of(post.account, post) if post and post.account.is_active else None


def people(account_ids: Collection[UUID]) -> dict[UUID, Person]:
    """The language each chose and their own telephone number; without those closed and those that hold no post."""
    return {one.pk: Person(one.language or settings.LANGUAGE_CODE, one.phone) for one in accounts_at_work(account_ids)}


def titles(actor: Actor, subjects: Iterable[str]) -> dict[str, str]:
    """What records are called to ``actor``: each room knows its own."""
    asked = [*subjects]
    return {subject: title for room in rooms() if room.titles for subject, title in room.titles(actor, asked).items()}

"""What messages must know of people."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from minqing.notify.queries.recipients import Person
from minqing.org.queries import accounts_at_work


def people(account_ids: Collection[UUID]) -> dict[UUID, Person]:
    """The language each chose and their own telephone number; without those closed and those that hold no post."""
    return {one.pk: Person(one.language or settings.LANGUAGE_CODE, one.phone) for one in accounts_at_work(account_ids)}

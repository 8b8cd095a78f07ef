"""Lists that somebody comes back to."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Invalid
from minqing.core.formats import check_length
from minqing.core.retry import one_at_a_time
from minqing.core.text import one_line
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.listing.models import SavedFilter

MOST_FILTERS = 30
QUERY_LENGTH = 1000
NAME_LENGTH = 40


@sent_once()
def save_filter(*, id: UUID, kept: str, name: str, query: str, by: Actor) -> SavedFilter:
    """Keep the list called ``kept`` under a name; the same name again stands for the new one.

    ``query`` was looked at by the form.
    """
    name = one_line(check_length(clean(name), NAME_LENGTH), NAME_LENGTH)
    if not name:
        raise Invalid("name_missing", _("Give the list a name."))
    if not query:
        raise Invalid("query", _("Choose a filter first."))
    if len(query) > QUERY_LENGTH:
        raise Invalid("query_long", _("This filter is too long. Search for fewer words."))
    one_at_a_time(f"listing.filter:{by.id}")
    mine = SavedFilter.objects.filter(account_id=by.person)
    row = mine.select_for_update().filter(list=kept, name=name).first()
    if row is None and mine.count() >= MOST_FILTERS:
        raise Invalid("too_many", _("You have kept 30 lists. Delete one first."))
    if row and row.query == query:
        return row
    row = row or SavedFilter(pk=id, account_id=by.person, list=kept, name=name)
    row.query, row.saved_at = query, clock.now()
    row.save()
    record(type="listing.filter.saved", subject=f"filter:{row.pk}", by=by, at=row.saved_at, data={"list": kept})
    return row


@transaction.atomic
def drop_filter(*, saved: SavedFilter, by: Actor) -> None:
    """Only the one who saved it sees it, and so only that one can delete it."""
    gone, _rows = SavedFilter.objects.filter(pk=saved.pk, account_id=by.person).delete()
    if gone:
        record(type="listing.filter.dropped", subject=f"filter:{saved.pk}", by=by)

"""What this room hears of others."""

from __future__ import annotations

from uuid import UUID

from minqing.journal.subscriptions import Event
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.publications.services import withdraw_publication_of


def matter_reopened(event: Event) -> None:
    """A solved matter is not solved after all: it is not told as one any longer."""
    with acting_as(system_actor("publications.withdraw")) as by:
        withdraw_publication_of(matter_id=UUID(event.subject.removeprefix("matter:")), by=by)

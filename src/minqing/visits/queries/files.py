"""What of a household's file is changed on a phone, and of which of it two have said different things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.households.queries import MemberName
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.privacy.access import one_of
from minqing.visits.enums import FileField
from minqing.visits.models import FileConflict
from minqing.visits.rules import WRITERS, reads_diaries

YES, NO = "yes", "no"


def key_of(field: FileField, resident_id: UUID | None = None) -> str:
    """How a field of a file is named between phone and server: ``address``, ``lives_here:<id>``."""
    return f"{field.value}:{resident_id}" if resident_id else field.value


def file_values(address: str, people: Iterable[MemberName]) -> Mapping[str, str]:
    """What stands in each field, as a phone compares it."""
    here = {key_of(FileField.LIVES_HERE, one.id): YES if one.lives_here else NO for one in people}
    return {key_of(FileField.ADDRESS): address} | here


def visible_conflicts(actor: Actor) -> QuerySet[FileConflict]:
    """Of the actor's areas, for those who keep files."""
    if not reads_diaries(actor):
        return FileConflict.objects.none()
    return FileConflict.objects.filter(one_of("area_id", actor.areas)).select_related(
        "household", "resident", "area", "account", "decided_by"
    )


def visible_conflict(actor: Actor, conflict_id: UUID, *, lock: bool = False) -> FileConflict:
    """Raises NotFound; with ``lock`` its row is held."""
    rows = visible_conflicts(actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=conflict_id).first()
    if found is None:
        raise NotFound("no_conflict")
    return found


def on_file(conflict: FileConflict) -> str | None:
    """What stands there now; None where there is nobody any more of whom it could be said."""
    if conflict.field == FileField.ADDRESS:
        return conflict.household.address
    person = conflict.resident
    if person is None or person.left_at or person.household_id != conflict.household_id:
        return None
    return YES if person.lives_here else NO


def in_words(conflict: FileConflict, value: str | None) -> str:
    if value is None:
        return gettext("This person has moved out since.")
    if conflict.field == FileField.LIVES_HERE:
        return gettext("Yes") if value == YES else gettext("No")
    return value or gettext("(empty)")


def field_label(conflict: FileConflict) -> str:
    name = conflict.resident.name if conflict.resident else ""
    return "：".join(filter(None, [name, str(FileField(conflict.field).label)]))


def undecided(_actor: Actor, _now: datetime) -> Q:
    return Q(decided_at=None)


OLDEST: Final = ("received_at", "pk")
QUEUES: Final = Queues(
    visible_conflicts,
    (Queue("open", _("To decide"), "hourglass-split", WRITERS, undecided, OLDEST, _("Decide")),),
)

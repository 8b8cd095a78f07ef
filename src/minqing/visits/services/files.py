"""Changes of a household's file that were written without a signal: joined field by field, or put before somebody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound, Refused
from minqing.households.queries import MemberName, names_of_members, visible_residents
from minqing.households.services import held_household, save_household, save_resident
from minqing.journal.services import Json, record
from minqing.sync.rules import Merge, merge, value_version
from minqing.visits.enums import FileField
from minqing.visits.models import FileConflict
from minqing.visits.queries.files import YES, file_values, on_file, visible_conflict
from minqing.visits.rules import NOT_A_MEMBER, may_decide

CLOSED: Final = _("The file of this household was closed meanwhile. Nothing of it is changed any more.")


class FileRef(Protocol):
    """What is needed of a household here."""

    pk: UUID
    area_id: int
    number: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Which fields were taken and which wait for somebody; ``beside``: others have changed other fields meanwhile."""

    taken: list[str]
    disputed: list[str]
    beside: bool


@transaction.atomic
def join_file(
    *,
    household_id: UUID,
    changes: Mapping[str, str],
    base: Mapping[str, str],
    written_at: datetime,
    by: Actor,
    handed: bool = False,
    at: datetime | None = None,
) -> Joined:
    """Take each field that nobody else has changed since the phone knew it; of the others keep both values.

    ``changes`` are values by field (``visits.queries.files.key_of``), ``base`` the versions that the phone knew of all
    of them. ``handed``: of a household that has gone to others since, all that differs is put before them. The same
    again finds its own values and changes nothing. Events: ``households.household.updated``,
    ``households.resident.updated``, ``visits.conflict.found`` for each that waits. Raises Invalid ``not_a_member``,
    Conflict ``household_closed``: of whoever lived there alone and was erased nothing comes back.
    """
    at = at or clock.now()
    household = held_household(household_id, by)
    may_decide(by, household.area_id).require()
    if household.closed_at is not None:
        raise Conflict("household_closed", CLOSED)
    people = {str(one.id): one for one in names_of_members(by, [household.pk])}
    stands = file_values(household.address, people.values())
    known = {} if handed else base
    become = {name: merge(base=known.get(name, ""), stands=stands.get(name), wanted=value)
              for name, value in sorted(changes.items())}  # fmt: skip
    taken = [name for name, one in become.items() if one is Merge.TAKE]
    disputed = [name for name, one in become.items() if one is Merge.DISPUTED]
    refuse_strangers([name for name in disputed if name not in stands], by)
    for name in taken:
        set_field(household, name, changes[name], people, by=by, at=at)
    kept = {"written_at": written_at, "received_at": at, "handed": handed}
    for name in disputed:
        dispute(household, name, changes[name], kept | {"stands": stands.get(name, "")}, by=by, at=at)
    others = base.keys() - changes.keys()
    beside = any(name not in stands or value_version(stands[name]) != base[name] for name in others)
    return Joined(taken, disputed, beside)


def refuse_strangers(names: Collection[str], by: Actor) -> None:
    """Whoever has moved out is asked about; of somebody who is not on file, or was erased since, nothing is kept."""
    people = {UUID(name.partition(":")[2]) for name in names}
    if people and visible_residents(by).filter(pk__in=people).count() != len(people):
        raise Invalid("not_a_member", NOT_A_MEMBER)


def set_field(
    household: FileRef, name: str, value: str, people: Mapping[str, MemberName], *, by: Actor, at: datetime
) -> None:
    field, _colon, person = name.partition(":")
    if field == FileField.ADDRESS:
        found, _outcome = save_household(
            number=household.number, area_id=household.area_id, address=value, by=by, at=at
        )
        if found.pk != household.pk:
            # a number that is stored in another form than it is looked for: no second file is made of it
            raise NotFound("no_household")
        return
    one = people[person]
    save_resident(id=one.id, household_id=household.pk, name=one.name, lives_here=value == YES, by=by, at=at)


def dispute(household: FileRef, name: str, value: str, kept: Mapping[str, object], *, by: Actor, at: datetime) -> None:
    if by.id is None:
        raise Refused("no_account", _("Only a person can change a file."))
    field, _colon, person = name.partition(":")
    resident: Any = UUID(person) if person else None
    conflict, made = FileConflict.objects.get_or_create(
        household_id=household.pk,
        resident_id=resident,
        account_id=by.id,
        field=field,
        value=value,
        decided_at=None,
        defaults={"area_id": household.area_id, **kept},
    )
    if made:
        data: dict[str, Json] = {"conflict": str(conflict.pk), "area": household.area_id, "field": field}
        record(type="visits.conflict.found", subject=f"household:{household.pk}", by=by, at=at, data=data)


@transaction.atomic
def decide_conflict(*, conflict_id: UUID, take: bool, by: Actor, at: datetime | None = None) -> FileConflict:
    """Say which of both values is right: what the phone says is taken, or what is on file stays. Both remain written.

    Raises NotFound where this actor sees no such one. Event: ``visits.conflict.decided``, beside that of the file where
    it changes.
    """
    at = at or clock.now()
    found = visible_conflict(by, conflict_id)
    may_decide(by, found.area_id).require()
    household = held_household(found.household_id, by)
    # while the household was waited for its person may have been erased
    conflict = visible_conflict(by, conflict_id, lock=True)
    if conflict.decided_at is not None:
        if conflict.taken != take:
            raise Conflict("decided", _("Somebody else has decided this already. Look at the file once more."))
        return conflict
    if take:
        if on_file(conflict) is None:
            raise Invalid("moved_out", _("This person has moved out since: nothing of them can be changed here."))
        people = {str(one.id): one for one in names_of_members(by, [household.pk])}
        name = f"{conflict.field}:{conflict.resident_id}" if conflict.resident_id else conflict.field
        set_field(household, name, conflict.value, people, by=by, at=at)
    conflict.decided_at, conflict.decided_by_id, conflict.taken = at, by.id, take
    conflict.save(update_fields=["decided_at", "decided_by", "taken"])
    data: dict[str, Json] = {"conflict": str(conflict.pk), "field": conflict.field, "taken": take}
    record(type="visits.conflict.decided", subject=f"household:{household.pk}", by=by, at=at, data=data)
    return conflict

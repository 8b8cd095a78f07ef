"""Two entries of one person: found, made one, and taken apart again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, NotFound
from minqing.households.enums import Relation
from minqing.households.models import Duplicate, Resident, TagGrant
from minqing.households.queries.duplicates import (
    becomes_head,
    carried,
    look_for_duplicates,
    merged_since,
    own_grants,
    visible_duplicate,
)
from minqing.households.queries.visibility import visible_households, visible_residents
from minqing.households.rules import FILLED, may_merge, to_fill
from minqing.households.services.residents import refuse_closed, refuse_second_head, write
from minqing.journal.services import Json, record

BATCH: Final = 500
MERGED_SINCE: Final = _("The entry that stayed was made one with a further entry since. Take that back first.")


@transaction.atomic
def propose_duplicates(*, by: Actor, at: datetime | None = None) -> int:
    """Put down which entries may be one person, and withdraw of what nobody has decided that for which nothing speaks
    any more; returns how many are new. What was decided stays.

    Only keys of what was found are kept in memory. Event ``households.duplicates.found`` with both counts.
    """
    if by.kind != "system":
        raise NotFound("no_duplicate")
    at = at or clock.now()
    found = {(one.pk, other.pk): [reason.value for reason in reasons] for one, other, reasons in look_for_duplicates()}
    known = set(Duplicate.objects.values_list("resident_id", "twin_id"))
    # people, then pairs, as who decides holds them: one who holds a pair never waits for people any more
    made = put_down({pair: reasons for pair, reasons in found.items() if pair not in known}, at)
    withdrawn = look_again(found)
    if made or withdrawn:
        data: dict[str, Json] = {"new": made, "withdrawn": withdrawn}
        record(type="households.duplicates.found", subject="duplicates", by=by, at=at, data=data)
    return made


def put_down(new: Mapping[tuple[UUID, UUID], list[str]], at: datetime) -> int:
    """Rows for those pairs of people who are still on file; how many."""
    there = held_people({id for pair in new for id in pair})
    rows = [Duplicate(resident_id=one, twin_id=other, reasons=reasons, found_at=at)
            for (one, other), reasons in new.items() if one in there and other in there]  # fmt: skip
    Duplicate.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return len(rows)


def held_people(ids: Iterable[UUID]) -> set[UUID]:
    """All at once in the order of their ids: a foreign key would hold them in the order in which pairs were found."""
    rest, held = sorted(ids), set[UUID]()
    while rest:
        some, rest = rest[:BATCH], rest[BATCH:]
        rows = Resident.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk")
        held.update(rows.values_list("pk", flat=True))
    return held


def look_again(found: Mapping[tuple[UUID, UUID], list[str]]) -> int:
    """Undecided pairs: those of which nothing speaks for one person any more go, others say what does by now."""
    open_now = Duplicate.objects.filter(decided_at=None)
    keys = [row.pk for row in open_now.iterator() if found.get((row.resident_id, row.twin_id)) != row.reasons]
    rows = list(open_now.select_for_update().filter(pk__in=keys).order_by("pk"))
    for row in rows:
        row.reasons = found.get((row.resident_id, row.twin_id), [])
    Duplicate.objects.bulk_update([row for row in rows if row.reasons], ["reasons"], batch_size=BATCH)
    gone = [row.pk for row in rows if not row.reasons]
    Duplicate.objects.filter(pk__in=gone).delete()
    return len(gone)


def held_pair(row: Duplicate, by: Actor) -> dict[UUID, Resident]:
    """Both people, locked after their households, each in the order of their ids; NotFound where one is not seen."""
    homes = {row.resident.household_id, row.twin.household_id}
    list(visible_households(by).select_for_update().filter(pk__in=homes).order_by("pk"))
    people = visible_residents(by).select_for_update(of=("self",)).select_related("household")
    found = {one.pk: one for one in people.filter(pk__in=[row.resident_id, row.twin_id]).order_by("pk")}
    if len(found) < 2 or {one.household_id for one in found.values()} - homes:
        # somebody moved while the rows were waited for
        raise Conflict("people_moved", _("One of the two has moved meanwhile. Look at both once more."))
    return found


@transaction.atomic
def decide_duplicate(*, duplicate_id: UUID, keep: UUID | None, by: Actor, at: datetime | None = None) -> Duplicate:
    """Say that both are one person, of whom the entry ``keep`` stays, or (None) that they are two people.

    The other entry ends as of somebody who left; what the kept one had empty it gets, and the tags that it had not. The
    same again changes nothing. Raises NotFound, Refused, Conflict where somebody decided otherwise, one has left, or
    both have an identity number by now. Events: ``households.resident.merged``, ``….told_apart``.
    """
    at = at or clock.now()
    row = visible_duplicate(by, duplicate_id)
    may_merge(by, row.resident.area_id, row.twin.area_id).require()
    if keep not in (None, row.resident_id, row.twin_id):
        raise NotFound("no_resident")
    people = held_pair(row, by)
    row = still_there(by, duplicate_id)
    if row.decided_at is not None:
        if row.kept_id != keep:
            raise Conflict("decided", _("Somebody else has decided this already. Look at both once more."))
        return row
    told: dict[str, Json] = {"duplicate": str(row.pk)}
    if keep is None:
        kind, home = "told_apart", people[row.resident_id].household_id
        told |= {"resident": str(row.resident_id), "other": str(row.twin_id)}
    else:
        kept, gone = people[keep], people[row.twin_id if keep == row.resident_id else row.resident_id]
        merge(row, kept, gone, at)
        kind, home = "merged", kept.household_id
        told |= {"resident": str(kept.pk), "gone": str(gone.pk), "from": str(gone.household_id),
                 "fields": [*row.filled, *(["relation"] if row.relation else [])],
                 "grants": [str(one) for one in row.moved]}  # fmt: skip
    row.kept_id, row.decided_at, row.decided_by_id = keep, at, by.id
    row.save()
    record(type=f"households.resident.{kind}", subject=f"household:{home}", by=by, at=at, data=told)
    return row


def still_there(by: Actor, duplicate_id: UUID) -> Duplicate:
    """The pair, held after its people; Conflict where it was withdrawn while they were waited for."""
    try:
        return visible_duplicate(by, duplicate_id, lock=True)
    except NotFound:
        sentence = _("Nothing speaks for one person any more: one of the two entries was corrected meanwhile.")
        raise Conflict("withdrawn", sentence) from None


def merge(row: Duplicate, kept: Resident, gone: Resident, at: datetime) -> None:
    if kept.left_at or gone.left_at:
        raise Conflict("person_left", _("One of the two has left meanwhile. Look at both once more."))
    if kept.identity_number and gone.identity_number:
        raise Conflict("two_numbers", _("Both have an identity number by now: they are two people."))
    row.filled = to_fill(kept, gone)
    # held first: somebody may take one of them back at this moment, and it stays so
    list(TagGrant.objects.select_for_update().filter(resident__in=[kept, gone], revoked_at=None).order_by("pk"))
    own, others = own_grants(kept.pk), own_grants(gone.pk)
    row.moved, row.ended = carried(own, others, clock.local_date(at))
    gone.left_at = gone.changed_at = at
    gone.save(update_fields=["left_at", "changed_at"])
    for name in row.filled:
        setattr(kept, name, getattr(gone, name))
    if becomes_head(kept, gone):
        row.relation, kept.relation = kept.relation, Relation.HEAD.value
    kept.changed_at = at
    write(kept, new=False)
    # one that ran out gives way to that of the other entry
    codes = {one.tag_id for one in others if one.pk in row.moved}
    away = [one.pk for one in own if one.tag_id in codes]
    TagGrant.objects.filter(pk__in=[*away, *row.ended], revoked_at=None).update(revoked_at=at)
    carry_tags(row.moved, kept)


def carry_tags(grants: list[UUID], to: Resident) -> None:
    TagGrant.objects.filter(pk__in=grants, revoked_at=None).update(
        resident=to, household=to.household_id, area=to.area_id
    )


@transaction.atomic
def undo_duplicate(
    *, duplicate_id: UUID, decided_at: datetime | None, by: Actor, at: datetime | None = None
) -> Duplicate:
    """Take back what was decided at ``decided_at``: both entries stand again as before, but for what was changed since.

    A field that was corrected after the merge stays as it is, a tag that was taken back stays so. Raises Conflict where
    something else was decided since, the kept entry was made one with a further one, or the other entry's file was
    closed or has another head by now. Event: ``households.resident.parted``.
    """
    at = at or clock.now()
    row = visible_duplicate(by, duplicate_id)
    may_merge(by, row.resident.area_id, row.twin.area_id).require()
    people = held_pair(row, by)
    row = still_there(by, duplicate_id)
    if row.decided_at is None:
        return row
    if row.decided_at != decided_at:
        raise Conflict("decided", _("Somebody else has decided this already. Look at both once more."))
    if merged_since(row) is not None:
        raise Conflict("merged_since", MERGED_SINCE)
    told: dict[str, Json] = {"duplicate": str(row.pk), "resident": str(row.resident_id), "other": str(row.twin_id)}
    if row.kept_id is not None:
        part(row, people[row.kept_id], people[row.twin_id if row.kept_id == row.resident_id else row.resident_id], at)
    home = people[row.kept_id or row.resident_id].household_id
    row.kept_id = row.decided_at = row.decided_by_id = None
    row.filled, row.moved, row.ended, row.relation = [], [], [], ""
    row.save()
    record(type="households.resident.parted", subject=f"household:{home}", by=by, at=at, data=told)
    return row


def part(row: Duplicate, kept: Resident, gone: Resident, at: datetime) -> None:
    for name in row.filled:
        if getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, FILLED[name])
    if row.relation and kept.relation == Relation.HEAD.value and kept.household_id == gone.household_id:
        kept.relation = row.relation
    kept.changed_at = gone.changed_at = at
    write(kept, new=False)
    if gone.left_at is not None:
        refuse_closed(gone.household)
        refuse_second_head(gone.household_id, gone.pk, gone.relation)
    gone.left_at = None
    write(gone, new=False)
    # those that still stand with the kept entry: what was taken back since stays so
    carry_tags(list(TagGrant.objects.filter(pk__in=row.moved, resident=kept).values_list("pk", flat=True)), gone)
    TagGrant.objects.filter(pk__in=row.ended, revoked_at=row.decided_at).update(revoked_at=None)

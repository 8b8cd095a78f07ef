"""Households taken to another village or grid, people to another household, and both taken back.

Households are held before people, each in the order of their ids, and the notes of moves last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, NotFound
from minqing.core.ids import new_id
from minqing.households.enums import Relation
from minqing.households.models import Household, HouseholdCode, Move, Resident, TagGrant
from minqing.households.queries.files import visible_resident
from minqing.households.queries.moves import (
    MOVED_ON,
    may_move_home,
    may_move_person,
    may_undo_moves,
    moves_together,
)
from minqing.households.queries.visibility import visible_households
from minqing.households.rules import may_change
from minqing.households.services.rows import locked_resident
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record, record_all


def require(decision: Decision) -> None:
    """What stands against it by now is a conflict; whose areas these are is a refusal."""
    if not decision and decision.code != "not_your_area":
        raise Conflict(decision.code, decision.reason)
    decision.require()


def moved_before(given: Mapping[str, Any]) -> list[Move] | None:
    return list(Move.objects.filter(together=given["id"]).order_by("household_id")) or None


@sent_once(made=moved_before)
def move_households(
    *, id: UUID, household_ids: Collection[UUID], area_id: int, by: Actor, at: datetime | None = None
) -> list[Move]:
    """Take open households with their whole files to another village or grid; all of them, or none.

    Those that lie there already stay. Raises NotFound, Refused, Conflict. Event: ``households.household.updated`` for
    each.
    """
    at = at or clock.now()
    may_change(by, area_id).require()
    homes = held_homes(household_ids, by)
    going = [home for home in homes if home.area_id != area_id]
    if not going:
        raise Conflict("there_already", _("They lie there already."))
    for home in going:
        require(may_move_home(by, home, area_id))
    rows = [Move(together=id, household=home, from_area_id=home.area_id, to_area_id=area_id, made_at=at, made_by=by.ref)
            for home in going]  # fmt: skip
    carried([home.pk for home in going], area_id, by=by, at=at)
    return Move.objects.bulk_create(rows)


def held_homes(ids: Collection[UUID], by: Actor) -> list[Household]:
    found = list(visible_households(by).select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(found) != len(set(ids)):
        raise NotFound("no_household")
    return found


def carried(ids: Collection[UUID], area_id: int, *, by: Actor, at: datetime) -> None:
    """Households that are held go there, with what stands in their files; other rooms hear of it."""
    Household.objects.filter(pk__in=ids).update(area_id=area_id, changed_at=at)
    for model in (Resident, TagGrant, HouseholdCode):
        model._default_manager.filter(household_id__in=ids).update(area_id=area_id)
    told: dict[str, Json] = {"fields": ["area_id"], "area": area_id}
    record_all(type="households.household.updated", about=[(f"household:{one}", told) for one in ids], by=by, at=at)


@transaction.atomic
def move_resident(
    *, resident_id: UUID, household_id: UUID, by: Actor, relation: Relation = Relation.OTHER, at: datetime | None = None
) -> Resident:
    """Move a person, with the tags that are the person's own, into another household of the actor's areas.

    Raises NotFound, Refused, and Conflict where somebody else has moved them meanwhile.
    """
    at = at or clock.now()
    former = visible_resident(by, resident_id).household_id
    # both households before their people, as everywhere in this room: the note of the move refers to both
    target = next(one for one in held_homes({former, household_id}, by) if one.pk == household_id)
    person = locked_resident(resident_id, by)
    if person.household_id not in (former, target.pk):
        raise Conflict("moved_on", MOVED_ON)
    if person.household_id == target.pk:
        return person
    require(may_move_person(by, person, target, relation))
    row = Move(together=new_id(), household=target, resident=person, from_household_id=person.household_id,
               relation=person.relation, from_area_id=person.area_id, to_area_id=target.area_id,
               made_at=at, made_by=by.ref)  # fmt: skip
    settle(person, target, relation.value, by=by, at=at)
    row.save(force_insert=True)
    return person


def settle(person: Resident, target: Household, relation: str, *, by: Actor, at: datetime) -> None:
    former = person.household_id
    person.household, person.area_id = target, target.area_id
    person.relation, person.changed_at = relation, at
    person.save(update_fields=["household", "area", "relation", "changed_at"])
    TagGrant.objects.filter(resident=person).update(household=target, area_id=target.area_id)
    record(
        type="households.resident.moved",
        subject=f"household:{target.pk}",
        by=by,
        at=at,
        data={"resident": str(person.pk), "from": str(former), "area": target.area_id},
    )


@transaction.atomic
def undo_move(*, together: UUID, by: Actor, at: datetime | None = None) -> list[Move]:
    """Take back what went by one press, all of it, as long as nothing contradicts; a second time changes nothing.

    What came to the households or the person since goes along. Raises NotFound, Refused, Conflict. Events as of the
    move.
    """
    at = at or clock.now()
    before = moves_together(by, together)
    held = held_homes({id for row in before for id in (row.household_id, row.from_household_id) if id}, by)
    people = {row.resident_id: locked_resident(row.resident_id, by) for row in before if row.resident_id}
    rows = moves_together(by, together, lock=True)
    if all(row.undone_at for row in rows):
        return rows
    require(may_undo_moves(by, rows))
    back: dict[int, list[UUID]] = {}
    for row in rows:
        if row.resident_id is None:
            back.setdefault(row.from_area_id, []).append(row.household_id)
        else:
            former = next(home for home in held if home.pk == row.from_household_id)
            settle(people[row.resident_id], former, row.relation, by=by, at=at)
    for area_id, ids in sorted(back.items()):
        carried(ids, area_id, by=by, at=at)
    mark_undone(rows, by=by, at=at)
    return rows


def mark_undone(rows: Iterable[Move], *, by: Actor, at: datetime) -> None:
    for row in rows:
        row.undone_at, row.undone_by = at, by.ref
    Move.objects.bulk_update(rows, ["undone_at", "undone_by"])

"""Households: made, corrected, moved to another grid, closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, StoredValue
from minqing.core.ids import new_id
from minqing.households.hooks import closing
from minqing.households.models import Household, HouseholdCode, Resident, TagGrant
from minqing.households.queries.visibility import visible_households
from minqing.households.rules import HOUSEHOLD, may_carry, may_change, may_move
from minqing.households.services.rows import locked_household, put
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record, record_all
from minqing.org.services import KEEP, Keep, Outcome


@transaction.atomic
def save_household(
    *,
    number: str,
    area_id: int,
    by: Actor,
    id: UUID | None = None,
    address: str | Keep = KEEP,
    latitude: float | Keep | None = KEEP,
    longitude: float | Keep | None = KEEP,
    datum: str | Keep = KEEP,
    note: str | Keep = KEEP,
    at: datetime | None = None,
) -> tuple[Household, Outcome]:
    """Make or correct the household ``number``; what is not given stays.

    ``id`` becomes the key of a new household. In another area of the actor's the household moves there, and its
    people, tags and code with it. Event: ``households.household.created`` or ``….updated`` with field names.
    """
    at = at or clock.now()
    number = HOUSEHOLD["number"](number)
    may_change(by, area_id).require()
    values = {
        "address": address if isinstance(address, Keep) else HOUSEHOLD["address"](address),
        "latitude": latitude,
        "longitude": longitude,
        "datum": datum,
        "note": note if isinstance(note, Keep) else HOUSEHOLD["note"](note),
        "area_id": area_id,
    }
    found = visible_households(by).select_for_update().filter(number=number).first()
    if found is None:
        return create(id or new_id(), number, values, by=by, at=at), "created"
    may_move(by, found.area_id, area_id).require()
    moved = found.area_id != area_id
    changed = put(found, values)
    if not changed:
        return found, "unchanged"
    found.changed_at = at
    found.save()
    if moved:
        take_along(found)
    record(
        type="households.household.updated",
        subject=f"household:{found.pk}",
        by=by,
        at=at,
        data={"fields": [*changed], "area": area_id},
    )
    return found, "updated"


def added_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    found = visible_households(by).select_related("area").filter(pk=id).first()
    if found is None:
        return ()
    return [
        StoredValue(_("Household number"), found.number),
        StoredValue(_("Village or grid"), found.area.name),
        StoredValue(_("Address"), found.address),
        StoredValue(_("Note"), found.note),
    ]


@sent_once(added_before)
def add_household(
    *, id: UUID, number: str, area_id: int, by: Actor, address: str = "", note: str = "", at: datetime | None = None
) -> Household:
    """A new household, and never a change of one that is there: Conflict where the number is in use.

    The same ``id`` again returns what the first send made. Event: ``households.household.created``.
    """
    if (before := visible_households(by).filter(pk=id).first()) is not None:
        return before
    number = HOUSEHOLD["number"](number)
    may_change(by, area_id).require()
    values = {"address": HOUSEHOLD["address"](address), "note": HOUSEHOLD["note"](note), "area_id": area_id}
    return create(id, number, values, by=by, at=at or clock.now())


def create(id: UUID, number: str, values: dict[str, Any], *, by: Actor, at: datetime) -> Household:
    given = {name: value for name, value in values.items() if value is not KEEP}
    try:
        with transaction.atomic():
            household = Household.objects.create(id=id, number=number, changed_at=at, **given)
    except IntegrityError:
        # of a village the actor may not know: say no more than that the number is taken
        raise Conflict("number_taken", _("This household number is already in use. Please check it.")) from None
    record(
        type="households.household.created",
        subject=f"household:{household.pk}",
        by=by,
        at=at,
        data={"area": household.area_id},
    )
    return household


def take_along(household: Household) -> None:
    """The area stands in every row of the file, for the wall around it."""
    for model in (Resident, TagGrant, HouseholdCode):
        model._default_manager.filter(household=household).update(area_id=household.area_id)


@transaction.atomic
def carry_households(*, keys: Collection[UUID], area_id: int, kept: bool, by: Actor) -> int:
    """Take households, which the caller has locked, along to another area with all of their files; returns how many.

    ``kept``: what is of their past stays where it was, and is still seen by whoever sees that area. An event
    ``households.household.updated`` for each.
    """
    may_carry(by).require()
    at = clock.now()
    went = Household.objects.filter(pk__in=keys).update(area_id=area_id, changed_at=at)
    for model in (Resident, TagGrant, HouseholdCode):
        model._default_manager.filter(household_id__in=keys).update(area_id=area_id)
    told: dict[str, Json] = {"fields": ["area_id"], "area": area_id, "kept": kept}
    about = [(f"household:{key}", told) for key in keys]
    record_all(type="households.household.updated", about=about, by=by, at=at)
    return went


@transaction.atomic
def close_household(*, household_id: UUID, by: Actor, at: datetime | None = None) -> Household:
    """Close a file in which nobody lives any more and revoke its code. Closing it twice changes nothing.

    Raises :class:`Conflict` while people are in it: they move or leave first; and while another room has something of
    it that would be shut away.
    """
    at = at or clock.now()
    household = locked_household(household_id, by)
    may_change(by, household.area_id).require()
    if household.closed_at is not None:
        return household
    if household.residents.filter(left_at=None).exists():
        raise Conflict("household_lived_in", _("People still belong to this household. Move them first."))
    if still := next((one for one in closing(household.pk) if one), None):
        raise Conflict("household_holds", still)
    codes = [str(code) for code in household.codes.filter(revoked_at=None).values_list("pk", flat=True)]
    household.codes.filter(pk__in=codes).update(revoked_at=at)
    household.closed_at = household.changed_at = at
    household.save(update_fields=["closed_at", "changed_at"])
    record(
        type="households.household.closed",
        subject=f"household:{household.pk}",
        by=by,
        at=at,
        data={"area": household.area_id, "codes": [*codes]},
    )
    return household

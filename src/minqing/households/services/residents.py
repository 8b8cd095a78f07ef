"""People of households: written down, corrected, moved, gone; and their numbers shown to who asks with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, NotFound, StoredValue
from minqing.core.formats import check_identity_number
from minqing.core.text import pinyin_initials
from minqing.households.enums import Closed, Purpose, Relation, Sex
from minqing.households.models import Household, Resident, TagGrant
from minqing.households.queries.files import visible_resident
from minqing.households.queries.visibility import visible_residents
from minqing.households.rules import PERSON, may_change, may_see, may_take_in
from minqing.households.services.rows import locked_household, put
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.org.services import KEEP, Keep, Outcome

PINYIN = 20


@transaction.atomic
def save_resident(
    *,
    id: UUID,
    household_id: UUID,
    name: str,
    by: Actor,
    relation: Relation | Keep = KEEP,
    sex: Sex | Keep = KEEP,
    born_on: date | Keep | None = KEEP,
    identity_number: str | Keep = KEEP,
    phone: str | Keep = KEEP,
    lives_here: bool | Keep = KEEP,
    new: bool = False,
    at: datetime | None = None,
) -> tuple[Resident, Outcome]:
    """Write down or correct the person ``id`` of a household; the same again changes nothing.

    With ``new`` nobody is corrected. Numbers are checked (:mod:`minqing.core.formats`); an identity number also gives
    sex and date of birth. Raises Conflict when the identity number belongs to a person already on file, or the
    household has another head.
    """
    at = at or clock.now()
    household = locked_household(household_id, by)
    may_change(by, household.area_id).require()
    values = checked(name, relation, sex, born_on, identity_number, phone, lives_here)
    found = visible_residents(by).select_for_update().filter(pk=id).first()
    if found is not None and (new or found.household_id != household.pk or found.left_at):
        raise NotFound("no_resident")
    if found is None:
        refuse_closed(household)
    refuse_second_head(household.pk, id, values["relation"])
    person = found or Resident(id=id, household=household, area_id=household.area_id)
    changed = put(person, values)
    if found is not None and not changed:
        return person, "unchanged"
    person.changed_at = at
    write(person, new=found is None)
    outcome: Outcome = "created" if found is None else "updated"
    record(
        type=f"households.resident.{outcome}",
        subject=f"household:{household.pk}",
        by=by,
        at=at,
        data={"resident": str(person.pk), "fields": [*changed]},
    )
    return person, outcome


def refuse_closed(household: Household) -> None:
    if not (decision := may_take_in(closed=household.closed_at is not None)):
        raise Conflict(decision.code, decision.reason)


def added_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    found = visible_residents(by).filter(pk=id).first()
    if found is None:
        return ()
    return [
        StoredValue(_("Name"), found.name),
        StoredValue(_("Relation to the head"), Relation(found.relation).label),
        StoredValue(_("Sex"), Sex(found.sex).label),
        StoredValue(_("Born on"), found.born_on.isoformat() if found.born_on else ""),
        StoredValue(_("Lives here"), _("Yes") if found.lives_here else ""),
    ]


@sent_once(added_before)
def add_resident(
    *,
    id: UUID,
    household_id: UUID,
    name: str,
    by: Actor,
    relation: Relation = Relation.OTHER,
    sex: Sex = Sex.UNKNOWN,
    born_on: date | None = None,
    identity_number: str = "",
    phone: str = "",
    lives_here: bool = True,
    at: datetime | None = None,
) -> Resident:
    """A new person of a household, and never a change of one who is there; the same ``id`` again adds nobody.

    Raises as :func:`save_resident` does.
    """
    if (before := visible_residents(by).filter(pk=id, household_id=household_id).first()) is not None:
        return before
    person, _outcome = save_resident(
        id=id,
        household_id=household_id,
        name=name,
        by=by,
        relation=relation,
        sex=sex,
        born_on=born_on,
        identity_number=identity_number,
        phone=phone,
        lives_here=lives_here,
        at=at,
        new=True,
    )
    return person


def checked(
    name: str,
    relation: Relation | Keep,
    sex: Sex | Keep,
    born_on: date | Keep | None,
    identity_number: str | Keep,
    phone: str | Keep,
    lives_here: bool | Keep,
) -> dict[str, Any]:
    """The values as they are stored; raises Invalid for what :data:`minqing.households.rules.PERSON` refuses."""
    name = PERSON["name"](name)
    values: dict[str, object] = {
        "name": name,
        "pinyin": pinyin_initials(name)[:PINYIN],
        "relation": relation.value if isinstance(relation, Relation) else KEEP,
        "sex": sex.value if isinstance(sex, Sex) else KEEP,
        "born_on": PERSON["born_on"](born_on) if isinstance(born_on, date) else born_on,
        "phone": checked_text("phone", phone),
        "identity_number": checked_text("identity_number", identity_number),
        "lives_here": lives_here,
    }
    if isinstance(given := values["identity_number"], str) and given:
        identity = check_identity_number(given)
        values |= {"sex": identity.sex, "born_on": identity.birth}
    return values


def checked_text(name: str, given: str | Keep) -> str | Keep:
    """A number as it is stored; empty where nothing of it can be seen."""
    if isinstance(given, Keep) or not clean(given):
        return "" if isinstance(given, str) else given
    return str(PERSON[name](given))


def refuse_second_head(household_id: UUID, id: UUID, relation: object) -> None:
    if relation != Relation.HEAD.value:
        return
    others = Resident.objects.filter(household_id=household_id, relation=relation, left_at=None).exclude(pk=id)
    if others.exists():
        raise Conflict("second_head", _("This household already has a head. Change that person's relation first."))


def write(person: Resident, *, new: bool) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=new)
    except IntegrityError as error:
        if "resident_once" not in str(error):
            # the key is somebody else's, whom the actor may not know
            raise NotFound("no_resident") from None
        raise Conflict(
            "person_on_file",
            _("A person with this identity number is already on file. Move that person here instead."),
        ) from None


@transaction.atomic
def leave_household(*, resident_id: UUID, by: Actor, at: datetime | None = None) -> Resident:
    """Note that a person died or left the county: no longer a member, and the person's tags end."""
    at = at or clock.now()
    person = visible_residents(by).select_for_update().filter(pk=resident_id).first()
    if person is None:
        raise NotFound("no_resident")
    may_change(by, person.area_id).require()
    if person.left_at is not None:
        return person
    person.left_at = person.changed_at = at
    person.save(update_fields=["left_at", "changed_at"])
    tags = TagGrant.objects.select_for_update().filter(resident=person, revoked_at=None).order_by("pk")
    grants = [str(grant.pk) for grant in tags]
    TagGrant.objects.filter(pk__in=grants).update(revoked_at=at)
    record(
        type="households.resident.left",
        subject=f"household:{person.household_id}",
        by=by,
        at=at,
        data={"resident": str(person.pk), "grants": [*grants]},
    )
    return person


@transaction.atomic
def reveal_number(*, resident_id: UUID, what: Closed, purpose: Purpose, by: Actor) -> str:
    """The whole telephone or identity number, and an event that says who saw it and why."""
    person = visible_resident(by, resident_id)
    may_see(by, person.area_id).require()
    number: str = person.phone if what is Closed.PHONE else person.identity_number
    record(
        type="households.resident.revealed",
        subject=f"household:{person.household_id}",
        by=by,
        data={"resident": str(person.pk), "what": what.value, "purpose": purpose.value},
    )
    return number

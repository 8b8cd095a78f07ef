"""What a cadre's phone holds of the households in their care, for diaries that are written without a signal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from minqing.core.actor import Actor
from minqing.households.queries import MemberName, names_of_members, places_of_homes, prints_of_codes
from minqing.org.queries import area_names, system_actor
from minqing.privacy.access import acting_as
from minqing.visits.models import HouseholdAssignment
from minqing.visits.queries.visibility import cadres_at, in_care, member_label

CODE: Final = "visits.home"


def key_of(household_id: UUID) -> str:
    return f"{CODE}:{household_id}"


def homes(actor: Actor) -> Mapping[str, dict[str, object]]:
    """Every household in the actor's care, with the people to choose from; four queries however many there are.

    Nothing is there that a diary does not need: no numbers of people, no notes, no tags, nothing that was said before.
    """
    if actor.id is None:
        return {}
    care = list(in_care(actor, actor.id))
    ids = [one.household_id for one in care]
    people: dict[UUID, list[MemberName]] = defaultdict(list)
    for person in names_of_members(actor, ids):
        people[person.household_id].append(person)
    codes = prints_of_codes(actor, ids) if ids else {}
    return {
        key_of(one.household_id): parcel(one, people[one.household_id], codes.get(one.household_id, "")) for one in care
    }


def parcel(care: HouseholdAssignment, people: Collection[MemberName], code: str) -> dict[str, object]:
    home = care.household
    return {
        "id": str(home.pk),
        "number": home.number,
        "address": home.address,
        "area": care.area.name,
        # of 128 random bits; frontend/diary/scan.js makes the same of what it reads
        "code": code[:16],
        "due_on": care.due_on.isoformat(),
        "last_visit_at": care.last_visit_at.isoformat() if care.last_visit_at else "",
        "members": [
            {
                "id": str(one.id),
                "name": one.name,
                "label": member_label(one),
                "pinyin": one.pinyin,
                "lives_here": one.lives_here,
            }
            for one in people
        ],
    }


def gone_to(actor: Actor, keys: Collection[str]) -> dict[str, str]:
    """Of households that are in the actor's care no more, the place and who cares for them now: words of the office."""
    if not keys:
        return {}
    ids = [UUID(key.removeprefix(f"{CODE}:")) for key in keys]
    with acting_as(system_actor("visits.gone_to")):
        found = places_of_homes(ids)
    names = area_names({one.area_id for one in found})
    return {key_of(one.id): "，".join([names[one.area_id], *cadres_at(one.id, one.area_id)]) for one in found}


def once_cared_for(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these households that were in the actor's care once, wherever they lie now.

    For a diary that was written before the phone could hear that the household had gone.
    """
    if not ids:
        return set()
    ours = HouseholdAssignment.objects.filter(household_id__in=ids, account_id=actor.person)
    return set(ours.values_list("household_id", flat=True))

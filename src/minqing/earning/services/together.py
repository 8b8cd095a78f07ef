"""All who took part in something together, thanked at once: a claim for each, and one transfer of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, NotFound
from minqing.core.retry import all_at_a_time
from minqing.earning.enums import Move, Way
from minqing.earning.lifecycle import CLAIM
from minqing.earning.models import Award, Claim, FunctionVersion
from minqing.earning.services.awards import CALLER, Thanked, award_of, person_lock
from minqing.earning.services.budgets import paid_from
from minqing.earning.services.claims import CLAIMS, NUMBERS, household_lock, named
from minqing.households.queries import visible_residents
from minqing.org.queries import system_actor
from minqing.points.enums import Code
from minqing.points.services import Posting, accounts_of_people, post_transfers
from minqing.privacy.access import acting_as


@dataclass(frozen=True, slots=True)
class CameAlong:
    """Somebody who took part. ``cause`` names it: it is thanked once."""

    cause: str
    area_id: int
    household_id: UUID
    resident_id: UUID
    name: str


@transaction.atomic
def thank_together(
    *,
    version_id: int,
    happened_on: date,
    people: Sequence[CameAlong],
    by: Actor,
    first: UUID | None = None,
    at: datetime | None = None,
) -> set[str]:
    """Thank all of them under that version of a function; the caller has asked whether they may be.

    ``first`` is who confirmed before ``by``. Returns the causes of those who are beyond a limit of the function; they
    get nothing. Whoever was thanked before is not thanked again. Events: ``earning.claim.awarded``, one for each.
    """
    at, version = at or clock.now(), FunctionVersion.objects.select_related("function").get(pk=version_id)
    hold_people(people)
    before = set(Claim.objects.filter(cause__in=[one.cause for one in people]).values_list("cause", flat=True))
    rows: list[Claim] = []
    beyond: set[str] = set()
    wanted = [
        Claim(
            number=number,
            version=version,
            way=Way.ACTIVITY.value,
            area_id=one.area_id,
            household_id=one.household_id,
            resident_id=one.resident_id,
            name=named(one.name),
            happened_on=happened_on,
            cause=one.cause,
            received_at=at,
            changed_at=at,
            decided_at=at,
            state=CLAIM.born(Move.THANK).value,
            vouched_by_id=first,
            decided_by_id=by.id if by.kind == "user" else None,
        )
        for one, number in zip(people, NUMBERS.many([at] * len(people)), strict=True)
    ]
    thanked = Thanked(version, happened_on, wanted)
    for row in wanted:
        if row.cause in before:
            continue
        try:
            thanked.take(row)
        except Conflict:
            beyond.add(str(row.cause))
        else:
            rows.append(row)
    give_all(rows, by, at)
    return beyond


def hold_people(people: Sequence[CameAlong]) -> None:
    """Nobody else counts what they were thanked for: households, then people, each in one order."""
    homes, residents = sorted({one.household_id for one in people}), sorted({one.resident_id for one in people})
    all_at_a_time([*map(household_lock, homes), *map(person_lock, residents)])


def give_all(rows: Sequence[Claim], by: Actor, at: datetime) -> None:
    """All or none; the first claim names the batch, and no other has it."""
    if not rows:
        return
    CLAIMS.begin_all(rows, Move.THANK, by=by, at=at, data=lambda row: {"points": row.version.points})
    payer = paid_from(rows[0].version, sum(row.version.points for row in rows), by=by, at=at)
    accounts = accounts_now(rows, by, at)
    postings = [
        Posting(payer, accounts[row.resident_id], row.version.points, Code.AWARD, f"claim:{row.pk}")
        for row in rows
        if row.resident_id
    ]
    answer = post_transfers(caller=CALLER, key=f"together:{rows[0].pk}", postings=postings, by=by).checked()
    Award.objects.bulk_create([award_of(row, id, at) for row, id in zip(rows, answer.ids, strict=True)])


def accounts_now(rows: Sequence[Claim], by: Actor, at: datetime) -> Mapping[UUID, int]:
    """Whoever has moved since has their account where they live now, which who thanks need not see."""
    wanted = {row.resident_id for row in rows if row.resident_id}
    with acting_as(system_actor("earning.account")) as system:
        people = dict(visible_residents(system).filter(pk__in=wanted).values_list("pk", "household__area"))
        if len(people) < len(wanted):
            raise NotFound("no_resident")
        return accounts_of_people(people=people, by=by, at=at)

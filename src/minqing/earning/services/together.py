"""All who took part in something together, thanked at once: a claim for each, and one transfer of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.core.retry import one_at_a_time
from minqing.earning.enums import Move, Way
from minqing.earning.lifecycle import CLAIM
from minqing.earning.models import Award, Claim, FunctionVersion
from minqing.earning.services.awards import CALLER, award_of, person_lock, posting, refuse_beyond
from minqing.earning.services.budgets import paid_from
from minqing.earning.services.claims import CLAIMS, NUMBERS, household_lock, named
from minqing.points.services import post_transfers


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
    for one in people:
        row = Claim(
            number=NUMBERS.next(at),
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
        try:
            refuse_beyond(row, together=rows)
        except Conflict:
            beyond.add(one.cause)
        else:
            rows += [row] if one.cause not in before else []
    give_all(rows, by, at)
    return beyond - before


def hold_people(people: Sequence[CameAlong]) -> None:
    """Nobody else counts what they were thanked for: households, then people, each in one order."""
    for household in sorted({one.household_id for one in people}):
        one_at_a_time(household_lock(household))
    for resident in sorted({one.resident_id for one in people}):
        one_at_a_time(person_lock(resident))


def give_all(rows: Sequence[Claim], by: Actor, at: datetime) -> None:
    """All or none; the first claim names the batch, and no other has it."""
    if not rows:
        return
    for row in rows:
        CLAIMS.finish(row, Move.THANK, by=by, at=at, data={"points": row.version.points})
    payer = paid_from(rows[0].version, sum(row.version.points for row in rows), by=by, at=at)
    postings = [posting(row, payer, by) for row in rows]
    answer = post_transfers(caller=CALLER, key=f"together:{rows[0].pk}", postings=postings, by=by).checked()
    Award.objects.bulk_create([award_of(row, id, at) for row, id in zip(rows, answer.ids, strict=True)])

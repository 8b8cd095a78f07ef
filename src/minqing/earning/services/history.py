"""What people were thanked for in the past, many at a time: claims from lists on paper, and one batch of the ledger.

The limits for what is claimed today do not apply to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from minqing.core.actor import Actor
from minqing.earning.enums import Move, Way
from minqing.earning.lifecycle import CLAIM
from minqing.earning.models import Award, Claim, FunctionVersion
from minqing.earning.services.awards import CALLER, award_of
from minqing.earning.services.claims import NUMBERS
from minqing.journal.services import record
from minqing.points.enums import AccountKind, Code
from minqing.points.services import Posting, house_account, post_transfers

LOADED: Final = "earning.history.loaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastThanks:
    """Somebody was thanked with the points of ``version``: one wrote it down, another confirmed it."""

    version: FunctionVersion
    account: int
    area_id: int
    household_id: UUID
    resident_id: UUID
    name: str
    happened_on: date
    taken_by: UUID
    decided_by: UUID


@transaction.atomic
def load_past_thanks(thanks: Sequence[PastThanks], *, by: Actor, at: datetime) -> int:
    """Store claims that were confirmed then, and give their points; returns how many. One event for all.

    The caller acts as somebody who sees the areas, and says of which moment the ledger's transfers are.
    """
    if not thanks:
        return 0
    claims = Claim.objects.bulk_create(
        [claim_of(one, number, at) for one, number in zip(thanks, NUMBERS.many([at] * len(thanks)), strict=True)]
    )
    issuance = house_account(kind=AccountKind.ISSUANCE, by=by).pk
    postings = [
        Posting(issuance, one.account, one.version.points, Code.AWARD, f"claim:{row.pk}")
        for one, row in zip(thanks, claims, strict=True)
    ]
    answer = post_transfers(caller=CALLER, key=f"history:{claims[0].pk}", postings=postings, by=by).checked()
    Award.objects.bulk_create([award_of(row, id, at) for row, id in zip(claims, answer.ids, strict=True)])
    record(type=LOADED, subject="earning", by=by, at=at, data={"claims": len(claims)})
    return len(claims)


def claim_of(one: PastThanks, number: str, at: datetime) -> Claim:
    return Claim(
        number=number,
        version=one.version,
        way=Way.PAPER.value,
        area_id=one.area_id,
        household_id=one.household_id,
        resident_id=one.resident_id,
        name=one.name,
        happened_on=one.happened_on,
        received_at=at,
        changed_at=at,
        decided_at=at,
        state=CLAIM.born(Move.THANK).value,
        taken_by_id=one.taken_by,
        decided_by_id=one.decided_by,
    )

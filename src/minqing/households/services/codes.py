"""Codes at the door: issued, issued anew, revoked. One is in force at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, NotFound
from minqing.core.ids import digest, new_id, random_token
from minqing.households.codes import TOKEN_BITS, url_of
from minqing.households.models import Household, HouseholdCode
from minqing.households.queries.visibility import visible_codes, visible_households
from minqing.households.rules import may_issue_codes, may_take_in
from minqing.households.services.rows import locked_household
from minqing.intake.staging import insert_all
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record, record_all

AT_ONCE = 1000
ISSUED = "households.code.issued"


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code in force; ``url`` is what the QR code says."""

    code: HouseholdCode
    token: str
    url: str


@transaction.atomic
def issue_code(*, household_id: UUID, by: Actor, at: datetime | None = None) -> IssuedCode:
    """The household's code; a new one if none is in force. Event: ``households.code.issued``."""
    household = locked_household(household_id, by)
    may_issue_codes(by, household.area_id).require()
    found = HouseholdCode.objects.filter(household=household, revoked_at=None).first()
    return issued(found or issue_new(household, id=new_id(), by=by, at=at or clock.now()))


@sent_once()
def reissue_code(*, id: UUID, household_id: UUID, by: Actor, at: datetime | None = None) -> IssuedCode:
    """A new code under the key ``id``; the old one opens nothing from this moment. The same ``id`` again: the same."""
    at = at or clock.now()
    household = locked_household(household_id, by)
    may_issue_codes(by, household.area_id).require()
    found = HouseholdCode.objects.filter(pk=id, household=household).first()
    if found is not None:
        return issued(found)
    for old in HouseholdCode.objects.filter(household=household, revoked_at=None):
        revoke(old, by=by, at=at)
    return issued(issue_new(household, id=id, by=by, at=at))


@transaction.atomic
def revoke_code(*, code_id: UUID, by: Actor, at: datetime | None = None) -> HouseholdCode:
    """End a code at once, as when its plate was stolen. Event: ``households.code.revoked``."""
    code = visible_codes(by).filter(pk=code_id).first()
    if code is None:
        raise NotFound("no_code")
    # the household before its codes, as everywhere in this room: it may be issuing another one
    locked_household(code.household_id, by)
    code.refresh_from_db()
    may_issue_codes(by, code.area_id).require()
    if code.revoked_at is None:
        revoke(code, by=by, at=at or clock.now())
    return code


@transaction.atomic
def issue_missing_codes(*, area_ids: Collection[int], by: Actor, at: datetime | None = None) -> int:
    """Give every open household of the areas that has none a code, at most 1,000 at once; returns how many."""
    at = at or clock.now()
    for area_id in area_ids:
        may_issue_codes(by, area_id).require()
    without = (
        visible_households(by)
        .select_for_update()
        .filter(area_id__in=area_ids, closed_at=None)
        .exclude(pk__in=visible_codes(by).filter(revoked_at=None).values("household_id"))
        .order_by("number")
    )
    locked = list(without[:AT_ONCE])
    # whoever was waited for may have issued some of them
    there = set(HouseholdCode.objects.filter(household__in=locked, revoked_at=None).values_list("household", flat=True))
    codes = [fresh_code(one, id=new_id(), at=at) for one in locked if one.pk not in there]
    insert_all(codes)
    about = ((f"household:{code.household_id}", {"code": str(code.pk)}) for code in codes)
    record_all(type=ISSUED, about=about, by=by, at=at)
    return len(codes)


def issue_new(household: Household, *, id: UUID, by: Actor, at: datetime) -> HouseholdCode:
    if not (decision := may_take_in(closed=household.closed_at is not None)):
        raise Conflict(decision.code, decision.reason)
    code = fresh_code(household, id=id, at=at)
    code.save(force_insert=True)
    record(
        type=ISSUED,
        subject=f"household:{household.pk}",
        by=by,
        at=at,
        data={"code": str(code.pk)},
    )
    return code


def fresh_code(household: Household, *, id: UUID, at: datetime) -> HouseholdCode:
    """A code with a new secret, unsaved."""
    token = random_token(TOKEN_BITS)
    return HouseholdCode(
        id=id, household=household, area_id=household.area_id, digest=digest(token), token=token, issued_at=at
    )


def revoke(code: HouseholdCode, *, by: Actor, at: datetime) -> None:
    code.revoked_at = at
    code.save(update_fields=["revoked_at"])
    record(
        type="households.code.revoked",
        subject=f"household:{code.household_id}",
        by=by,
        at=at,
        data={"code": str(code.pk)},
    )


def issued(code: HouseholdCode) -> IssuedCode:
    return IssuedCode(code=code, token=code.token, url=url_of(code.token))

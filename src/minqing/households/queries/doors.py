"""Codes at the door: opening by code, what the scanner says, what is on the plates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db.models import Count, F, Q

from minqing.audit.kinds import numbers_in
from minqing.core.actor import Actor
from minqing.core.ids import code_of, digest
from minqing.households.codes import check_fits, short_check, url_of
from minqing.households.models import Household, HouseholdCode
from minqing.households.queries.files import village_of
from minqing.households.queries.visibility import visible_codes, visible_households
from minqing.households.rules import number_readings
from minqing.org.queries import areas_below
from minqing.privacy.access import acting_as, one_of


class CodeState(Enum):
    """What a scanned code is to the actor. Unknown and another village's look the same."""

    IN_FORCE = "in_force"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlateCount:
    """Households of one area, and how many of them have a code in force."""

    area_id: int
    name: str
    households: int
    with_code: int

    @property
    def missing(self) -> int:
        return self.households - self.with_code


@dataclass(frozen=True, slots=True)
class Plate:
    """What is printed on one plate."""

    number: str
    village: str
    url: str
    check: str


@dataclass(frozen=True, slots=True)
class InForce:
    """A household's code: its row, since when, and the short code on its plate."""

    id: UUID
    since: datetime
    check: str


def household_by_code(token: str) -> Household | None:
    """The household at whose door ``token`` hangs, its area joined; None for unknown, revoked and malformed alike.

    Needs a transaction. The code is found by the digest of what came, so that the time tells nothing about how
    near a guess was; the household's row is then read as the household itself.
    """
    key = digest(code_of(token))
    with acting_as(Actor(id=None, kind="resident", name=""), code=key):
        code = HouseholdCode.objects.filter(digest=key, revoked_at=None).first()
    if code is None:
        return None
    with acting_as(Actor(id=None, kind="resident", name="", household=code.household_id), code=key) as resident:
        return visible_households(resident).select_related("area__parent").filter(closed_at=None).first()


def code_state(actor: Actor, token: str) -> tuple[CodeState, UUID | None]:
    """What the actor's own scanner found, with the household's id where the actor may know it."""
    code = visible_codes(actor).filter(digest=digest(code_of(token))).first()
    if code is None:
        return CodeState.UNKNOWN, None
    state = CodeState.REVOKED if code.revoked_at else CodeState.IN_FORCE
    return state, code.household_id


def prints_of_codes(actor: Actor, household_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of each household the digest of the code at its door, by which a scanner without a signal knows it again."""
    found = visible_codes(actor).filter(household_id__in=list(household_ids), revoked_at=None)
    return dict(found.values_list("household_id", "digest"))


def code_in_force(actor: Actor, household_id: UUID) -> InForce | None:
    """The code at a household's door, where the actor may know of it."""
    code = visible_codes(actor).filter(household_id=household_id, revoked_at=None).first()
    return InForce(code.pk, code.issued_at, short_check(code.token)) if code else None


def door_url(actor: Actor, household_id: UUID) -> str:
    """The address on a household's plate, to be printed on a paper of theirs; empty where there is none in sight."""
    code = visible_codes(actor).filter(household_id=household_id, revoked_at=None).first()
    return url_of(code.token) if code else ""


def door_urls(actor: Actor, households: Iterable[UUID]) -> dict[UUID, str]:
    """The same of several, by household; without those that have no code in sight."""
    codes = visible_codes(actor).filter(household_id__in=set(households), revoked_at=None)
    return {code.household_id: url_of(code.token) for code in codes}


def code_since(actor: Actor, household_id: UUID) -> datetime | None:
    """Since when the code at the door is in force; None where there is none."""
    codes = visible_codes(actor).filter(household_id=household_id, revoked_at=None)
    since: datetime | None = codes.values_list("issued_at", flat=True).first()
    return since


def household_numbered(actor: Actor, typed: str) -> Household | None:
    """The household whose number ``typed`` is, read as :func:`number_readings` says; the likeliest reading first."""
    readings = number_readings(typed)
    found = {one.number: one for one in visible_households(actor).filter(number__in=readings)}
    return next((found[reading] for reading in readings if reading in found), None)


def id_numbered(actor: Actor, typed: str) -> str | None:
    """Of the household whose number ``typed`` is the id, for the record."""
    found = household_numbered(actor, typed)
    return str(found.pk) if found else None


def numbers_of(actor: Actor, ids: Collection[str]) -> dict[str, str]:
    """The numbers of visible households by their ids, for the record."""
    return numbers_in(visible_households(actor), ids)


def genuine_plate(actor: Actor, *, number: str, check: str) -> bool:
    """Whether a plate with this household number, however it was typed, and this short code hangs by right.

    ``actor`` must see the county (``org.queries.system_actor``), also for a resident who asks: the answer is yes or
    no alone. An unknown number costs the same query and the same comparison as a wrong code.
    """
    readings = number_readings(number)
    codes = visible_codes(actor).filter(household__number__in=readings, revoked_at=None).select_related("household")
    found = {code.household.number: code.token for code in codes}
    token = next((found[reading] for reading in readings if reading in found), "")
    return check_fits(token, check) and token != ""


def plate_counts(actor: Actor, *, within: str = "") -> list[PlateCount]:
    """For every area of the actor that has open households, by the area's place in the tree; one query.

    ``within`` the path of one of them: of what lies in that alone.
    """
    in_force = Q(codes__revoked_at=None, codes__isnull=False)
    mine = visible_households(actor)
    if within:
        mine = mine.filter(one_of("area_id", areas_below([within])))
    rows = (
        mine.filter(closed_at=None)
        .values("area_id", name=F("area__name"), above=F("area__parent__name"), level=F("area__level"))
        .annotate(households=Count("pk", distinct=True), with_code=Count("codes__pk", filter=in_force, distinct=True))
        .order_by("area__path")
    )
    return [
        PlateCount(
            row["area_id"],
            f"{row['above']} {row['name']}" if row["level"] == "grid" else row["name"],
            row["households"],
            row["with_code"],
        )
        for row in rows
    ]


def plates_of(actor: Actor, area_ids: Iterable[int], *, start: int = 0, size: int = 160) -> list[Plate]:
    """Plates of the open households with a code, by household number; ``start`` counts from 0. One query."""
    codes = (
        visible_codes(actor)
        .filter(area_id__in=list(area_ids), revoked_at=None, household__closed_at=None)
        .select_related("household__area__parent")
        .order_by("household__number", "pk")
    )
    return [
        Plate(
            number=code.household.number,
            village=village_of(code.household),
            url=url_of(code.token),
            check=short_check(code.token),
        )
        for code in codes[start : start + size]
    ]

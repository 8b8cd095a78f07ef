"""Points given and taken back as a mistake: limits, accounts, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.earning import rules
from minqing.earning.models import Award, Claim
from minqing.households.queries import visible_household, visible_resident
from minqing.org.queries import system_actor
from minqing.points.enums import Code, Kind
from minqing.points.services import Posting, house_account, open_account, post_transfers, reverse_transfer
from minqing.privacy.access import acting_as

CALLER: Final = "earning"


def give(row: Claim, by: Actor, at: datetime) -> Award:
    """The award of a claim that is held, posted under its key. Raises Conflict where a limit is reached."""
    refuse_beyond(row)
    answer = post_transfers(caller=CALLER, key=f"award:{row.pk}", postings=[posting(row, by)], by=by).checked()
    award = award_of(row, answer.ids[0], at)
    award.save(force_insert=True)
    return award


def posting(row: Claim, by: Actor) -> Posting:
    """What the ledger is told of a claim that is thanked."""
    whose: dict[str, Any] = (
        {"kind": Kind.RESIDENT, "resident": row.resident_id}
        if row.resident_id
        else {"kind": Kind.HOUSEHOLD, "household": row.household_id}
    )
    # whoever has moved since has their account where they live now, which who confirms need not see
    with acting_as(system_actor("earning.account")) as system:
        to = open_account(area=area_now(system, row), by=by, **whose)
    issuance = house_account(kind=Kind.ISSUANCE, by=by)
    return Posting(issuance.pk, to.pk, row.version.points, Code.AWARD, f"claim:{row.pk}")


def area_now(system: Actor, row: Claim) -> int:
    """Where whoever is thanked lives by now."""
    if row.resident_id:
        return visible_resident(system, row.resident_id, left=True).area_id
    return visible_household(system, row.household_id).area_id if row.household_id else row.area_id


def award_of(row: Claim, transfer: int, at: datetime) -> Award:
    return Award(
        claim=row,
        function_id=row.version.function_id,
        area_id=row.area_id,
        household_id=row.household_id,
        resident_id=row.resident_id,
        happened_on=row.happened_on,
        points=row.version.points,
        transfer=transfer,
        awarded_at=at,
    )


def refuse_beyond(row: Claim, *, together: Sequence[Claim] = ()) -> None:
    """How often this person and this household were thanked for it by now; the caller holds the household's name.

    ``together`` are those that are thanked for the same in the same batch.
    """
    if row.household_id is None:
        raise Conflict("household_gone", _("The household's file is not there any more."))
    version = row.version
    given = Award.objects.filter(household=row.household_id, function=version.function_id, corrected_at=None)
    season = given.filter(happened_on__range=rules.season_of(row.happened_on))
    day = given.filter(happened_on=row.happened_on)
    same = {"resident": row.resident_id}
    home = sum(one.household_id == row.household_id for one in together)
    own = sum((one.household_id, one.resident_id) == (row.household_id, row.resident_id) for one in together)
    for limit, rows, more, told in (
        (version.person_day, day.filter(**same), own, _("This person was thanked for this on that day already.")),
        (
            version.person_season,
            season.filter(**same),
            own,
            _("This person was thanked for this often enough this quarter."),
        ),
        (version.household_day, day, home, _("This household was thanked for this on that day already.")),
        (version.household_season, season, home, _("This household was thanked for this often enough this quarter.")),
    ):
        if limit is not None and rows.count() + more >= limit:
            raise Conflict("limit_reached", told)


def take_back(row: Claim, by: Actor, at: datetime) -> None:
    """The transfer of a claim that is held, reversed once."""
    award = Award.objects.get(claim=row)
    loss = house_account(kind=Kind.LOSS, by=by).pk
    reverse_transfer(
        caller=CALLER, key=f"correct:{row.pk}", transfer=award.transfer, loss=loss, by=by, reason="mistake"
    ).checked()
    award.corrected_at = at
    award.save(update_fields=["corrected_at"])

"""Points given and taken back as a mistake: limits, accounts, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.core.retry import one_at_a_time
from minqing.earning import rules
from minqing.earning.models import Award, Claim, FunctionVersion
from minqing.earning.services.budgets import CALLER, held, move, paid_from
from minqing.households.queries import visible_household, visible_resident
from minqing.org.queries import system_actor
from minqing.points.enums import AccountKind, Code
from minqing.points.services import Posting, house_account, open_account, post_transfers, reverse_transfer
from minqing.privacy.access import acting_as


def give(row: Claim, by: Actor, at: datetime) -> Award:
    """The award of a claim that is held, posted under its key. Raises Conflict where a limit is reached."""
    refuse_beyond(row)
    payer = paid_from(row.version, row.version.points, by=by, at=at)
    answer = post_transfers(caller=CALLER, key=f"award:{row.pk}", postings=[posting(row, payer, by)], by=by).checked()
    award = award_of(row, answer.ids[0], at)
    award.save(force_insert=True)
    return award


def posting(row: Claim, payer: int, by: Actor) -> Posting:
    """What the ledger is told of a claim that is thanked, from the account of ``payer``."""
    whose: dict[str, Any] = (
        {"kind": AccountKind.RESIDENT, "resident": row.resident_id}
        if row.resident_id
        else {"kind": AccountKind.HOUSEHOLD, "household": row.household_id}
    )
    # whoever has moved since has their account where they live now, which who confirms need not see
    with acting_as(system_actor("earning.account")) as system:
        to = open_account(area=area_now(system, row), by=by, **whose)
    return Posting(payer, to.pk, row.version.points, Code.AWARD, f"claim:{row.pk}")


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


def refuse_for_all(version: FunctionVersion, resident_id: UUID | None) -> None:
    """Raises Invalid where a person's own limits stand and nobody is named: the household is no further person."""
    if resident_id is None and version.is_of_person:
        raise Invalid("person_missing", _("This is counted for each person: choose whose account it is."))


def refuse_beyond(row: Claim, *, together: Sequence[Claim] = ()) -> None:
    """How often this person, wherever they lived, and this household were thanked for it by now; the caller holds the
    household's name. What was given elsewhere counts as well, which who confirms here does not see.

    ``together`` are those that are thanked for the same in the same batch.
    """
    if row.household_id is None:
        raise Conflict("household_gone", _("The household's file is not there any more."))
    version = row.version
    whose = {"resident": row.resident_id} if row.resident_id else {"household": row.household_id, "resident": None}
    if row.resident_id:
        one_at_a_time(person_lock(row.resident_id))
    home = sum(one.household_id == row.household_id for one in together)
    own = sum(all(getattr(one, f"{key}_id") == value for key, value in whose.items()) for one in together)
    given = Award.objects.filter(function=version.function_id, corrected_at=None)
    day, season = {"happened_on": row.happened_on}, {"happened_on__range": rules.season_of(row.happened_on)}
    at_home = {"household": row.household_id}
    with acting_as(system_actor("earning.limits")):
        for limit, rows, more, told in (
            (version.person_day, whose | day, own, _("This person was thanked for this on that day already.")),
            (
                version.person_season,
                whose | season,
                own,
                _("This person was thanked for this often enough this quarter."),
            ),
            (version.household_day, at_home | day, home, _("This household was thanked for this on that day already.")),
            (
                version.household_season,
                at_home | season,
                home,
                _("This household was thanked for this often enough this quarter."),
            ),
        ):
            if limit is not None and given.filter(**rows).count() + more >= limit:
                raise Conflict("limit_reached", told)


def person_lock(resident_id: UUID) -> str:
    """Within this name it is counted how often a person was thanked, after the names of households: they may move."""
    return f"earning:person:{resident_id}"


def take_back(row: Claim, by: Actor, at: datetime) -> None:
    """The transfer of a claim that is held, reversed once. Of a period that is over nothing fills the budget again."""
    award = Award.objects.get(claim=row)
    budget = held(row.version.budget_id) if row.version.budget_id else None
    loss = house_account(kind=AccountKind.LOSS, by=by).pk
    reverse_transfer(
        caller=CALLER, key=f"correct:{row.pk}", transfer=award.transfer, loss=loss, by=by, reason="mistake"
    ).checked()
    if budget is not None and award.transfer < (budget.filled_with or 0):
        move(budget, -award.points, key=f"back:{row.pk}", by=by)
    award.corrected_at = at
    award.save(update_fields=["corrected_at"])

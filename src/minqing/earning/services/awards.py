"""Points given and taken back as a mistake: limits, accounts, and the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
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


def refuse_beyond(row: Claim) -> None:
    """How often this person, wherever they lived, and this household were thanked for it by now; the caller holds the
    household's name. What was given elsewhere counts as well, which who confirms here does not see.
    """
    if row.household_id is not None and row.resident_id:
        one_at_a_time(person_lock(row.resident_id))
    Thanked(row.version, row.happened_on, [row]).take(row)


class Thanked:
    """How often each of many was thanked by now for the same: by day and by quarter, the person and the household. The
    caller holds their names. A statement for each limit that the function has.
    """

    def __init__(self, version: FunctionVersion, day: date, rows: Sequence[Claim]) -> None:
        given = Award.objects.filter(function=version.function_id, corrected_at=None)
        homes = {one.household_id for one in rows}
        people = {one.resident_id for one in rows if one.resident_id}
        whose = Q(resident__in=people) | Q(household__in=homes, resident=None)
        on_day, in_season = {"happened_on": day}, {"happened_on__range": rules.season_of(day)}
        self.limits: list[tuple[int, bool, Counter[Any], Any]] = []
        with acting_as(system_actor("earning.limits")):
            for limit, of_person, when, told in (
                (version.person_day, True, on_day, BY_PERSON_DAY),
                (version.person_season, True, in_season, BY_PERSON_SEASON),
                (version.household_day, False, on_day, BY_HOME_DAY),
                (version.household_season, False, in_season, BY_HOME_SEASON),
            ):
                if limit is not None:
                    found = given.filter(whose if of_person else Q(household__in=homes), **when)
                    pairs = found.values_list("resident", "household")
                    counts = Counter((one or home) if of_person else home for one, home in pairs)
                    self.limits.append((limit, of_person, counts, told))

    def take(self, row: Claim) -> None:
        """One more, who is counted with those that come after. Raises Conflict where a limit is reached."""
        if row.household_id is None:
            raise Conflict("household_gone", _("The household's file is not there any more."))
        counted = [
            (limit, counts, (row.resident_id or row.household_id) if of_person else row.household_id, told)
            for limit, of_person, counts, told in self.limits
        ]
        for limit, counts, whose, told in counted:
            if counts[whose] >= limit:
                raise Conflict("limit_reached", told)
        for _limit, counts, whose, _told in counted:
            counts[whose] += 1


BY_PERSON_DAY: Final = _("This person was thanked for this on that day already.")
BY_PERSON_SEASON: Final = _("This person was thanked for this often enough this quarter.")
BY_HOME_DAY: Final = _("This household was thanked for this on that day already.")
BY_HOME_SEASON: Final = _("This household was thanked for this often enough this quarter.")


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

"""What budgets hold, and which functions wait because theirs is used up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.earning.enums import Period
from minqing.earning.models import Budget, FunctionVersion
from minqing.earning.rules import Purse, began, begins_next, may_pay
from minqing.points.queries import balance_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One budget as it stands: what is left, until when, and the functions in force that are paid from it."""

    row: Budget
    left: int
    until: date
    functions: list[FunctionVersion]


def purse_of(row: Budget, at: datetime) -> Purse:
    """As if the points of a period that has begun were put in."""
    day, period = clock.local_date(at), Period(row.period)
    is_filled = row.filled_on is not None and row.filled_on >= began(period, day)
    left = balance_of(row.account_id).available if is_filled else row.points
    return Purse(row.name, left, begins_next(period, day))


def purse_for(version: FunctionVersion) -> Purse | None:
    return purse_of(version.budget, clock.now()) if version.budget else None


def used_up(versions: Iterable[FunctionVersion]) -> dict[str, Purse]:
    """Functions for which nothing can be given now, with what their budgets hold; each budget is looked at once."""
    found: dict[str, Purse] = {}
    known: dict[str, Purse] = {}
    budgets = Budget.objects.in_bulk({one.budget_id for one in versions if one.budget_id})
    for one in versions:
        if one.budget_id is None:
            continue
        if one.budget_id not in known:
            known[one.budget_id] = purse_of(budgets[one.budget_id], clock.now())
        if not may_pay(known[one.budget_id], one.points):
            found[one.function_id] = known[one.budget_id]
    return found


def budget_named(code: str) -> Budget:
    """NotFound for a code that no budget has."""
    row = Budget.objects.filter(pk=code).first()
    if row is None:
        raise NotFound("budget")
    return row


def budget_sent(code: str) -> Budget | None:
    return Budget.objects.filter(pk=code).first()


def stored_budgets() -> list[Budget]:
    return list(Budget.objects.order_by("pk"))


def standings() -> list[Standing]:
    versions: dict[str, list[FunctionVersion]] = {}
    for one in FunctionVersion.objects.filter(current=True, withdrawn=False).exclude(budget=None).order_by("name"):
        versions.setdefault(str(one.budget_id), []).append(one)
    now = clock.now()
    purses = [(row, purse_of(row, now)) for row in stored_budgets()]
    return [Standing(row, one.left, one.next_on, versions.get(row.pk, [])) for row, one in purses]

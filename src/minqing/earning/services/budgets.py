"""Budgets that functions are paid from: so many points in each period, put into an account of the ledger.

What a period has not given is given up as the next begins: by whoever gives first, and by the job of the night. Locks:
the budget's row, after households and claims, then the ledger's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.core.formats import check_length
from minqing.core.retry import one_at_a_time
from minqing.earning import rules
from minqing.earning.enums import Period
from minqing.earning.models import Budget, FunctionVersion
from minqing.earning.queries.budgets import budget_sent, purse_of
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.org.queries import system_actor, top_area
from minqing.org.services import Outcome
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import awarded_from, balance_of
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as

CALLER: Final = "earning"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetTerms:
    """What the operator says of a budget."""

    name: str
    points: int
    period: Period

    def checked(self) -> dict[str, Any]:
        """As its row keeps it."""
        if not 0 < self.points <= rules.MOST_BUDGET:
            raise Invalid("budget_points", _("This number of points cannot be."))
        if not (name := check_length(clean(self.name), 40)):
            raise Invalid("budget_name", _("The name is missing."))
        return {"name": name, "points": self.points, "period": self.period.value}


@sent_once(made=lambda given: budget_sent(given["code"]))
def add_budget(*, id: UUID, code: str, wanted: BudgetTerms, by: Actor, at: datetime | None = None) -> Budget:
    """One more budget, with the points of the period that has begun. Event: ``earning.budget.saved``."""
    rules.may_keep_budgets(by).require()
    one_at_a_time(lock_of(code))
    if held(code) is not None:
        raise Invalid("budget_taken", _("Another budget has this code."))
    return made(code, wanted, by, at or clock.now())


@sent_once()
def change_budget(*, id: UUID, code: str, wanted: BudgetTerms, by: Actor, at: datetime | None = None) -> Budget:
    """What the period has given already is taken off the new number; what is more is put in, what is less given up.

    Event: ``earning.budget.saved``, if something is new.
    """
    rules.may_keep_budgets(by).require()
    one_at_a_time(lock_of(code))
    row = held(code)
    if row is None:
        raise NotFound("budget")
    changed(row, wanted, by, at or clock.now())
    return row


@transaction.atomic
def save_budget(*, code: str, wanted: BudgetTerms, by: Actor, at: datetime | None = None) -> Outcome:
    """Of a table: added where no budget has that code, else changed. Event: ``earning.budget.saved``, if it is new."""
    rules.may_keep_budgets(by).require()
    one_at_a_time(lock_of(code))
    row = held(code)
    if row is None:
        made(code, wanted, by, at or clock.now())
        return "created"
    return changed(row, wanted, by, at or clock.now())


def lock_of(code: str) -> str:
    return f"earning.budget:{code}"


def held(code: str) -> Budget | None:
    return Budget.objects.select_for_update().filter(pk=code).first()


def made(code: str, wanted: BudgetTerms, by: Actor, at: datetime) -> Budget:
    if not rules.CODE.fullmatch(code):
        raise Invalid("budget_code", _("A code has small letters, digits and underscores, and begins with a letter."))
    said = wanted.checked()
    row = Budget.objects.create(code=code, account_id=opened(said["name"], by), changed_at=at, **said)
    fill(row, by=by, at=at)
    return record_saved(row, by, at)


def changed(row: Budget, wanted: BudgetTerms, by: Actor, at: datetime) -> Outcome:
    said = wanted.checked()
    if said == {one: getattr(row, one) for one in said}:
        return "unchanged"
    fill(row, by=by, at=at)
    if row.period == said["period"]:
        rest = balance_of(row.account_id).available
        # not by the difference: of a number that was lowered below what is given there was less to give up
        more = max(0, said["points"] - given_of(row)) - rest
        move(row, more, key=f"{row.changed_at.isoformat()}:{said['points']}", by=by)
    else:
        # what has another period begins anew
        row.filled_on = None
    for field, value in said.items():
        setattr(row, field, value)
    row.changed_at = at
    row.save()
    fill(row, by=by, at=at)
    record_saved(row, by, at)
    return "updated"


def record_saved(row: Budget, by: Actor, at: datetime) -> Budget:
    data: dict[str, Json] = {"points": row.points, "period": row.period}
    record(type="earning.budget.saved", subject=f"budget:{row.pk}", by=by, at=at, data=data)
    return row


def opened(name: str, by: Actor) -> int:
    area = top_area()
    if area is None:
        raise Conflict("no_county", _("There is no county yet."))
    with acting_as(system_actor("earning.budget")):
        return open_account(kind=AccountKind.BUDGET, area=area.pk, name=name, by=by).pk


def fill(row: Budget, *, by: Actor, at: datetime) -> bool:
    """Put in the points of a period that has begun, and give up what is left of the former; the row is held.

    Event: ``earning.budget.filled``, if it had begun.
    """
    first = rules.began(Period(row.period), clock.local_date(at))
    if row.filled_on is not None and row.filled_on >= first:
        return False
    rest = balance_of(row.account_id).available
    # what a shorter period was before it has the same first day
    key = f"{first}:{row.filled_on}:{row.changed_at.isoformat()}"
    if rest:
        move(row, -rest, key=f"rest:{key}", by=by)
    row.filled_with = move(row, row.points, key=key, by=by)
    row.filled_on = first
    row.save(update_fields=["filled_on", "filled_with"])
    data: dict[str, Json] = {"points": row.points, "given_up": rest, "since": first.isoformat()}
    record(type="earning.budget.filled", subject=f"budget:{row.pk}", by=by, at=at, data=data)
    return True


def given_of(row: Budget) -> int:
    """What was given of the points of this period, without what was taken back; the row is held."""
    return awarded_from(row.account_id, after=row.filled_with) if row.filled_with else 0


def move(row: Budget, points: int, *, key: str, by: Actor) -> int | None:
    """So many more from what the county issues; less than nothing is given up. Returns the transfer, if any."""
    if not points:
        return None
    if points > 0:
        one = Posting(
            house_account(kind=AccountKind.ISSUANCE, by=by).pk, row.account_id, points, Code.FUND, f"budget:{row.pk}"
        )
    else:
        to = house_account(kind=AccountKind.BREAKAGE, by=by).pk
        one = Posting(row.account_id, to, -points, Code.GIVE_UP, f"budget:{row.pk}")
    return post_transfers(caller=CALLER, key=f"budget:{row.pk}:{key}", postings=[one], by=by).checked().ids[0]


def fill_begun(*, by: Actor, at: datetime | None = None) -> int:
    """Of all budgets those whose period has begun. Returns how many. Events: ``earning.budget.filled``."""
    at, done = at or clock.now(), 0
    for code in Budget.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            done += fill(Budget.objects.select_for_update().get(pk=code), by=by, at=at)
    return done


def paid_from(version: FunctionVersion, points: int, *, by: Actor, at: datetime) -> int:
    """The account that ``points`` for that function are taken from, held until this is done.

    Raises Conflict with a sentence where its budget has too few left.
    """
    if version.budget_id is None:
        return house_account(kind=AccountKind.ISSUANCE, by=by).pk
    row = Budget.objects.select_for_update().get(pk=version.budget_id)
    fill(row, by=by, at=at)
    decision = rules.may_pay(purse_of(row, at), points)
    if not decision:
        raise Conflict(decision.code, decision.reason)
    return row.account_id

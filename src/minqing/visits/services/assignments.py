"""Who cares for which household 包联."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Max, Q, Value
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.households.services import held_household
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.privacy.access import one_of
from minqing.visits.enums import Met
from minqing.visits.models import HouseholdAssignment, Visit
from minqing.visits.rules import counts_as_met, may_assign, next_due

LONGEST_DAYS = 730


class HouseholdRef(Protocol):
    """What is needed of a household here."""

    id: UUID
    area_id: int
    closed_at: datetime | None


@transaction.atomic
def assign_household(
    *, household: HouseholdRef, account_id: UUID, every_days: int, by: Actor, at: datetime | None = None
) -> HouseholdAssignment:
    """Put a household into a cadre's care, to be visited every ``every_days`` days.

    Doing it again changes the days and nothing else; another cadre may care for the same household as well.
    """
    may_assign(by, household.area_id).require()
    if not 1 <= every_days <= LONGEST_DAYS:
        raise Invalid("every_days", _("A household is visited every 1 to 730 days."), every_days=every_days)
    since = clock.local_date(at or clock.now())
    # a visit at the same moment: the second of the two sees what the first has written
    held_household(household.id, by)
    last = last_met(household.id, account_id)
    assignment, made = HouseholdAssignment.objects.select_for_update().get_or_create(
        household_id=household.id,
        account_id=account_id,
        until=None,
        defaults={
            "area_id": household.area_id,
            "every_days": every_days,
            "since": since,
            "last_visit_at": last,
            "due_on": due_on(last, since, every_days),
        },
    )
    if not made:
        if assignment.every_days == every_days:
            return assignment
        assignment.every_days = every_days
        assignment.due_on = due_on(assignment.last_visit_at, assignment.since, every_days)
        assignment.save(update_fields=["every_days", "due_on"])
    note("visits.assignment.made" if made else "visits.assignment.changed", assignment, by=by, at=at)
    return assignment


# who was put into other hands since is not put back
@sent_once(made=lambda given: len(given["households"]))
def assign_households(
    *, id: UUID, households: Sequence[HouseholdRef], account_id: UUID, every_days: int, by: Actor
) -> int:
    """Put all that were ticked on one form into a cadre's care, or none. Returns how many."""
    # one order of locks
    for household in sorted(households, key=lambda one: one.id):
        assign_household(household=household, account_id=account_id, every_days=every_days, by=by)
    return len(households)


def handed_over(given: Mapping[str, Any]) -> int | None:
    """How many went from the one to the other on the last day on which any did; None where there is none."""
    others = HouseholdAssignment.objects.filter(account_id=given["to_id"], until=None)
    gone = HouseholdAssignment.objects.filter(
        one_of("area_id", given["area_ids"]),
        account_id=given["account_id"],
        until__isnull=False,
        household_id__in=others.values("household_id"),
    )
    return gone.filter(until=gone.aggregate(last=Max("until"))["last"]).count() or None


# the form that is sent again takes nothing that came into the first one's care since
@sent_once(made=handed_over)
def hand_over_care(*, id: UUID, account_id: UUID, to_id: UUID, area_ids: Collection[int], by: Actor) -> int:
    """Everything in one cadre's care in those areas into another one's, as often and as soon as it was to be visited.

    For whoever leaves: what the other one cares for already is only taken from the first. Returns how many households.
    Events: ``visits.assignment.ended`` and ``visits.assignment.made`` for each.
    """
    for area_id in area_ids:
        may_assign(by, area_id).require()
    if account_id == to_id:
        raise Invalid("same_cadre", _("Choose somebody else to hand them over to."))
    given = HouseholdAssignment.objects.filter(one_of("area_id", area_ids), account_id=account_id, until=None)
    households = list(given.order_by("household_id").values_list("household_id", flat=True))
    for household_id in households:
        held_household(household_id, by)
        pass_on(household_id, account_id, to_id, by)
    return len(households)


def pass_on(household_id: UUID, account_id: UUID, to_id: UUID, by: Actor) -> None:
    """One household, which is held: in the other's care from today on."""
    at = clock.now()
    rows = HouseholdAssignment.objects.select_for_update().filter(household_id=household_id, until=None).order_by("pk")
    held = {one.account_id: one for one in rows}
    if (old := held.get(account_id)) is None:
        return
    old.until = clock.local_date(at)
    old.save(update_fields=["until"])
    note("visits.assignment.ended", old, by=by, at=at)
    if to_id not in held:
        new = HouseholdAssignment.objects.create(
            household_id=household_id,
            area_id=old.area_id,
            account_id=to_id,
            every_days=old.every_days,
            since=old.until,
            last_visit_at=old.last_visit_at,
            due_on=old.due_on,
        )
        note("visits.assignment.made", new, by=by, at=at)


@transaction.atomic
def end_assignment(*, assignment: HouseholdAssignment, by: Actor, at: datetime | None = None) -> HouseholdAssignment:
    """Take a household out of a cadre's care; ending it twice ends it once."""
    may_assign(by, assignment.area_id).require()
    locked = HouseholdAssignment.objects.select_for_update().get(pk=assignment.pk)
    if locked.until is None:
        locked.until = clock.local_date(at or clock.now())
        locked.save(update_fields=["until"])
        note("visits.assignment.ended", locked, by=by, at=at)
    return locked


def move_due(*, visit: Visit) -> None:
    """After a visit: the cadre's own assignment is due again so many days later. Part of recording the visit.

    The household is held, by whoever makes an assignment too. A diary written down late does not undo a later visit.
    """
    if not counts_as_met(visit.met):
        return
    day = Value(clock.local_date(visit.visited_at), DateField())
    HouseholdAssignment.objects.filter(
        Q(last_visit_at=None) | Q(last_visit_at__lt=visit.visited_at),
        household_id=visit.household_id,
        account_id=visit.account_id,
        until=None,
    ).update(last_visit_at=visit.visited_at, due_on=ExpressionWrapper(day + F("every_days"), output_field=DateField()))


def last_met(household_id: UUID, account_id: UUID) -> datetime | None:
    visits = Visit.objects.filter(household_id=household_id, account_id=account_id).exclude(met=Met.NOBODY)
    latest: datetime | None = visits.aggregate(at=Max("visited_at"))["at"]
    return latest


def due_on(last: datetime | None, since: date, every_days: int) -> date:
    """From the last visit; a household that was never visited is due at once."""
    return next_due(clock.local_date(last), every_days) if last else since


def note(type: str, assignment: HouseholdAssignment, *, by: Actor, at: datetime | None) -> None:
    record(
        type=type,
        subject=f"household:{assignment.household_id}",
        by=by,
        at=at,
        data={
            "assignment": str(assignment.id),
            "account": str(assignment.account_id),
            "area": assignment.area_id,
            "every_days": assignment.every_days,
            "due_on": assignment.due_on.isoformat(),
        },
    )

"""Who cares for which household."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Invalid, Refused
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from minqing.visits.models import HouseholdAssignment
from minqing.visits.queries import due_assignments
from minqing.visits.rules import ASSIGNERS, may_assign
from minqing.visits.services import assign_household, end_assignment, hand_over_care, record_visit
from tests.cast import Cast, at

MORNING = at("2026-11-20 08:00")


def test_a_household_never_visited_is_due_at_once_and_one_visited_counts_from_then(cast: Cast) -> None:
    clerk, cadre = cast.actor("clerk"), cast.actor("cadre")
    fresh, seen = cast.household(), cast.household()
    with acting_as(cadre):
        record_visit(id=new_id(), household=seen, visited_at=at("2026-11-01 10:00"), met="at_home",
                     met_people="户主", text="好",
                     by=cadre, at=MORNING)  # fmt: skip
    with acting_as(clerk):
        first, second = (
            assign_household(household=one, account_id=cast.account("cadre").pk, every_days=30, by=clerk, at=MORNING)
            for one in (fresh, seen)
        )
    assert (first.due_on, second.due_on) == (date(2026, 11, 20), date(2026, 12, 1))


def test_assigning_twice_changes_nothing_and_other_days_move_the_day(cast: Cast) -> None:
    clerk, house = cast.actor("clerk"), cast.household()
    account = cast.account("cadre").pk
    with acting_as(clerk):
        for days in (30, 30, 60):
            one = assign_household(household=house, account_id=account, every_days=days, by=clerk, at=MORNING)
        assert HouseholdAssignment.objects.count() == 1
    assert one.every_days == 60
    types = Event.objects.filter(type__startswith="visits.assignment").order_by("seq").values_list("type", flat=True)
    assert list(types) == ["visits.assignment.made", "visits.assignment.changed"]


def test_care_ends_once_and_may_begin_again(cast: Cast) -> None:
    clerk, house, account = cast.actor("clerk"), cast.household(), cast.account("cadre").pk
    with acting_as(clerk):
        one = assign_household(household=house, account_id=account, every_days=30, by=clerk, at=MORNING)
        for _again in range(2):
            ended = end_assignment(assignment=one, by=clerk, at=MORNING)
        assert ended.until == date(2026, 11, 20)
        again = assign_household(household=house, account_id=account, every_days=30, by=clerk, at=MORNING)
        assert again.pk != one.pk
        assert Event.objects.filter(type="visits.assignment.ended").count() == 1


@pytest.mark.parametrize("role", list(Role))
def test_only_secretaries_and_clerks_of_the_place_assign(cast: Cast, role: Role) -> None:
    actor, account = cast.actor(role.value), cast.account("cadre").pk
    for place in (cast.own, cast.far):
        house = cast.household(place)
        allowed = role in ASSIGNERS and place.id in actor.areas
        assert bool(may_assign(actor, place.id)) == allowed
        if not allowed:
            with acting_as(actor), pytest.raises(Refused):
                assign_household(household=house, account_id=account, every_days=30, by=actor)


@pytest.mark.parametrize("days", [0, 731])
def test_a_rhythm_that_cannot_be_is_refused(cast: Cast, days: int) -> None:
    clerk, house = cast.actor("clerk"), cast.household()
    with acting_as(clerk), pytest.raises(Invalid):
        assign_household(household=house, account_id=cast.account("cadre").pk, every_days=days, by=clerk)


def test_due_households_come_longest_overdue_first_and_far_ones_not_at_all(cast: Cast) -> None:
    clerk, cadre = cast.actor("clerk"), cast.actor("cadre")
    today = date(2026, 11, 20)
    houses = {due: cast.household() for due in (date(2026, 11, 1), date(2026, 11, 27), date(2026, 11, 28))}
    with acting_as(clerk):
        for due, house in houses.items():
            one = assign_household(household=house, account_id=cast.account("cadre").pk, every_days=30, by=clerk)
            HouseholdAssignment.objects.filter(pk=one.pk).update(due_on=due)
    with acting_as(cadre):
        found = list(due_assignments(cadre, cast.account("cadre").pk, today))
    assert [one.due_on.day for one in found] == [1, 27]


def test_all_that_somebody_cares_for_goes_to_another_as_often_and_as_soon(cast: Cast) -> None:
    clerk, cadre, other = cast.actor("clerk"), cast.account("cadre"), cast.account("village_secretary")
    first, shared, elsewhere = cast.household(), cast.household(), cast.household(cast.other)
    with acting_as(clerk):
        kept = assign_household(household=first, account_id=cadre.pk, every_days=60, by=clerk, at=MORNING)
        for who, home in ((cadre, shared), (other, shared), (cadre, elsewhere)):
            assign_household(household=home, account_id=who.pk, every_days=30, by=clerk, at=MORNING)
        given = {"account_id": cadre.pk, "to_id": other.pk, "area_ids": [cast.own.pk]}
        assert hand_over_care(id=new_id(), by=clerk, **given) == 2
        assert hand_over_care(id=new_id(), by=clerk, **given) == 0
        held = (
            HouseholdAssignment.objects.filter(until=None)
            .order_by("household_id")
            .values_list("household_id", "account_id", "every_days")
        )
        assert {*held} == {
            (first.pk, other.pk, 60),
            (shared.pk, other.pk, 30),
            (elsewhere.pk, cadre.pk, 30),
        }
        assert HouseholdAssignment.objects.get(household=first, until=None).due_on == kept.due_on
        with pytest.raises(Invalid):
            hand_over_care(id=new_id(), by=clerk, **given | {"to_id": cadre.pk})


def test_the_page_says_how_many_would_go_and_hands_them_over(cast: Cast) -> None:
    clerk, cadre, other = cast.actor("clerk"), cast.account("cadre"), cast.account("village_secretary")
    home = cast.household()
    with acting_as(clerk):
        assign_household(household=home, account_id=cadre.pk, every_days=60, by=clerk, at=MORNING)
    client, where = cast.client("clerk"), reverse("visits:hand_over")
    page = client.get(where).content.decode()
    assert f"{cadre.name}：1 户" in page
    sent = {"request_id": str(new_id()), "account": str(cadre.pk), "to": str(other.pk)}
    assert client.post(where, sent).status_code == 302
    assert "已移交 1 户。" in client.get(where).content.decode()
    # the answer was lost, and more has come into the first one's care since
    later = cast.household()
    with acting_as(clerk):
        assign_household(household=later, account_id=cadre.pk, every_days=60, by=clerk, at=MORNING)
    for left in (True, False):
        assert client.post(where, sent).status_code == 302
        assert "已移交 1 户。" in client.get(where).content.decode()
        with cast.everything():
            kept = HouseholdAssignment.objects.filter(household=later, account=cadre, until=None)
            assert kept.exists() == left
            kept.update(until=clock.today())
    with cast.everything():
        assert HouseholdAssignment.objects.get(household=home, until=None).account_id == other.pk

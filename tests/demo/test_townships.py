"""Townships of the made-up county, loaded beside one another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from minqing.demo.people import STRIDE, Homes
from minqing.demo.scales import Size
from minqing.demo.services.loading import BEGUN, LOADED, load
from minqing.households.models import Household, HouseholdCode, Resident
from minqing.journal.models import Event
from minqing.matters.models import Matter, Step
from minqing.matters.services import wrong_days
from minqing.org.models import Account, Area, Post
from minqing.org.queries import system_actor
from minqing.visits.models import HouseholdAssignment, Visit
from minqing.visits.services import wrong_visit_days
from tests.demo.test_loading import looking, quiet

SMALL = Size(2, 2, 1, 40, 120, 4, 90, 30, 20, 16, 120)


def test_no_township_has_an_identity_number_of_another() -> None:
    numbers = [
        person.identity_number
        for township in (0, 1, STRIDE - 1)
        for homes in [Homes(f"1-{township}", date(2026, 9, 30), township)]
        for at in range(500)
        for person in homes.home(f"H{at}", "上石塘村", 4).people
    ]
    assert len(numbers) == 6_000
    assert len(set(numbers)) == len(numbers)


def test_a_county_has_at_most_so_many_townships_as_can_be_told_apart() -> None:
    with pytest.raises(ValueError, match="townships"):
        Homes("1", date(2026, 9, 30), STRIDE)


def test_two_processes_load_a_whole_county(committed: None) -> None:
    load(SMALL, scale="sample", seed=1, console=quiet(), at_once=False, processes=2)
    with looking():
        assert (
            Household.objects.count(), Resident.objects.count(), Visit.objects.count(), Matter.objects.count(),
        ) == (SMALL.households, SMALL.residents, SMALL.visits, SMALL.matters)  # fmt: skip
        assert Area.objects.count() == 1 + 2 + 4 + 4
        assert HouseholdCode.objects.values("household").distinct().count() == SMALL.households
        assert HouseholdAssignment.objects.values("household").distinct().count() == SMALL.households
        numbers = list(Resident.objects.values_list("identity_index", flat=True))
        assert len({bytes(number) for number in numbers if number}) == SMALL.residents
        # each township has its people, who work on its own matters
        towns = Counter(Household.objects.values_list("number", flat=True))
        assert Counter(number[:3] for number in towns) == {"S01": 20, "S02": 20}
        assert not Step.objects.exclude(matter__in=Matter.objects.all()).exists()
    assert Post.objects.filter(area__code__startswith="S02").exists()
    assert Account.objects.count() == Account.objects.values("staff_number").distinct().count()
    assert list(Event.objects.filter(subject="demo").order_by("seq").values_list("type", flat=True))[
        :: len(Event.objects.filter(subject="demo")) - 1
    ] == [BEGUN, LOADED]
    assert wrong_days(by=system_actor("matters.days")) == []
    assert wrong_visit_days(by=system_actor("visits.days")) == []


def test_what_fails_in_a_process_ends_the_load_and_leaves_it_unfinished(committed: None) -> None:
    # visits of no day: the first that is made fails
    never = replace(SMALL, days=0)
    with pytest.raises(ValueError, match="empty range"):
        load(never, scale="sample", seed=1, console=quiet(), at_once=False, processes=2)
    assert not Event.objects.filter(type=LOADED).exists()

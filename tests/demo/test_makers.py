"""The made-up people and places: the same for a seed, as many as promised, and acceptable to our own checks."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from minqing.core.formats import check_identity_number, check_phone
from minqing.demo import bench_import
from minqing.demo.people import Homes, sizes
from minqing.demo.places import make_county
from minqing.demo.scales import SIZES, share
from minqing.demo.staff import SIGN_INS
from minqing.households.models import Resident
from minqing.org.enums import Role
from tests.cast import Cast

TODAY = date(2026, 10, 8)


def test_the_same_seed_makes_the_same_people_and_another_seed_others() -> None:
    first, again, other = (Homes(seed, TODAY).home("H1", "上石塘村", 4) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_numbers_of_made_up_people_pass_the_checks_and_name_no_county() -> None:
    homes = Homes(1, TODAY)
    people = [one for n in range(200) for one in homes.home(str(n), "上石塘村", 1 + n % 6).people]
    for one in people:
        checked = check_identity_number(one.identity_number, on=TODAY)
        assert (checked.birth, checked.sex) == (one.born_on, one.sex)
        assert one.identity_number.startswith("999999")
        assert not one.phone or check_phone(one.phone) == one.phone
    assert len({one.identity_number for one in people}) == len(people)


@pytest.mark.parametrize(("households", "residents"), [(72, 232), (500, 1600), (3, 3)])
def test_households_hold_exactly_so_many_people(households: int, residents: int) -> None:
    found = sizes(Random(1), households, residents)
    assert (len(found), sum(found), min(found)) == (households, residents, max(1, min(found)))


def test_shares_of_a_total_add_up_at_every_scale() -> None:
    for size in SIZES.values():
        for total in (size.residents, size.visits, size.circulated, size.under_way, size.solved):
            ends = [*range(0, size.households, 500), size.households]
            parts = [share(total, a, b, size.households) for a, b in pairwise(ends)]
            assert sum(parts) == total


def test_the_county_has_its_areas_with_codes_of_their_own() -> None:
    county = make_county(seed=1, townships=15, villages=30, grids=3)
    villages = [village for town in county.parts for village in town.parts]
    codes = [one.code for village in villages for one in (village, *village.parts)]
    assert (len(county.parts), len(villages), len(set(codes))) == (15, 450, 450 * 4)


def test_every_role_can_be_tried_out() -> None:
    assert {one.role for one in SIGN_INS} == set(Role)


@pytest.mark.django_db
def test_the_register_of_the_bench_is_of_whole_households_and_is_taken_as_it_is(cast: Cast, tmp_path: Path) -> None:
    with cast.everything() as by:
        path = tmp_path / "register.csv"
        count = bench_import.written(path, bench_import.supply(), 20)
        took = bench_import.loaded(path, by)
        assert Resident.objects.count() == count >= 20
    assert set(took) == {"check_s", "load_s", "cpu_s"}

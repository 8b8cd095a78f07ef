"""Names on file that stand in a text, and longer ones of which a name is a part."""

from __future__ import annotations

import pytest

from minqing.households.models import Household
from minqing.households.queries import longer_names, names_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_who_is_on_file_in_the_place_is_found_in_a_text(cast: Cast) -> None:
    for name in ("张建国", "李四妹"):
        cast.resident(cast.household(), name)
    with cast.everything():
        assert names_in("是张建国打的，100%_", {cast.own.id}) == {"张建国"}
        assert names_in("是张建国打的", {cast.far.id}) == frozenset()


def test_a_name_is_part_of_longer_ones_of_people_areas_and_roads(cast: Cast) -> None:
    home = cast.household()
    for name in ("王平安", "平安", "张桂芬"):
        cast.resident(home, name)
    with cast.everything():
        Household.objects.filter(pk=home.pk).update(address="溪边村平安路3号")
        assert longer_names("平安", {cast.own.id}) == {"王平安", "平安路"}
        assert cast.own.name in longer_names(cast.own.name[:2], {cast.own.id})
        assert longer_names("安", {cast.own.id}) == frozenset()

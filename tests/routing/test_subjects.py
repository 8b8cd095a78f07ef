"""Test cases of routing rules that tell of a person go with them, and no others."""

from __future__ import annotations

import pytest

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from minqing.routing import services as routing
from minqing.routing.models import RouteCase
from minqing.routing.subjects import SUBJECTS
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_only_cases_that_tell_of_the_person_go(cast: Cast) -> None:
    with acting_as(cast.actor("clerk")) as by:
        routes = routing.draft_routes(id=new_id(), area=cast.town, by=by)
        for title in ("何 桂香家漏水", "何家的桂花香", "138-5750-0001来电"):
            routing.add_case(id=new_id(), routes=routes, title=title, text="漏水", place=cast.own.pk,
                             unit=cast.office.pk, by=by)  # fmt: skip
        one = RouteCase.objects.get(title__startswith="何家")
        RouteCase.objects.filter(pk=one.pk).update(answers={"who": "何先生"})
    areas = frozenset({cast.own.id, cast.town.id})
    person = Person(cause="test:1", name="何桂香", phones=frozenset({"13857500001"}), areas=areas)
    with cast.everything() as by:
        assert SUBJECTS.find(person).records == 2
        assert SUBJECTS.erase(person=person, by=by, at=clock.now()) == 2
        assert list(RouteCase.objects.values_list("title", flat=True)) == ["何家的桂花香"]

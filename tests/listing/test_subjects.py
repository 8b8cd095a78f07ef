"""Lists that are named after a person go with them: of those who work for the place, and no others."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from minqing.core import clock
from minqing.listing.models import SavedFilter
from minqing.listing.subjects import erase
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import ERASER, Person
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def keep(cast: Cast, who: str, name: str, text: str = "") -> None:
    actor = cast.actor(who)
    with acting_as(actor):
        SavedFilter.objects.create(
            account_id=actor.person, list="matters", name=name, query=urlencode({"text": text}), saved_at=clock.now()
        )


def left_after(cast: Cast, person: Person) -> list[str]:
    with cast.everything() as by:
        erase(person=person, by=by, at=clock.now())
    with acting_as(system_actor(ERASER)):
        return sorted(SavedFilter.objects.values_list("name", flat=True))


def test_lists_of_people_who_work_elsewhere_stay(cast: Cast) -> None:
    for who in ("cadre", "clerk", "leader", "far_clerk"):
        keep(cast, who, f"{who}：何桂香")
    keep(cast, "clerk", "查人", "何 桂香")
    keep(cast, "clerk", "查号", "138-5750-0001")
    person = Person(
        cause="test:1", name="何桂香", phones=frozenset({"13857500001"}), areas=frozenset({cast.own.id})
    )  # fmt: skip
    assert left_after(cast, person) == ["far_clerk：何桂香"]


def test_a_word_that_is_also_a_name_takes_no_list_with_it(cast: Cast) -> None:
    for name in ("平安路灯", "一路平安", "平安"):
        keep(cast, "leader", name)
    keep(cast, "leader", "路", "平安路")
    keep(cast, "leader", "人", "平安")
    person = Person(cause="test:1", name="平安", areas=frozenset({cast.own.id}))
    assert left_after(cast, person) == ["一路平安", "平安路灯", "路"]

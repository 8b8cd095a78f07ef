"""Requests of the made-up village: one at every point of the way, for whoever tries the product out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as
from minqing.rights.checks import requests_late
from minqing.rights.demo import STORIES
from minqing.rights.enums import RequestKind, State
from minqing.rights.models import Request
from tests.village import laid_out

pytestmark = pytest.mark.xdist_group("village")


@pytest.fixture(scope="module")
def village(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with laid_out(django_db_blocker):
        yield


def test_each_story_is_told_once_and_the_doctor_finds_what_is_late(village: None) -> None:
    with transaction_as(system_actor("test")):
        rows = list(Request.objects.all())
    assert Counter(one.kind for one in rows) == Counter(story.kind.value for story in STORIES)
    assert {one.kind for one in rows} == {kind.value for kind in RequestKind}
    assert {one.state for one in rows} == {state.value for state in State} - {"withdrawn", "lapsed"}
    late = [one for one in rows if one.answered_at and one.due_at and one.answered_at > one.due_at]
    assert len(late) == 1
    assert any(one.rung != "officer" for one in rows)
    assert not requests_late().well

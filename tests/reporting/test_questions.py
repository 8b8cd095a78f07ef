"""What a category asks is asked at the door too, once it is chosen; nobody has to answer."""

from __future__ import annotations

import pytest

from minqing.matters.enums import Channel
from tests.doorstep.conftest import Door

pytestmark = pytest.mark.django_db
CHOSEN = {"category": "building", "kind": "building.municipal"}


def test_the_questions_come_with_the_category_and_are_stored_with_the_answer(door: Door) -> None:
    kinds = door.client.get(f"{door.url}/questions", {"category": "building"}).content.decode()
    assert "市政设施" in kinds
    assert "是什么设施" not in kinds
    assert "是什么设施" in door.client.get(f"{door.url}/questions", CHOSEN).content.decode()
    _ticket, matter = door.reported(**CHOSEN, **{"q-what": "lamp", "q-danger": ["dark"]})
    assert (matter.category_id, matter.answers) == ("building.municipal", {"what": "lamp", "danger": ["dark"]})


def test_nobody_has_to_answer_or_to_know_the_kind(door: Door) -> None:
    _ticket, matter = door.reported(category="building")
    assert (matter.category_id, matter.answers) == ("building", {})
    _ticket, matter = door.reported(**CHOSEN)
    assert matter.answers == {}


def test_without_javascript_it_is_a_second_step_that_sends_nothing_and_loses_nothing(door: Door) -> None:
    before = door.matters()
    shown = door.send(**CHOSEN, look="questions", place="桥头", name="何大妈")
    text = shown.content.decode()
    assert shown.status_code == 200
    assert all(one in text for one in ("是什么设施", "桥头", "何大妈", "村口的路灯坏了三天"))
    assert "form-errors" not in text
    assert door.matters() == before


def test_a_wrong_answer_is_told_and_nothing_is_lost(door: Door) -> None:
    shown = door.send(**CHOSEN, **{"q-count": "viele", "q-what": "lamp"})
    assert shown.status_code == 422
    assert 'value="viele"' in shown.content.decode()


def test_a_suggestion_is_one(door: Door) -> None:
    assert door.reported(suggestion="on")[1].channel == Channel.SUGGESTION
    assert door.reported()[1].channel == Channel.CODE


def test_the_part_opens_with_a_real_code_only(door: Door) -> None:
    assert door.client.get("/h/no-such-code/questions").status_code == 404

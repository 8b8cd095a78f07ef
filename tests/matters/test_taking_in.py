"""Taking in what somebody tells: every way in, who rang before, the category's questions, number and code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import Channel
from minqing.matters.models import Matter, Reporter
from minqing.matters.new_form import WAYS
from minqing.matters.tickets import follow_code_of, spaced
from tests.cast import Cast
from tests.web.htmx_proof import element

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PHONE = "13800138000"


def typed(cast: Cast, **values: Any) -> dict[str, Any]:
    return {"request_id": str(new_id()), "text": "家门口积水", "area": cast.own.id, "channel": "phone"} | values


def rang(cast: Cast, area: Any = None, **values: Any) -> Matter:
    matter = cast.matter(area, **values)
    with cast.everything():
        Reporter.objects.create(matter=matter, name="何大妈", phone=PHONE)
    return matter


@pytest.mark.parametrize("way", list(WAYS))
def test_every_way_in_ends_as_a_matter_of_that_way(cast: Cast, way: Channel) -> None:
    client = cast.client("cadre")
    answer = client.post("/matters/new/", typed(cast, channel=way.value))
    shown = client.get(answer["Location"]).content.decode()
    with cast.everything():
        matter = Matter.objects.get()
    assert matter.channel == way
    assert matter.number in shown
    assert spaced(follow_code_of(matter.pk)) in shown


def test_number_and_code_are_told_to_the_one_who_took_it_in_and_not_the_next_day(cast: Cast, monkeypatch: Any) -> None:
    client = cast.client("cadre")
    address = client.post("/matters/new/", typed(cast))["Location"]
    assert client.get(address)["Cache-Control"] == "no-store"
    assert cast.client("clerk").get(address).status_code == 404
    monkeypatch.setattr("minqing.matters.queries.seeing.JUST_TAKEN", timedelta(days=-1))
    assert client.get(address).status_code == 404


def test_who_rang_before_is_seen_at_once_within_what_one_may_see(cast: Cast) -> None:
    rang(cast, title="路灯不亮")
    rang(cast, cast.far, title="远处的事")
    rang(cast, title="家里的事", confidential=True)
    look = {"look": "callers", "reporter_phone": "138 0013 8000"}
    shown = cast.client("cadre").post("/matters/new/", look, headers=HTMX).content.decode()
    assert "路灯不亮" in shown
    assert "远处的事" not in shown
    assert "家里的事" not in shown
    assert "家里的事" in cast.client("clerk").post("/matters/new/", look, headers=HTMX).content.decode()


def test_looking_who_rang_is_journalled_without_the_number(cast: Cast) -> None:
    matter = rang(cast)
    cast.client("cadre").post("/matters/new/", {"look": "callers", "reporter_phone": PHONE}, headers=HTMX)
    event = Event.objects.get(type="matters.caller.looked_up")
    assert event.actor == cast.actor("cadre").ref
    assert event.data == {"numbers": [matter.number]}
    assert PHONE not in str(event.data) + event.subject


def test_half_a_number_is_told_and_nobody_is_looked_up(cast: Cast) -> None:
    answer = cast.client("cadre").post("/matters/new/", {"look": "callers", "reporter_phone": "1380013"}, headers=HTMX)
    assert answer.status_code == 200
    assert not Event.objects.filter(type="matters.caller.looked_up").exists()


def test_the_questions_of_a_category_appear_and_their_answers_are_kept(cast: Cast) -> None:
    client = cast.client("clerk")
    look = typed(cast, look="questions", category="building.municipal", **{"q-count": "3"})
    part = client.post("/matters/new/", look, headers=HTMX).content.decode()
    whole = client.post("/matters/new/", look).content.decode()
    assert 'value="3"' in part
    assert "是什么设施" in element(whole, "questions")
    with cast.everything():
        assert not Matter.objects.exists()
    sent = typed(
        cast, category="building.municipal", **{"q-what": "lamp", "q-count": "3", "q-danger": ["fall", "dark"]}
    )
    assert client.post("/matters/new/", sent).status_code == 302
    with cast.everything():
        matter = Matter.objects.get()
    assert matter.answers == {"what": "lamp", "count": "3", "danger": ["fall", "dark"]}
    detail = client.get(f"/matters/{matter.pk}/").content.decode()
    assert "会绊倒人、夜里看不见" in detail


@pytest.mark.parametrize("wrong", [{}, {"q-what": "no such"}, {"q-what": "lamp", "q-count": "many"}])
def test_a_wrong_answer_is_told_and_nothing_typed_is_lost(cast: Cast, wrong: dict[str, str]) -> None:
    values = typed(cast, category="building.municipal", place="三号楼", reporter_phone=PHONE, **wrong)
    answer = cast.client("clerk").post("/matters/new/", values)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert all(one in shown for one in ("三号楼", PHONE, "家门口积水", "是什么设施"))


def test_without_javascript_the_parts_come_back_with_the_whole_form(cast: Cast) -> None:
    rang(cast, title="路灯不亮")
    shown = (
        cast.client("clerk").post("/matters/new/", typed(cast, look="callers", reporter_phone=PHONE)).content.decode()
    )
    assert "路灯不亮" in shown
    assert "家门口积水" in shown
    assert 'value="callers"' in shown


def test_an_objection_to_publication_is_written_down_at_the_counter(cast: Cast) -> None:
    client = cast.client("cadre")
    for values, kept in (({}, False), ({"objection": "on"}, True)):
        client.post("/matters/new/", typed(cast, **values))
        with cast.everything():
            assert Matter.objects.order_by("-received_at")[0].objection is kept


def test_what_a_cadre_takes_in_confidentially_the_cadre_sees_no_more(cast: Cast) -> None:
    client = cast.client("cadre")
    address = client.post("/matters/new/", typed(cast, confidential="on", contact="白天"))["Location"]
    shown = client.get(address).content.decode()
    with cast.everything():
        matter = Matter.objects.get()
    assert matter.number in shown
    assert f"/matters/{matter.pk}/slip.pdf" not in shown
    assert client.get(f"/matters/{matter.pk}/").status_code == 404
    assert cast.client("clerk").get(f"/matters/{matter.pk}/").status_code == 200

"""Taking in what somebody tells: every way in, who rang before, the category's questions, number and code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import Channel
from minqing.matters.forms.taking_in import WAYS
from minqing.matters.models import Matter, Reporter
from minqing.matters.tickets import follow_code_of, spaced
from minqing.org.models import Unit
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
    monkeypatch.setattr("minqing.matters.queries.visibility.JUST_TAKEN", timedelta(days=-1))
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


def calls(cast: Cast, who: str, phone: str = PHONE) -> str:
    look = {"look": "callers", "reporter_phone": phone}
    answer = cast.client(who).post("/matters/new/", look, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.fault(98)
@pytest.mark.parametrize("phone", [PHONE, "0575-83012345"])
def test_whose_number_it_is_is_offered_with_the_household_and_what_it_reported(cast: Cast, phone: str) -> None:
    home, far = cast.household(address="溪边路9号"), cast.household(cast.far, address="远山路1号")
    mother = cast.resident(home, "何桂香", phone=phone, relation="head")
    cast.resident(home, "张小宝", phone="13900139000")
    cast.resident(far, "卢远山", phone=phone)
    cast.resident(cast.household(closed_at=clock.now()), "旧户主", phone=phone)
    cast.resident(home, "迁走人", phone=phone, left_at=clock.now())
    earlier = cast.matter(title="家里断水", household=home)
    shown = calls(cast, "clerk", phone.replace("-", " "))
    assert all(one in shown for one in ("何桂香", "溪边路9号", "家里断水", str(mother.pk)))
    assert not [one for one in ("张小宝", "卢远山", "旧户主", "迁走人", "远山路1号") if one in shown]
    look = Event.objects.get(type="households.household.searched")
    assert (look.subject, look.actor) == (f"household:{home.pk}", cast.actor("clerk").ref)
    assert phone not in str(look.data) + str(Event.objects.get(type="matters.caller.looked_up").data)
    assert earlier.number in shown


@pytest.mark.fault(98)
def test_an_office_s_number_is_nobody_s_home(cast: Cast) -> None:
    with cast.everything():
        Unit.objects.filter(pk=cast.office.pk).update(phone="（0575）8301 2345")
    for number in ("0575-83012345", "0575-83011111-801", "4001234567"):
        cast.resident(cast.household(), "何桂香", phone=number)
        assert "何桂香" not in calls(cast, "clerk", number)
    assert not Event.objects.filter(type="households.household.searched").exists()


@pytest.mark.fault(98)
def test_the_matter_goes_into_the_file_of_the_household_that_was_chosen(cast: Cast) -> None:
    home = cast.household()
    mother = cast.resident(home, "何桂香", phone=PHONE)
    sent = typed(cast, area=cast.town.id, reporter_phone=PHONE, resident=str(mother.pk))
    # something is missing: the choice is still there
    shown = cast.client("clerk").post("/matters/new/", sent | {"text": ""})
    assert shown.status_code == 422
    assert f'value="{mother.pk}" checked' in shown.content.decode()
    assert cast.client("clerk").post("/matters/new/", sent).status_code == 302
    with cast.everything():
        matter = Matter.objects.select_related("reporter").get()
        assert (matter.household_id, matter.area_id, matter.reporter.name) == (home.pk, cast.own.id, "何桂香")
    hidden = sent | {"request_id": str(new_id()), "confidential": "on"}
    assert cast.client("clerk").post("/matters/new/", hidden).status_code == 302
    with cast.everything():
        assert Matter.objects.get(confidential=True).household_id is None


@pytest.mark.fault(98)
def test_nobody_out_of_reach_and_nobody_else_s_number_can_be_chosen(cast: Cast) -> None:
    far = cast.resident(cast.household(cast.far), "卢远山", phone=PHONE)
    near = cast.resident(cast.household(), "何桂香", phone="13900139000")
    for person in (far.pk, near.pk, "x"):
        answer = cast.client("clerk").post("/matters/new/", typed(cast, reporter_phone=PHONE, resident=str(person)))
        assert answer.status_code == 422
    with cast.everything():
        assert not Matter.objects.exists()

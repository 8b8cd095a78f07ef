"""Assigning many at once: each for itself, each once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import State
from minqing.matters.models import Matter, Step
from minqing.matters.services import classify_matter
from minqing.matters.words import vector
from minqing.org.enums import Role
from minqing.org.models import Unit
from minqing.privacy.access import acting_as
from minqing.routing.services.bulk import MOST, pick_of
from minqing.web.ticking import ticked_in
from tests.cast import Cast, category, person

pytestmark = pytest.mark.django_db


def send(cast: Cast, picks: list[str], who: str = "clerk", **values: Any) -> Any:
    client = cast.client(who)
    client.raise_request_exception = False
    return client.post("/matters/bulk/", {"unit": str(cast.bureau.pk), "pick": picks} | values)


def states(cast: Cast) -> dict[str, str]:
    with cast.everything():
        return dict(Matter.objects.values_list("title", "state"))


@pytest.mark.parametrize("address", ["/matters/triage/", "/matters/"])
@pytest.mark.fault(30)
def test_what_is_ticked_goes_to_the_unit_and_sent_twice_it_goes_once(cast: Cast, address: str) -> None:
    for n in range(3):
        cast.matter(title=f"路灯{n}")
    page = cast.client("clerk").get(address).content.decode()
    picks = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(picks) == 3
    for _twice in range(2):
        answer = send(cast, picks, due_days="7")
        assert answer.status_code == 200
        assert answer.content.decode().count("市交通运输局") == 3
    assert set(states(cast).values()) == {"assigned"}
    assert Event.objects.filter(type="matters.matter.assigned").count() == 3


def test_one_bad_row_keeps_the_others_from_nothing_and_is_told_with_its_reason(cast: Cast) -> None:
    good, gone = cast.matter(title="好"), cast.matter(title="已分", state=State.ASSIGNED, lead_unit=cast.office)
    far, contested = cast.matter(cast.far, title="CANARY-FAR"), cast.matter(title="争议", contested=True)
    used = cast.matter(title="用过")
    with cast.everything():
        step = Step.objects.create(matter=far, move="receive", state="received", at=clock.now(), by="x")
    picks = [pick_of(one.pk) for one in (gone, far, contested, good)]
    picks += [f"{used.pk}.{step.pk}", "nonsense", f"{new_id()}.{new_id()}", pick_of(good.pk)]
    answer = send(cast, picks)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "CANARY-FAR" not in page
    assert states(cast) == {"好": "assigned", "已分": "assigned", "CANARY-FAR": "received", "争议": "received",
                            "用过": "received"}  # fmt: skip
    with cast.everything():
        assert Matter.objects.get(pk=gone.pk).lead_unit_id == cast.office.pk
        assert Step.objects.filter(move="assign").count() == 1
    for title in ("好", "已分", "争议", "用过"):
        assert title in page


def test_a_unit_takes_nothing_where_it_does_not_work(cast: Cast) -> None:
    own, other = cast.matter(title="本村"), cast.matter(cast.other, title="外村")
    assert send(cast, [pick_of(own.pk), pick_of(other.pk)], unit=str(cast.committee.pk)).status_code == 200
    assert states(cast) == {"本村": "assigned", "外村": "received"}


def test_a_form_that_cannot_be_right_comes_back_with_the_ticks(cast: Cast) -> None:
    one = cast.matter()
    elsewhere = Unit.objects.get(code="U4")
    pick = pick_of(one.pk)
    for values in ({"unit": ""}, {"unit": str(elsewhere.pk)}, {"due_days": "999"}, {"category": "nothing"}):
        answer = send(cast, [pick], **values)
        assert answer.status_code == 422, values
        assert pick in answer.content.decode()
    assert send(cast, []).status_code == 422
    assert send(cast, [], whole=" ".join(pick_of(new_id()) for _n in range(MOST + 1))).status_code == 422
    assert states(cast) == {"路灯不亮": "received"}


@pytest.mark.fault(81)
def test_a_row_that_changed_since_the_list_was_drawn_is_told_and_not_written_over(cast: Cast) -> None:
    category("road")
    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
    mine, theirs, own = cast.matter(title="没变"), cast.matter(title="变了"), cast.matter(title="自己")
    page = cast.client("clerk").get("/matters/").content.decode()
    picks = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(picks) == 3
    # what one did oneself is no surprise
    for who, matter in (("second_clerk", theirs), ("clerk", own)):
        with acting_as(by := cast.actor(who)):
            classify_matter(id=new_id(), matter=matter, category="road", by=by)
    answer = send(cast, picks)
    assert answer.status_code == 200
    assert "已有人修改" in answer.content.decode()
    assert states(cast) == {"没变": "assigned", "变了": "received", "自己": "assigned"}
    # the same form once more finds its own assignment
    assert send(cast, [one for one in picks if one.startswith(str(mine.pk))]).status_code == 200
    assert states(cast) == {"没变": "assigned", "变了": "received", "自己": "assigned"}


def test_what_nobody_has_sorted_takes_the_category_that_is_suggested_beside_it(cast: Cast) -> None:
    category("road")
    other = category("dumped", name="乱倒", working_days=3)
    hole, sorted_ = cast.matter(title="道路坑洼"), cast.matter(title="道路坑洼，已分类", category=other)
    mute = cast.matter(title="有事", text="请来人。")
    page = cast.client("clerk").get("/matters/triage/").content.decode()
    assert "不变，未分类的按建议" in page
    picks = [pick_of(one.pk) for one in (hole, sorted_, mute)]
    for _twice in range(2):
        answer = send(cast, picks)
        assert answer.content.decode().count("市交通运输局") == 3
    with cast.everything():
        assert [Matter.objects.get(pk=one.pk).category_id for one in (hole, sorted_, mute)] == ["road", "dumped", None]
    own = cast.matter(title="道路坑洼")
    send(cast, [pick_of(own.pk)], category="dumped")
    with cast.everything():
        assert Matter.objects.get(pk=own.pk).category_id == "dumped"


def test_all_as_suggested_goes_each_to_its_own_and_is_taken_back_at_once(cast: Cast) -> None:
    category("road", unit_code=cast.bureau.code)
    hole, mute = cast.matter(title="道路坑洼"), cast.matter(title="有事", text="请来人。")
    far = cast.matter(cast.far, title="CANARY-FAR")
    picks = [pick_of(one.pk) for one in (hole, mute, far)]
    for _twice in range(2):
        page = send(cast, picks, unit="", suggested="1").content.decode()
        assert "CANARY-FAR" not in page
    with cast.everything():
        one = Matter.objects.get(pk=hole.pk)
        assert (one.state, one.lead_unit_id, one.category_id) == (State.ASSIGNED, cast.bureau.pk, "road")
        went = Matter.objects.filter(state=State.ASSIGNED).count()
        assert Step.objects.filter(move="assign").count() == went
    undo = re.findall(r'name="whole" value="([^"]+)"', page)[-1].split()
    assert len(undo) == went
    answer = cast.client("clerk").post("/matters/bulk/undo/", {"pick": [*undo, pick_of(far.pk)]})
    assert answer.status_code == 200
    assert "CANARY-FAR" not in answer.content.decode()
    assert states(cast) == {"道路坑洼": "received", "有事": "received", "CANARY-FAR": "received"}
    assert cast.client("clerk").post("/matters/bulk/undo/", {"pick": undo}).status_code == 302, (
        "taken back is taken back"
    )


def test_a_box_stands_for_its_row_in_the_whole_and_adds_none() -> None:
    assert ticked_in(QueryDict("pick=a.2&pick=x.1&whole=a.1+b.1")) == ["a.2", "a.1", "b.1"]
    assert ticked_in(QueryDict("pick=a.2&pick=x.1")) == ["a.2", "x.1"]


WHOLE = {"HX-Request": "true", "HX-Target": "whole"}


def ticked_whole(cast: Cast, address: str) -> list[str]:
    page = cast.client("clerk").get(address, headers=WHOLE).content.decode()
    return re.findall(r'name="whole" value="([^"]*)"', page)[0].split()


@pytest.mark.parametrize("address", ["/matters/triage/", "/matters/"])
def test_all_that_a_filter_finds_goes_piece_by_piece_and_comes_back(
    cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On all pages, as each stood when it was ticked: what changed since is told, what came since is not meant."""
    monkeypatch.setattr("minqing.web.ticking.AT_ONCE", 2)
    category("road")
    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
    words = vector("路灯")
    waiting = [cast.matter(title=f"路灯{n}", search=words) for n in range(5)]
    cast.matter(title="争议", contested=True, search=words)
    cast.matter(cast.far, title="CANARY-FAR", search=words)
    cast.matter(title="水渠")
    picks = ticked_whole(cast, f"{address}?text=路灯&whole=1")
    assert {one.partition(".")[0] for one in picks} == {str(one.pk) for one in waiting}
    cast.matter(title="路灯新来的")
    with acting_as(by := cast.actor("second_clerk")):
        classify_matter(id=new_id(), matter=waiting[3], category="road", by=by)
    sent = {"unit": str(cast.bureau.pk), "due_days": "7", "whole": " ".join(picks)}
    client, told, pieces = cast.client("clerk"), "", 0
    while not pieces or "of" in sent:
        for _twice in range(2):
            page = client.post("/matters/bulk/", sent, headers={"HX-Request": "true"} if pieces else {})
            assert page.status_code == 200
        told, pieces = told + (html := page.content.decode()), pieces + 1
        form = html[html.index('id="going-on"') :]
        sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert pieces == 3
    assert ("1件未能交办" in html, "已交办4件" in html) == (True, True)
    assert told.count("已有人修改") == 1
    assert sorted(states(cast).values()) == ["assigned"] * 4 + ["received"] * 5
    with cast.everything():
        assert Step.objects.filter(move="assign").count() == 4
    undo = re.findall(r'name="whole" value="([^"]*)"', html)[-1]
    back = client.post("/matters/bulk/undo/", {"whole": undo})
    assert back.status_code == 200
    form = back.content.decode()
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[form.index('id="going-on"') :]))
    last = client.post("/matters/bulk/undo/", sent, headers={"HX-Request": "true"}).content.decode()
    assert "4 件又在待交办" in last
    assert {*states(cast).values()} == {"received"}


def test_who_may_not_assign_gets_no_tick_boxes(cast: Cast) -> None:
    cast.matter()
    for who in ("cadre", "leader"):
        assert 'name="pick"' not in cast.client(who).get("/matters/").content.decode()
    assert send(cast, [pick_of(new_id())], "cadre").status_code == 403


@pytest.mark.parametrize(("number", "statements"), [(1, 33), (3, 73)])
def test_each_costs_what_one_assignment_costs(cast: Cast, number: int, statements: int) -> None:
    picks = [pick_of(cast.matter().pk) for _n in range(number)]
    send(cast, [pick_of(cast.matter().pk)])
    with CaptureQueriesContext(connection) as seen:
        assert send(cast, picks).status_code == 200
    # fifteen each, its savepoint among them; the rest is signing in and the page
    assert len(seen) == statements

"""The clerk's queue: rows by urgency, beside them what is opened, and after an assignment the next."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import Channel, Mechanism, PartState, State
from minqing.matters.models import Matter, Part
from minqing.matters.words import vector
from minqing.privacy.access import acting_as
from minqing.routing.queries.queue import Times, record_of
from tests.cast import Cast, at, category

pytestmark = pytest.mark.django_db
QUEUE = "/matters/triage/"
VIEW = {"HX-Request": "true", "HX-Target": "view"}
DAY = timedelta(days=1)


def report(cast: Cast, **values: Any) -> Matter:
    with acting_as(actor := cast.actor("cadre")):
        told = {"title": "道路坑坑洼洼", "text": "村口的路坏了。", "area_id": cast.own.id, "channel": Channel.CODE}
        return services.report_matter(id=new_id(), by=actor, **told | values)


def now(cast: Cast, matter: Matter) -> Matter:
    with cast.everything():
        return Matter.objects.get(pk=matter.pk)


def typed(cast: Cast, **values: Any) -> dict[str, Any]:
    return {
        "request_id": str(new_id()), "unit": cast.bureau.id, "category": "road", "due_days": 10,
        "mechanism": "immediate",
    } | values  # fmt: skip


def titles(cast: Cast, query: str = "") -> list[str]:
    answer = cast.client("clerk").get(f"{QUEUE}?{query}")
    assert answer.status_code == 200
    return [item["matter"].title for _group, _n, rows in answer.context["groups"] for item in rows]


def test_what_is_opened_is_drawn_by_the_server_and_is_the_very_part_that_is_swapped(cast: Cast) -> None:
    one = report(cast)
    client = cast.client("clerk")
    page = client.get(f"{QUEUE}?open={one.pk}").content.decode()
    part = client.get(f"{QUEUE}?open={one.pk}", headers=VIEW).content.decode()
    assert "<html" not in part
    assert "坑坑洼洼" in part
    for text in ("村口的路坏了。", "市交通运输局", 'name="due_days"', f'data-opened="{one.pk}"'):
        assert text in page
        assert text in part
    assert f'id="row-{one.pk}" data-row="{one.pk}" aria-current="true"' in page
    assert "split opened" in page
    closed = client.get(QUEUE).content.decode()
    assert "split opened" not in closed
    assert f'hx-get="{QUEUE}?open={one.pk}"' in closed, "where there is room, the first opens by itself"
    assert client.get(reverse("routing:route", args=[one.pk])).url == f"{QUEUE}?open={one.pk}"  # type: ignore[attr-defined]


def test_one_press_assigns_as_suggested_and_the_next_opens(cast: Cast) -> None:
    first, second = (report(cast, title=f"道路坑坑洼洼{n}") for n in range(2))
    client = cast.client("clerk")
    values = typed(cast)
    for turn in range(2):
        answer = client.post(reverse("routing:route", args=[first.pk]), values, headers=VIEW)
        part = answer.content.decode()
        assert answer.status_code == 200
        assert "<html" not in part
        assert f'id="row-{first.pk}" hx-swap-oob="delete"' in part
        if not turn:
            assert answer["HX-Replace-Url"] == f"{QUEUE}?open={second.pk}"
            assert f'data-opened="{second.pk}"' in part
            assert '<span id="tab-all" hx-swap-oob="innerHTML">1</span>' in part
            # what is swapped beside the view has a place on the page
            page = client.get(QUEUE).content.decode()
            swapped = set(re.findall(r'id="([^"]+)" hx-swap-oob="innerHTML"', part))
            assert swapped
            assert all(page.count(f'id="{id}"') == 1 for id in swapped), swapped
    done = now(cast, first)
    assert (done.state, done.lead_unit_id, done.category_id) == (State.ASSIGNED, cast.bureau.id, "road")
    assert Event.objects.filter(type="matters.matter.assigned").count() == 1
    assert titles(cast) == ["道路坑坑洼洼1"]
    # without a script the next one is a page
    answer = client.post(reverse("routing:route", args=[second.pk]) + "?order=newest", typed(cast))
    assert (answer.status_code, answer.url) == (302, f"{QUEUE}?order=newest")  # type: ignore[attr-defined]
    assert titles(cast) == []


def test_what_was_just_assigned_is_taken_back_by_the_button_that_came_with_it(cast: Cast) -> None:
    one, _other = report(cast), report(cast, title="桥坏了")
    client = cast.client("clerk")
    part = client.post(reverse("routing:route", args=[one.pk]), typed(cast), headers=VIEW).content.decode()
    undo = part[part.index('id="toasts"') :]
    fields = dict(re.findall(r'name="(request_id|step)" value="([^"]+)"', undo))
    address = reverse("routing:undo", args=[one.pk])
    assert address in undo
    for _twice in range(2):
        answer = client.post(address, fields)
        assert answer.url == f"{QUEUE}?open={one.pk}"  # type: ignore[attr-defined]
    assert now(cast, one).state == State.RECEIVED
    assert "道路坑坑洼洼" in titles(cast)
    client.raise_request_exception = False
    assert client.post(address, {"request_id": str(new_id()), "step": "nonsense"}).status_code == 404
    assert client.post(address, fields | {"request_id": str(new_id())}).status_code in {403, 409}, (
        "nothing to take back"
    )


def test_what_is_wrong_comes_back_beside_the_list_with_what_was_typed(cast: Cast) -> None:
    one = report(cast)
    client, address = cast.client("clerk"), reverse("routing:route", args=[one.pk])
    for headers in (VIEW, {}):
        answer = client.post(address, typed(cast, unit="", due_days=999, note="请尽快"), headers=headers)
        assert answer.status_code == 422
        assert "请尽快" in answer.content.decode()
        assert "form-errors" in answer.content.decode()
    assert now(cast, one).state == State.RECEIVED


def test_units_that_join_are_asked_in_the_same_form_or_nothing_is_done(cast: Cast) -> None:
    one, other = report(cast), report(cast, title="桥坏了")
    client = cast.client("clerk")
    both = [cast.office.pk, cast.committee.pk]
    values = typed(cast, supporting=both, note="雨季前先围挡")
    for _twice in range(2):
        assert client.post(reverse("routing:route", args=[one.pk]), values).status_code == 302
    with cast.everything():
        done = Matter.objects.get(pk=one.pk)
        assert (done.mechanism, done.supporting, done.state) == (Mechanism.JOINT, sorted(both), State.ASSIGNED)
        parts = Part.objects.filter(matter=one)
        assert {(part.unit_id, part.task, part.state) for part in parts} == {
            (unit, "雨季前先围挡", PartState.ASKED) for unit in both
        }
    leads_too = typed(cast, supporting=[cast.office.pk, cast.bureau.pk])
    assert client.post(reverse("routing:route", args=[other.pk]), leads_too).status_code == 422
    assert now(cast, other).state == State.RECEIVED
    with cast.everything():
        assert not Part.objects.filter(matter=other).exists()
    changed = values | {"supporting": [cast.office.pk]}
    assert client.post(reverse("routing:route", args=[one.pk]), changed).status_code == 409, "other words, one id"


def test_rows_stand_by_urgency_and_calls_for_help_before_all(cast: Cast) -> None:
    at_noon = at("2026-03-04 12:00")  # a Wednesday
    times = Times.at(at_noon)
    assert times.today_ends == at("2026-03-05 00:00")
    assert times.next_ends == at("2026-03-06 00:00")
    assert Times.at(at("2026-03-06 12:00")).next_ends == at("2026-03-10 00:00"), "after a Friday, Monday"
    now_ = clock.now()
    for title, due in (("迟了", now_ - DAY), ("以后", now_ + 30 * DAY), ("没期限", None)):
        cast.matter(title=title, due_at=due, received_at=now_)
    cast.matter(title="求助", channel=Channel.SOS, due_at=now_ + 30 * DAY)
    answer = cast.client("clerk").get(QUEUE)
    shown = [(group.name, n, len(rows)) for group, n, rows in answer.context["groups"]]
    assert shown == [("help", 1, 1), ("late", 1, 1), ("later", 1, 1), ("open", 1, 1)]
    assert titles(cast) == ["求助", "迟了", "以后", "没期限"]
    assert (answer.context["counts"].all, answer.context["counts"].late) == (4, 1)


def test_tabs_hold_what_they_count(cast: Cast) -> None:
    now_ = clock.now()
    far = now_ + 30 * DAY
    cast.matter(title="今天", due_at=now_, received_at=now_)
    cast.matter(title="退回", due_at=far, refusals=1, lead_unit=cast.bureau)
    for title, area, more in (
        ("水压低", cast.own, {}), ("水压低", cast.own, {"state": State.ASSIGNED, "lead_unit": cast.bureau}),
        ("水压低", cast.other, {}), ("路灯", cast.own, {"latitude": 29.5, "longitude": 120.5}),
        ("灯不亮", cast.own, {"latitude": 29.5002, "longitude": 120.5002}),
        ("树倒", cast.own, {"latitude": 29.6, "longitude": 120.5}),
    ):  # fmt: skip
        cast.matter(area, title=title, due_at=far, received_at=now_, **more)
    cast.matter(cast.far, title="今天", due_at=now_, received_at=now_)
    tabs = {tab.name: tab.count for tab in cast.client("clerk").get(QUEUE).context["tabs"]}
    held = {name: sorted(titles(cast, f"tab={name}")) for name in ("today", "back", "twins")}
    assert held == {"today": ["今天"], "back": ["退回"], "twins": ["水压低", "灯不亮", "路灯"]}
    assert tabs == {"all": len(titles(cast)), "today": 1, "back": 1, "twins": 3}
    assert titles(cast, "tab=nonsense") == titles(cast)


def test_a_long_queue_is_searched_and_sorted_and_its_pages_keep_that(cast: Cast) -> None:
    now_ = clock.now()
    for n in range(51):
        cast.matter(title=f"往年的事{n:02}", received_at=now_ - (400 - n) * DAY, due_at=now_ + (90 - n) * DAY)
    words = vector("路灯今天坏了")
    cast.matter(title="路灯今天坏了", received_at=now_, due_at=now_ + 99 * DAY, search=words)
    assert (titles(cast)[0], titles(cast, "order=newest")[0], titles(cast, "order=oldest")[0]) == (
        "往年的事50", "路灯今天坏了", "往年的事00",
    )  # fmt: skip
    assert titles(cast, "order=newest&page=2") == ["往年的事01", "往年的事00"]
    page = cast.client("clerk").get(f"{QUEUE}?order=newest").content.decode()
    assert "?order=newest&amp;page=2" in page
    assert titles(cast, "text=今天坏了") == ["路灯今天坏了"]
    assert titles(cast, "text=没有这样的&order=nonsense") == []


@pytest.mark.parametrize("number", [1, 3, 15])
def test_the_queue_costs_the_same_for_one_row_and_for_many(cast: Cast, number: int) -> None:
    rows = [cast.matter(title="道路坑洼") for _n in range(number)]
    client = cast.client("clerk")
    for address, headers, statements in (
        (QUEUE, {}, 8), (f"{QUEUE}?open={rows[0].pk}", {}, 11), (f"{QUEUE}?open={rows[0].pk}", VIEW, 10),
    ):  # fmt: skip
        client.get(address, headers=headers)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address, headers=headers).status_code == 200
        assert len(seen) == statements, [query["sql"][:90] for query in seen]


def test_one_that_somebody_else_has_assigned_says_so(cast: Cast) -> None:
    one = cast.matter(title="路灯", state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=clock.now())
    page = cast.client("clerk").get(f"{QUEUE}?open={one.pk}").content.decode()
    assert "这件已经在市交通运输局" in page
    assert 'id="sort"' not in page
    contested = cast.matter(title="争议", contested=True)
    page = cast.client("clerk").get(f"{QUEUE}?open={contested.pk}").content.decode()
    assert 'id="sort"' not in page
    assert f"/matters/{contested.pk}/moves/decide/" in page
    hidden = cast.matter(cast.far, title="CANARY-FAR")
    for headers in ({}, VIEW):
        client = cast.client("clerk")
        client.raise_request_exception = False
        answer = client.get(f"{QUEUE}?open={hidden.pk}", headers=headers)
        assert answer.status_code == 404
        assert "CANARY" not in answer.content.decode()


def test_a_look_at_what_was_told_in_confidence_is_recorded(cast: Cast) -> None:
    one = report(cast, confidential=True)
    cast.client("clerk").get(f"{QUEUE}?open={one.pk}", headers=VIEW)
    assert Event.objects.filter(type="matters.confidential.opened", subject=f"matter:{one.pk}").count() == 1


def test_how_the_unit_fared_with_its_kind_counts_each_matter_once(cast: Cast) -> None:
    category("road")
    for _n in range(2):
        one = report(cast)
        cast.client("clerk").post(reverse("routing:route", args=[one.pk]), typed(cast))
    one = now(cast, one)
    with acting_as(by := cast.actor("handler")):
        services.send_back_matter(id=new_id(), matter=one, reason="不归我们", proposed=cast.office.pk, by=by)
    with cast.everything():
        found = record_of("road", cast.bureau.pk, clock.now())
        assert record_of("water", cast.bureau.pk, clock.now()) is None
    assert found is not None
    assert (found.all, found.own, found.back) == (2, 2, 1)
    other = report(cast)
    page = cast.client("clerk").get(f"{QUEUE}?open={other.pk}").content.decode()
    assert "近 90 天这类 2 件，2 件由它办，1 件退回。" in page

"""Pages of routing rules: the clerk changes a draft by forms, tries it, and puts it into force."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.matters.enums import Mechanism
from minqing.matters.models import Matter
from minqing.matters.questions import ONE_OF
from minqing.privacy.access import acting_as
from minqing.routing import services as routing
from minqing.routing.engine import Condition
from minqing.routing.models import Route, RouteCase, RouteSet
from minqing.routing.queries.routes import routes_of
from tests.architecture.test_seen import fields_of
from tests.cast import Cast, at, category
from tests.routing.drafting import add, assign, drafted, live, put_live
from tests.web.htmx_proof import element

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name: str, *arguments: Any) -> str:
    return reverse(f"routing:{name}", args=arguments)


def rule_form(**values: Any) -> dict[str, Any]:
    return {"request_id": str(new_id()), "name": "路灯归办公室", "stop": "on"} | values


def sent(cast: Cast, draft: RouteSet, **values: Any) -> Any:
    return cast.client("clerk").post(url("route_new", draft.pk), rule_form(**values))


@pytest.fixture
def draft(cast: Cast) -> RouteSet:
    with acting_as(cast.actor("clerk")):
        return drafted(cast)


def test_the_whole_way_from_a_draft_to_rules_in_force(cast: Cast) -> None:
    clerk = cast.client("clerk")
    matter = cast.matter(title="道路坑洼")
    made = clerk.post(url("routes_draft"), {"area": cast.town.id, "request_id": str(new_id())})
    draft = RouteSet.objects.get()
    assert made.url == url("routes_set", draft.pk)
    unit = f"u:{cast.office.id}:U1"
    assert sent(cast, draft, categories=["transport"], unit=unit).status_code == 302
    case = {"request_id": str(new_id()), "title": "道路坑洼", "place": cast.own.id, "unit": cast.office.id,
            "channel": "phone", "at": "2026-09-30T16:00"}  # fmt: skip
    assert clerk.post(url("case_new", draft.pk), case).status_code == 302
    page = clerk.get(url("routes_set", draft.pk)).content.decode()
    assert "路灯归办公室" in page
    assert "light-green" in page
    refused = clerk.post(url("routes_move", draft.pk, "go_live"))
    assert refused.status_code == 409
    assert clerk.post(url("routes_replay", draft.pk), {"request_id": str(new_id()), "most": "500"}).status_code == 302
    trial = clerk.get(url("routes_replay", draft.pk)).content.decode()
    assert matter.title in trial
    assert "市交通运输局" in trial
    assert clerk.post(url("routes_move", draft.pk, "go_live")).status_code == 302
    overview = clerk.get(url("routes")).content.decode()
    assert "路灯归办公室" in overview
    with cast.everything():
        waiting = Matter.objects.get(state="received")
    assert cast.client("clerk").get(f"/matters/triage/?open={waiting.pk}").content.decode().count("路灯归办公室") == 1


def test_every_field_of_the_form_is_kept_and_comes_up_again(cast: Cast, draft: RouteSet) -> None:
    values = rule_form(
        categories=["environment.noise"], areas=[str(cast.own.id)], words="噪音、吵闹 广场舞", channels=["phone"],
        weekdays=["6", "7"], hour_from="22:00", hour_to="06:00", working="out", season_from="05-01",
        season_to="10-31", question0="when", how0="is", value0="深夜", unit_words="综合行政执法",
        unit="e:kind:office", mechanism="joint", days="2", stop="",
    )  # fmt: skip
    assert cast.client("clerk").post(url("route_new", draft.pk), values).status_code == 302
    [row] = routes_of(draft)
    assert row.condition == {
        "categories": ["environment.noise"], "areas": [cast.own.id], "words": ["噪音", "吵闹", "广场舞"],
        "channels": ["phone"], "weekdays": [6, 7], "hours": ["22:00", "06:00"], "working": False,
        "season": ["05-01", "10-31"], "answers": [{"question": "when", "how": "is", "values": ["night"]}],
    }  # fmt: skip
    assert (row.unit_code, row.mechanism, row.days, row.stop) == ("name:综合行政执法|kind:office", "joint", 2, False)
    form = cast.client("clerk").get(url("route_edit", draft.pk, row.pk)).context["form"]
    again = {name: form[name].value() for name in form.fields if name != "request_id"}
    as_sent = {name: value for name, value in again.items() if value not in (None, "", False)}
    assert cast.client("clerk").post(url("route_edit", draft.pk, row.pk), as_sent | {"request_id": str(new_id())}) \
        .status_code == 302  # fmt: skip
    [kept] = routes_of(draft)
    assert (kept.condition, kept.unit_code, kept.mark, kept.pk) == (row.condition, row.unit_code, row.mark, row.pk)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"unit": ""}, "请说明规则决定什么"),
        ({"hour_from": "22:00"}, "开始和结束"),
        ({"season_from": "02-30", "season_to": "03-01"}, "02-30"),
        ({"categories": ["nothing"]}, "nothing"),
        ({"question0": "plate", "value0": "浙D1", "categories": ["health"]}, "plate"),
        ({"days": "999"}, "250"),
        ({"name": ""}, "name"),
    ],
)
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(
    cast: Cast, draft: RouteSet, values: dict[str, Any], said: str
) -> None:
    answer = sent(cast, draft, **{"unit": f"u:{cast.office.id}:U1", "words": "路灯坏了"} | values)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "路灯坏了" in page
    assert not Route.objects.exists()


def test_rules_are_moved_and_taken_out_by_buttons(cast: Cast, draft: RouteSet) -> None:
    with acting_as(cast.actor("clerk")):
        first, second = add(cast, draft), add(cast, draft, name="大桥", when=Condition(words=("大桥",)))
    clerk = cast.client("clerk")
    assert clerk.post(url("route_do", draft.pk, second.pk, "up")).status_code == 302
    assert [one.pk for one in routes_of(draft)] == [second.pk, first.pk]
    assert clerk.post(url("route_do", draft.pk, second.pk, "drop")).status_code == 302
    assert [one.pk for one in routes_of(draft)] == [first.pk]
    assert clerk.post(url("route_do", draft.pk, first.pk, "sideways")).status_code == 404
    assert clerk.post(url("route_do", draft.pk, new_id(), "up")).status_code == 404


@pytest.mark.fault(81)
def test_a_button_pressed_on_another_order_says_so_and_a_second_tap_moves_nothing(cast: Cast, draft: RouteSet) -> None:
    with acting_as(cast.actor("clerk")):
        rows = [add(cast, draft, name=name, when=Condition(words=(name,))) for name in ("桥", "灯", "井")]
    clerk, colleague = cast.client("clerk"), cast.client("clerk")
    address = url("route_do", draft.pk, rows[2].pk, "up")
    pressed = fields_of(clerk.get(url("routes_set", draft.pk)).content.decode(), address)
    for _tap in range(2):
        assert clerk.post(address, pressed).status_code == 302
    assert [one.pk for one in routes_of(draft)] == [rows[0].pk, rows[2].pk, rows[1].pk]
    # the colleague's page is still the former one
    answer = colleague.post(address, pressed | {"request_id": str(new_id())})
    assert answer.status_code == 409
    assert "孙丽华" in answer.content.decode()
    assert [one.pk for one in routes_of(draft)] == [rows[0].pk, rows[2].pk, rows[1].pk]
    # and goes through once it was read
    again = fields_of(answer.content.decode(), address)
    assert colleague.post(address, again).status_code == 302
    assert next(one.pk for one in routes_of(draft)) == rows[2].pk


def test_a_failing_case_is_red_says_where_it_would_go_and_is_mended(cast: Cast, draft: RouteSet) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        case = routing.save_case(
            id=new_id(), routes=draft, title="道路坑洼", place=cast.own.id, unit=cast.office.id, by=clerk
        )
    browser = cast.client("clerk")
    page = browser.get(url("routes_set", draft.pk)).content.decode()
    assert "light-red" in page
    assert "市交通运输局" in page
    form = browser.get(url("case_edit", draft.pk, case.pk)).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"unit": cast.bureau.id, "at": "2026-09-30T16:00"}
    assert browser.post(url("case_edit", draft.pk, case.pk), values).status_code == 302
    assert "light-red" not in browser.get(url("routes_set", draft.pk)).content.decode()
    assert browser.post(url("case_drop", draft.pk, case.pk)).status_code == 302
    with acting_as(clerk):
        assert not RouteCase.objects.exists()


def test_a_text_is_tried_in_place_and_never_stands_in_an_address(cast: Cast, draft: RouteSet) -> None:
    with acting_as(cast.actor("clerk")):
        add(cast, draft)
    values = {"text": "村口道路坑洼", "place": cast.own.id}
    part = cast.client("clerk").post(url("routes_try", draft.pk), values, headers=HTMX).content.decode()
    page = cast.client("clerk").post(url("routes_try", draft.pk), values).content.decode()
    assert "石璜镇综合服务办" in part
    assert "<html" not in part
    assert element(part, "try") == element(page, "try")
    assert cast.client("clerk").post(url("routes_try", draft.pk), {"text": "", "place": cast.far.id}).status_code == 422


def test_another_township_s_clerk_finds_nothing_of_it(cast: Cast, draft: RouteSet) -> None:
    with acting_as(cast.actor("clerk")):
        rule = add(cast, draft, name="CANARY")
    far = cast.client("far_clerk")
    shown = [url(name, draft.pk) for name in ("routes_set", "route_new", "routes_replay", "case_new")]
    for address in (*shown, url("route_edit", draft.pk, rule.pk), url("route_matters", rule.pk)):
        answer = far.get(address)
        assert (answer.status_code, "CANARY" in answer.content.decode()) == (404, False), address
    for address in (url("routes_move", draft.pk, "discard"), url("route_do", draft.pk, rule.pk, "drop"),
                    url("routes_try", draft.pk)):  # fmt: skip
        assert far.post(address).status_code == 404
    assert far.post(url("routes_draft"), {"area": cast.town.id}).status_code == 404
    assert "CANARY" not in far.get(url("routes") + f"?area={cast.town.id}").content.decode()
    # a rule's own choices hold no place or unit of another township
    foreign = {"unit": f"u:{cast.office.id}:U1", "areas": [str(cast.far.id)]}
    assert sent(cast, draft, **foreign).status_code == 422


def test_rules_in_force_and_the_county_s_are_read_and_not_changed(cast: Cast) -> None:
    from tests.routing.test_routes import county_clerk

    row, by = live(cast), county_clerk(cast)
    with acting_as(by):
        county = drafted(cast, by, cast.city)
        theirs = add(cast, county, by, name="全市规则")
        put_live(county, by)
    clerk = cast.client("clerk")
    assert "全市规则" in clerk.get(url("routes_set", county.pk)).content.decode()
    assert clerk.get(url("route_edit", county.pk, theirs.pk)).status_code == 403
    assert clerk.post(url("routes_move", county.pk, "retire")).status_code == 403
    assert clerk.get(url("route_edit", row.set_id, row.pk)).status_code == 409
    page = cast.client("operator").get(url("routes_set", row.set_id)).content.decode()
    assert row.name in page
    assert "moves/retire" not in page
    # the county's clerk keeps the townships' rules too
    assert cast.client("county_clerk").get(url("routes") + f"?area={cast.town.id}").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_for_one_rule_and_for_three(cast: Cast, number: int) -> None:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        draft = drafted(cast)
        for n in range(number):
            add(cast, draft, name=f"规则{n}", when=Condition(words=(f"词{n}",), areas=frozenset({cast.own.id})))
            routing.save_case(
                id=new_id(), routes=draft, title=f"词{n}", place=cast.own.id, unit=cast.office.id, by=clerk
            )
    for n in range(number):
        cast.matter(title=f"词{n}")
    browser = cast.client("clerk")

    def cost(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    costs = [cost(url("routes_set", draft.pk)), cost(url("route_new", draft.pk))]
    with acting_as(clerk):
        put_live(draft, clerk)
        after = drafted(cast)
        add(cast, after, name="全归村里", when=Condition(), unit=cast.committee.id, before=routes_of(after)[0].pk)
        routing.replay_routes(id=new_id(), routes=after, by=clerk)
    costs += [cost(url("routes")), cost(url("routes_replay", after.pk))]
    assert costs == [19, 8, 11, 11]


@pytest.mark.parametrize("number", [1, 3])
def test_the_rows_behind_a_rate_cost_the_same_for_one_and_for_three(cast: Cast, number: int) -> None:
    row = live(cast)
    for _n in range(number):
        assign(cast, cast.matter(title="道路坑洼"), cast.office)
    browser, address = cast.client("clerk"), url("route_matters", row.pk)
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        page = browser.get(address).content.decode()
    assert page.count("道路坑洼") == number
    assert len(seen) == 8
    for kind in ("returned", "passed_on", "reopened"):
        assert "道路坑洼" not in browser.get(f"{address}?kind={kind}").content.decode()


def test_the_queue_says_why_and_takes_the_rule_s_days_and_way(cast: Cast) -> None:
    live(cast, days=2, mechanism=Mechanism.JOINT)
    matter = cast.matter(title="道路坑洼", received_at=at("2026-09-28 09:00"))
    page = cast.client("clerk").get(f"/matters/triage/?open={matter.pk}").content.decode()
    assert 'name="due_days" value="2"' in page
    assert re.search(r'value="joint"[^>]* checked', page)
    values = {"request_id": str(new_id()), "unit": cast.office.id, "due_days": 2, "mechanism": "joint"}
    cast.client("clerk").post(url("route", matter.pk), values)
    with cast.everything():
        assert Matter.objects.get(pk=matter.pk).mechanism == "joint"


def test_what_is_wrong_with_an_answer_is_said_once_with_those_to_choose_from(cast: Cast) -> None:
    client, rows = cast.client("clerk"), drafted(cast)
    category("tests_water", questions=[{
        "code": "which_facility", "text": "什么设施坏了？", "kind": ONE_OF,
        "values": [{"key": "pipe", "name": "水管"}, {"key": "tap", "name": "水龙头"}],
    }])  # fmt: skip
    typed: dict[str, Any] = {"request_id": str(new_id()), "name": "水管", "unit": "e:kind:office", "words": "水"}
    for number in range(3):
        typed |= {f"question{number}": "which_facility", f"how{number}": "is", f"value{number}": "路灯"}
    address = reverse("routing:route_new", args=[rows.pk])
    page = client.post(address, typed)
    assert page.status_code == 422
    assert page.content.decode().count("请从它自己的选项里选：水管、水龙头。") == 1
    elsewhere = client.post(address, typed | {"categories": ["road"]}).content.decode()
    assert "没有“什么设施坏了？”这个问题" in elsewhere, "as the form asks it, and not by its code"


def test_a_season_is_written_with_or_without_noughts(cast: Cast) -> None:
    client, rows = cast.client("clerk"), drafted(cast)
    typed = {"request_id": str(new_id()), "name": "秋收", "unit": "e:kind:office", "words": "榧", "season_to": "11-30"}
    address = reverse("routing:route_new", args=[rows.pk])
    for wrong in ("09月1", "13-01", "02-30"):
        page = client.post(address, typed | {"season_from": wrong})
        assert (page.status_code, f"“{wrong}”不是日期" in page.content.decode()) == (422, True)
    assert client.post(address, typed | {"season_from": "9-1"}).status_code == 302
    assert rows.routes.get().condition["season"] == ["09-01", "11-30"]
